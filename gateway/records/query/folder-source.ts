/** The records of a folder, found by reading all of them. Slow in a large folder, and never wrong. */

import { parsePeople } from '../../subject.ts'
import { readRecords } from '../files/read.ts'
import { accessorOf, everyIndex, markOf, PeopleOfEntries, ReachCounter, sightingsOf, wasShown } from './people.ts'
import { Contexts, type Filters, matches } from './query.ts'
import type { Found, MonthReach, PeopleByMonth, RecordSource, Sighting, Span } from './source.ts'

export class FolderSource implements RecordSource {
  readonly damaged = new Set<string>()
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async get(log: string, seq: number): Promise<Found | null> {
    for await (const found of this.#all(log)) if (found.entry.seq === seq) return found
    return null
  }

  async *select(filters: Filters): AsyncGenerator<Found> {
    for await (const found of this.#all()) if (matches(found.context, filters)) yield found
  }

  async newest(filters: Filters, limit: number): Promise<{ found: Found[]; all: number }> {
    let newest: Found[] = []
    let all = 0
    for await (const one of this.select(filters)) {
      all++
      newest.push(one)
      if (newest.length >= limit * 2 + 1024) newest = newest.slice(-limit)
    }
    return { found: newest.slice(-limit), all }
  }

  async counts(): Promise<null> {
    return null
  }

  async *sightings(people: PeopleByMonth, { from, until }: Span): AsyncGenerator<Sighting> {
    const entries = new PeopleOfEntries(parsePeople)
    const wanted = everyIndex(people)
    for await (const found of this.#all()) {
      const all = entries.of(found.entry)
      const { time } = found.entry
      if ((from === null || time >= from) && (until === null || time < until)) yield* sightingsOf(found, all, wanted)
    }
  }

  async reach(months: readonly string[]): Promise<MonthReach[]> {
    const counters = new Map(months.map(month => [month, new ReachCounter()]))
    const entries = new PeopleOfEntries(parsePeople)
    for await (const { entry, context } of this.#all()) {
      const all = entries.of(entry)
      const counter = wasShown(entry) ? counters.get(entry.time.slice(0, 7)) : undefined
      if (counter !== undefined) for (const { index } of all) counter.add(markOf(index), accessorOf(context))
    }
    return [...counters].map(([month, counter]) => counter.result(month)).filter(({ sampled }) => sampled > 0)
  }

  async *readings(): AsyncGenerator<never> {}

  close(): void {}

  async *#all(log?: string): AsyncGenerator<Found> {
    const contexts = new Contexts()
    const onDamage = (path: string): void => void this.damaged.add(path)
    for await (const entry of readRecords(this.#directory, { ...(log !== undefined && { log }), onDamage }))
      yield { entry, context: contexts.of(entry) }
  }
}
