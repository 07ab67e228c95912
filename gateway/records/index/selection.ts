/** The numbers of the records that filters select, by an index. Grants are not in profiles: not by these. */
import type { DatabaseSync } from 'node:sqlite'
import type { Filters } from '../query/query.ts'
import { profileAnswers } from './profile.ts'

type Profile = {
  readonly id: number
  readonly said: string
  readonly records: number
  readonly first: number
  readonly last: number
}

/** Records looked at one by one in the order of time, before the database is asked to sort what there is. */
const mostPassed = 200_000
/** Below one in so many it is asked at once. */
const rare = 50

export class Selection {
  readonly #database: DatabaseSync
  readonly #from: number
  readonly #until: number
  readonly #profiles: readonly Profile[]
  readonly #ids: ReadonlySet<number>
  readonly #isAll: boolean

  constructor(database: DatabaseSync, filters: Filters) {
    this.#database = database
    this.#from = filters.from === null ? Number.MIN_SAFE_INTEGER : Date.parse(filters.from)
    this.#until = filters.until === null ? Number.MAX_SAFE_INTEGER : Date.parse(filters.until)
    const all = database.prepare('SELECT * FROM profile WHERE records > 0').all() as Profile[]
    const asked = all.filter(({ said }) => profileAnswers(said, filters))
    this.#isAll = asked.length === all.length
    this.#profiles = asked.filter(({ first, last }) => first < this.#until && last >= this.#from)
    this.#ids = new Set(this.#profiles.map(({ id }) => id))
  }

  count(): number {
    if (this.#isAll && !this.#profiles.every(one => this.#isWhole(one)))
      return this.#number('SELECT count(*) AS n FROM record WHERE time >= ? AND time < ?')
    return this.#profiles.reduce((sum, one) => sum + this.#countOf(one), 0)
  }

  #countOf(one: Profile): number {
    if (this.#isWhole(one)) return one.records
    return this.#number('SELECT count(*) AS n FROM record WHERE profile = ? AND time >= ? AND time < ?', one.id)
  }

  #isWhole({ first, last }: Profile): boolean {
    return first >= this.#from && last < this.#until
  }

  /** By profile: how many records there are, and how many requests they stand for. */
  *counts(): Generator<{ readonly said: string; readonly records: number; readonly count: number }> {
    const several = 'SELECT coalesce(sum(more), 0) AS n FROM several WHERE profile = ? AND time >= ? AND time < ?'
    for (const one of this.#profiles) {
      const records = this.#countOf(one)
      if (records > 0) yield { said: one.said, records, count: records + this.#number(several, one.id) }
    }
  }

  /** The newest of them, the oldest first. */
  newest(limit: number): number[] {
    const passing = this.#isRare() ? null : this.#passNewest(limit)
    return (passing ?? this.#sorted('DESC', limit)).reverse()
  }

  oldestFirst(): Iterable<number> {
    return this.#isRare() ? this.#sorted('ASC', -1) : this.#passOldest()
  }

  #isRare(): boolean {
    const selected = this.#profiles.reduce((sum, { records }) => sum + records, 0)
    const { n } = this.#database.prepare('SELECT sum(records) AS n FROM profile').get() as { n: number | null }
    return selected * rare < (n ?? 0)
  }

  /** By time, as far as it takes; null where it takes too long. */
  #passNewest(limit: number): number[] | null {
    const found: number[] = []
    const latest = this.#profiles.reduce((most, { last }) => Math.max(most, last + 1), Number.MIN_SAFE_INTEGER)
    let passed = 0
    for (const [number, profile] of this.#byTime('DESC', Math.min(this.#until, latest))) {
      if (this.#ids.has(profile)) found.push(number)
      if (found.length === limit) return found
      if (++passed === mostPassed && !this.#isAll) return null
    }
    return found
  }

  *#passOldest(): Generator<number> {
    for (const [number, profile] of this.#byTime('ASC', this.#until)) if (this.#ids.has(profile)) yield number
  }

  #byTime(order: 'ASC' | 'DESC', until: number): Iterable<[number, number]> {
    const sql = `SELECT number, profile FROM record INDEXED BY record_by_time
      WHERE time >= ? AND time < ? ORDER BY time ${order}, number ${order}`
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    return statement.iterate(this.#from, until) as unknown as Iterable<[number, number]>
  }

  #sorted(order: 'ASC' | 'DESC', limit: number): number[] {
    this.#database.exec('DROP TABLE IF EXISTS temp.wanted; CREATE TEMP TABLE wanted (profile INTEGER PRIMARY KEY)')
    const insert = this.#database.prepare('INSERT INTO temp.wanted VALUES (?)')
    for (const id of this.#ids) insert.run(id)
    const sql = `SELECT record.number FROM temp.wanted CROSS JOIN record ON record.profile = wanted.profile
      WHERE record.time >= ? AND record.time < ? ORDER BY record.time ${order}, record.number ${order} LIMIT ?`
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    return (statement.all(this.#from, this.#until, limit) as unknown as [number][]).map(([number]) => number)
  }

  #number(sql: string, ...more: number[]): number {
    return (this.#database.prepare(sql).get(...more, this.#from, this.#until) as { n: number }).n
  }
}
