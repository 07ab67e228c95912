/** The people in records: whose blind index stands where, and who was shown whom. Pure. */
import { type Person, parsePeople, shortIndex } from '../../subject.ts'
import type { Entry } from '../files/read.ts'
import { textOf } from './query.ts'
import { type Found, type MonthReach, type PeopleByMonth, type Sighting, sampleSize } from './source.ts'

/** The people that an entry, or a `subjects` entry before one, names itself. */
export function peopleIn(entry: Entry): Person[] {
  return textsIn(entry).flatMap(parsePeople)
}

/** The strings of its `index`. */
export function textsIn(entry: Entry): string[] {
  const list = entry.kind === 'subjects' ? entry['index'] : (entry['subjects'] as { index?: unknown } | null)?.index
  return Array.isArray(list) ? list.map(String) : []
}

/** Of an answer that was kept back, waits for review, or was never fetched, nobody saw anybody. */
export function wasShown(entry: Entry): boolean {
  return !unseen.has(entry['outcome'])
}

const unseen: ReadonlySet<unknown> = new Set(['withheld', 'refused', 'held'])

/** Who was answered: consumer and operator, as one key. */
export function accessorOf(context: Entry): string {
  return `${textOf(context, 'consumer') ?? ''}\0${textOf(context, 'operator') ?? ''}`
}

/** Puts the people of `subjects` entries to the entry that follows them. Give it all records of a log, in their order. */
export class PeopleOfEntries<One> {
  readonly #waiting = new Map<string, One[]>()
  readonly #parse: (text: string) => readonly One[]

  /** `parse`: what is made of those in one string of an `index`. */
  constructor(parse: (text: string) => readonly One[]) {
    this.#parse = parse
  }

  /** All people of this entry; of a `subjects` entry none, as they are those of a later one. */
  of(entry: Entry): One[] {
    const own = textsIn(entry).flatMap(this.#parse)
    if (entry.kind === 'subjects') {
      const key = `${entry.log}:${entry['of']}`
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), ...own])
      return []
    }
    if (this.#waiting.size === 0) return own
    const key = `${entry.log}:${entry.seq}`
    const before = this.#waiting.get(key)
    this.#waiting.delete(key)
    return before === undefined ? own : [...before, ...own]
  }
}

/** One for each value that is looked for. */
export function sightingsOf(
  { entry, context }: Found,
  all: readonly Person[],
  wanted: ReadonlySet<string>,
): Sighting[] {
  if (!wasShown(entry)) return []
  return all.flatMap(({ also, ...first }) =>
    [first, ...also].flatMap(shown => (wanted.has(shown.index) ? [{ entry, context, ...shown }] : [])),
  )
}

/** All of them, of whichever month. */
export function everyIndex(people: PeopleByMonth): Set<string> {
  return new Set([...people.values()].flatMap(ofMonth => [...ofMonth]))
}

/** The months of records (UTC) in which there can be people of a month as some timezone has it: it and those beside it. */
export function monthsAround(month: string): string[] {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return [-2, -1, 0].map(more => new Date(Date.UTC(year, number + more)).toISOString().slice(0, 7))
}

/** The 48 bits that are kept of a blind index, as a number. */
export function markOf(index: string): number {
  return Buffer.from(shortIndex(index), 'base64url').readUIntBE(0, 6)
}

/** Counts one month's `MonthReach`. Memory is for a few times the sample, however many people there are. */
export class ReachCounter {
  readonly #seen = new Map<number, Set<string>>()
  #highest = Number.POSITIVE_INFINITY

  /** `mark`: of a person's blind index. */
  add(mark: number, accessor: string): void {
    if (mark > this.#highest) return
    const known = this.#seen.get(mark)
    if (known !== undefined) known.add(accessor)
    else {
      this.#seen.set(mark, new Set([accessor]))
      if (this.#seen.size > sampleSize * 4) this.#shrink()
    }
  }

  /** Whether no mark from this one on will count. */
  isFull(mark: number): boolean {
    return mark > this.#highest || (this.#seen.size >= sampleSize && !this.#seen.has(mark))
  }

  result(month: string): MonthReach {
    this.#shrink()
    const seenBy = new Map<string, number>()
    for (const accessors of this.#seen.values())
      for (const one of accessors) seenBy.set(one, (seenBy.get(one) ?? 0) + 1)
    const sampled = this.#seen.size
    // Of n marks spread evenly, the k-th lowest stands at k/n of the way (Bar-Yossef et al. 2002).
    const people = sampled < sampleSize ? sampled : Math.round(((sampled - 1) * 2 ** 48) / this.#highest)
    return { month, people, sampled, seenBy }
  }

  #shrink(): void {
    const lowest = [...this.#seen.keys()].sort((one, other) => one - other)
    for (const mark of lowest.splice(sampleSize)) this.#seen.delete(mark)
    if (this.#seen.size === sampleSize) this.#highest = lowest.at(-1)!
  }
}
