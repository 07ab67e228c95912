/**
 * Where records are read from, by whoever asks about them: query, show, trace, report. A folder of logs is one
 * (folder-source.ts reads all of it, index/indexed-source.ts what an index points at); a copy of many logs in a database
 * can be another. Each gives records as they were written, and the same ones.
 */
import type { Shown } from '../../subject.ts'
import type { Entry } from '../files/read.ts'
import type { Filters } from './query.ts'

/** A record; and the same with what only the `open` record of its long answer says. */
export type Found = { readonly entry: Entry; readonly context: Entry }

/** That an answer showed a person, by which of their values, and in which forms. */
export type Sighting = Found & Shown

/** Blind indexes, shortened, by the month whose key they are made with: `2026-11`, which ends as the gateway's timezone has it. */
export type PeopleByMonth = ReadonlyMap<string, ReadonlySet<string>>

/** From a time (UTC, as in records) until another, excluded; null: without a bound. */
export type Span = { readonly from: string | null; readonly until: string | null }

/**
 * How much of the people in a month's records each accessor was shown: counted on those with the lowest blind indexes,
 * at most `sampleSize` of them, which is a fair sample, as blind indexes are as good as random.
 */
export type MonthReach = {
  /** `2026-11`, of the records' time in UTC. */
  readonly month: string
  /** How many there are; estimated from the lowest where they are more than the sample. */
  readonly people: number
  readonly sampled: number
  /** By `accessorOf`; who is missing saw none of them. */
  readonly seenBy: ReadonlyMap<string, number>
}

export const sampleSize = 1024

/** So many records that say the same in what they can be counted by; one that stands for several counts as many. */
export type Counted = { readonly entry: Entry; readonly count: number; readonly records: number }

export type RecordSource = {
  /** One record by its number; null: there is none. */
  get(log: string, seq: number): Promise<Found | null>
  /** All that match, by time, the oldest first. */
  select(filters: Filters): AsyncIterable<Found>
  /** The newest of them, the oldest first, and how many match in all. */
  newest(filters: Filters, limit: number): Promise<{ readonly found: readonly Found[]; readonly all: number }>
  /** How many match, by what they say, without reading them; null: they must be read. `types`: whether by data types, too. */
  counts(filters: Filters, types: boolean): Promise<Iterable<Counted> | null>
  /** Where one of these people was in an answer, log by log. */
  sightings(people: PeopleByMonth, within: Span): AsyncIterable<Sighting>
  /** Of each of these months that has people in it. */
  reach(months: readonly string[]): Promise<readonly MonthReach[]>
  /** Who read the records, where that is not among them: as the records it would be. */
  readings(within: Span): AsyncIterable<Entry>
  /** Files of which some could not be read so far. */
  readonly damaged: ReadonlySet<string>
  close(): void
}
