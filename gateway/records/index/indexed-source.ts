/**
 * The records of a folder, found by an index and read from the log. What the index points at must be what was asked for,
 * or the index is broken (IndexFault); what it leaves out shows only to who reads everything.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { Entry } from '../files/read.ts'
import { accessorOf, everyIndex, markOf, monthsAround, peopleIn, ReachCounter, sightingsOf } from '../query/people.ts'
import { type Filters, matches, rareKeys } from '../query/query.ts'
import type { Counted, Found, MonthReach, PeopleByMonth, RecordSource, Sighting, Span } from '../query/source.ts'
import { IndexFault, monthNumber, openIndex } from './database.ts'
import { Lookup } from './lookup.ts'
import { numbersIn } from './people-rows.ts'
import { entryOf } from './profile.ts'
import { Selection } from './selection.ts'

/** A question goes back and forth in all of the index, which is mapped for it, and ends soon. */
const roomToAsk = 'PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824'

export class IndexedSource implements RecordSource {
  readonly damaged: ReadonlySet<string>
  readonly #database: DatabaseSync
  readonly #lookup: Lookup

  /** Of an index that is up to date. */
  constructor(directory: string) {
    this.#database = openIndex(directory)
    this.#database.exec(roomToAsk)
    this.#lookup = new Lookup(directory, this.#database)
    if (this.#database.prepare('SELECT id FROM log LIMIT 1').get() === undefined) {
      this.#database.close()
      throw new IndexFault('it was thrown away just now')
    }
    const damage = this.#database.prepare('SELECT path FROM damage').all() as { path: string }[]
    this.damaged = new Set(damage.map(({ path }) => path))
  }

  async get(log: string, seq: number): Promise<Found | null> {
    const entry = this.#lookup.byName(log, seq)
    return entry === null ? null : this.#lookup.inContext(entry)
  }

  async *select(filters: Filters): AsyncGenerator<Found> {
    const rare = this.#rare(filters)
    if (rare !== null) yield* rare
    else for (const number of new Selection(this.#database, filters).oldestFirst()) yield this.#checked(number, filters)
  }

  async newest(filters: Filters, limit: number): Promise<{ found: Found[]; all: number }> {
    const rare = this.#rare(filters)
    if (rare !== null) return { found: rare.slice(-limit), all: rare.length }
    const selection = new Selection(this.#database, filters)
    return { found: selection.newest(limit).map(number => this.#checked(number, filters)), all: selection.count() }
  }

  async counts(filters: Filters): Promise<Iterable<Counted> | null> {
    if (rareKeys.some(key => filters[key].length > 0)) return null
    const counted = [...new Selection(this.#database, filters).counts()]
    return counted.map(({ said, ...sums }) => ({ entry: entryOf(said), ...sums }))
  }

  async *sightings(people: PeopleByMonth, within: Span): AsyncGenerator<Sighting> {
    const months = new Set(this.#months().filter(month => isWithin(month, within)))
    const wanted = everyIndex(people)
    const find = this.#database.prepare(
      `SELECT number, more FROM person WHERE month = ?1
        AND mark IN (SELECT ?2 UNION SELECT person FROM also WHERE month = ?1 AND mark = ?2)`,
    )
    find.setReturnArrays(true)
    const numbers = new Set<number>()
    for (const [name, indexes] of people) {
      const marks = Float64Array.from(indexes, markOf).sort()
      const around = monthsAround(name).map(one => monthNumber(`${one}-01`))
      for (const month of around.filter(one => months.has(one)))
        for (const mark of marks)
          for (const [first, more] of find.all(month, mark) as unknown as [number, Uint8Array | null][])
            for (const number of numbersIn(first, more)) numbers.add(number)
    }
    for (const number of Float64Array.from(numbers).sort()) {
      const found = this.#lookup.found(number)
      const { time } = found.entry
      if ((within.from !== null && time < within.from) || (within.until !== null && time >= within.until)) continue
      yield* sightingsOf(found, [...this.#peopleBefore(found.entry), ...peopleIn(found.entry)], wanted)
    }
  }

  async reach(months: readonly string[]): Promise<MonthReach[]> {
    const accessors = new Map<number, string>()
    const find = this.#database.prepare(
      'SELECT mark, profile FROM person WHERE month = ? GROUP BY mark, profile ORDER BY mark',
    )
    find.setReturnArrays(true)
    return months
      .map(month => {
        const counter = new ReachCounter()
        for (const [mark, profile] of find.iterate(monthNumber(month)) as unknown as Iterable<[number, number]>) {
          if (counter.isFull(mark)) break
          counter.add(mark, this.#accessor(accessors, profile))
        }
        return counter.result(month)
      })
      .filter(({ sampled }) => sampled > 0)
  }

  async *readings(): AsyncGenerator<never> {}

  close(): void {
    this.#database.close()
  }

  /** Under a grant or review there are few records: all are read, and then asked. null: neither is asked for. */
  #rare(filters: Filters): Found[] | null {
    const key = rareKeys.find(one => filters[one].length > 0)
    if (key === undefined) return null
    const find = this.#database.prepare('SELECT number FROM rare WHERE key = ? AND word = ?')
    const numbers = filters[key].flatMap(word => (find.all(key, word) as { number: number }[]).map(one => one.number))
    const found = [...new Set(numbers)].map(number => this.#lookup.found(number))
    return found.filter(({ context }) => matches(context, filters)).sort(byTime)
  }

  #checked(number: number, filters: Filters): Found {
    const found = this.#lookup.found(number)
    if (matches(found.context, filters)) return found
    throw new IndexFault('a record is not what was asked for')
  }

  /** The people in the `subjects` entries that an entry names. */
  #peopleBefore(entry: Entry): ReturnType<typeof peopleIn> {
    const lines = (entry['subjects'] as { lines?: unknown } | null)?.lines
    if (!Array.isArray(lines)) return []
    const [first = 0, last = -1] = lines.map(Number)
    return Array.from({ length: last - first + 1 }, (_, nth) => {
      const before = this.#lookup.byName(entry.log, first + nth)
      if (before?.kind !== 'subjects') throw new IndexFault('a record is not where it was')
      return peopleIn(before)
    }).flat()
  }

  #months(): number[] {
    const rows: number[] = []
    const next = this.#database.prepare('SELECT min(month) AS month FROM person WHERE month > ?')
    for (let month = 0; ; rows.push(month)) {
      const found = (next.get(month) as { month: number | null }).month
      if (found === null) return rows
      month = found
    }
  }

  #accessor(known: Map<number, string>, profile: number): string {
    let accessor = known.get(profile)
    if (accessor === undefined) {
      const row = this.#database.prepare('SELECT said FROM profile WHERE id = ?').get(profile) as
        | { said: string }
        | undefined
      if (row === undefined) throw new IndexFault('a profile is missing')
      accessor = accessorOf(entryOf(row.said))
      known.set(profile, accessor)
    }
    return accessor
  }
}

function isWithin(month: number, { from, until }: Span): boolean {
  return (from === null || month >= monthNumber(from)) && (until === null || month <= monthNumber(until))
}

/** As records are read: by time; of the same time, by log. */
function byTime({ entry: one }: Found, { entry: other }: Found): number {
  if (one.time !== other.time) return one.time < other.time ? -1 : 1
  if (one.log !== other.log) return one.log < other.log ? -1 : 1
  return one.seq - other.seq
}
