/** What an index takes down of the entries of one log, until it is put into the database: sorted, which makes it much faster. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Entry } from '../files/read.ts'
import { PeopleOfEntries, wasShown } from '../query/people.ts'
import { Contexts, rareKeys, textOf, timesOf } from '../query/query.ts'
import { monthNumber, numberOf } from './database.ts'
import type { Batch } from './following.ts'
import { PeopleRows } from './people-rows.ts'
import { Profiles } from './profile.ts'

const stretchBytes = 256 * 1024
/** Profiles that are known by heart. */
const mostProfiles = 100_000

type Counted = { id: number; records: number; first: number; last: number }

export class LogRows {
  readonly #database: DatabaseSync
  readonly #log: number
  /** The `open` record of a long answer that began before this reading. */
  readonly #findOpen: (id: string) => Entry | null
  readonly #makeProfile: StatementSync
  readonly #findProfile: StatementSync
  readonly #contexts = new Contexts()
  readonly #profileTexts = new Profiles()
  readonly #people = new PeopleOfEntries(text => [text])
  readonly #profiles = new Map<string, Counted>()
  #stretch = { file: -1, from: 0 }
  #records: [profile: number, time: number, number: number][] = []
  #several: [profile: number, time: number, number: number, more: number][] = []
  readonly #persons = new PeopleRows()
  #rare: [key: string, word: string, number: number][] = []
  #stretches: [first: number, file: number, bytes: number][] = []

  constructor(database: DatabaseSync, log: number, findOpen: (id: string) => Entry | null) {
    this.#database = database
    this.#log = log
    this.#findOpen = findOpen
    this.#makeProfile = database.prepare('INSERT OR IGNORE INTO profile VALUES (NULL, ?, 0, ?, ?)')
    this.#findProfile = database.prepare('SELECT id FROM profile WHERE said = ?')
  }

  get size(): number {
    return this.#records.length
  }

  /** Rows that are kept until they are put: a record of a long answer can have thousands of people. */
  get rows(): number {
    return this.#records.length + this.#persons.rows
  }

  add({ entries, file, from }: Batch): void {
    if (entries.length === 0) return
    if (file !== this.#stretch.file || from - this.#stretch.from >= stretchBytes) {
      this.#stretch = { file, from }
      this.#stretches.push([entries[0]!.seq, file, from])
    }
    for (const entry of entries) this.#addEntry(entry)
  }

  #addEntry(entry: Entry): void {
    const context = this.#inContext(entry)
    const number = numberOf(this.#log, entry.seq)
    const time = Date.parse(entry.time) || 0
    const profile = this.#count(this.#profileTexts.of(context), time)
    this.#records.push([profile, time, number])
    const more = timesOf(context) - 1
    if (more > 0) this.#several.push([profile, time, number, more])
    for (const key of rareKeys) {
      const word = textOf(context, key)
      if (word !== null) this.#rare.push([key, word, number])
    }
    const runs = this.#people.of(entry)
    if (runs.length === 0 || !wasShown(entry)) return
    this.#persons.add(monthNumber(entry.time), profile, number, runs)
  }

  #inContext(entry: Entry): Entry {
    const of = entry['of']
    const isPart = entry.kind === 'window' || entry.kind === 'close' || entry.kind === 'aborted'
    if (isPart && typeof of === 'string' && !this.#contexts.has(of)) {
      const open = this.#findOpen(of)
      if (open?.kind === 'open') this.#contexts.of(open)
    }
    return this.#contexts.of(entry)
  }

  #count(said: string, time: number): number {
    let known = this.#profiles.get(said)
    if (known === undefined) {
      known = { id: this.#profileId(said, time), records: 0, first: time, last: time }
      this.#profiles.set(said, known)
    }
    known.records++
    if (time < known.first) known.first = time
    if (time > known.last) known.last = time
    return known.id
  }

  #profileId(said: string, time: number): number {
    this.#makeProfile.run(said, time, time)
    return (this.#findProfile.get(said) as { id: number }).id
  }

  /** Puts all of it into the database, within a transaction of the caller's. */
  put(): void {
    const insert = (into: string, width: number, rows: readonly Row[]) => insertRows(this.#database, into, width, rows)
    const { persons, also } = this.#persons.take()
    insert('INSERT INTO record', 3, byProfile(this.#records))
    insert('INSERT OR IGNORE INTO person', 5, persons)
    insert('INSERT INTO several', 4, this.#several)
    insert('INSERT OR IGNORE INTO also', 3, also)
    insert('INSERT OR IGNORE INTO rare', 3, this.#rare)
    const stretches = this.#stretches.map(one => [this.#log, ...one])
    insert('INSERT INTO stretch', 4, stretches)
    const counted = [...this.#profiles.values()].filter(({ records }) => records > 0)
    const update = this.#database.prepare(
      'UPDATE profile SET records = records + ?, first = min(first, ?), last = max(last, ?) WHERE id = ?',
    )
    for (const { id, records, first, last } of counted) update.run(records, first, last, id)
    this.#records = []
    this.#several = []
    this.#rare = []
    this.#stretches = []
    if (this.#profiles.size > mostProfiles) this.#profiles.clear()
    for (const one of this.#profiles.values()) Object.assign(one, { records: 0, first: one.last })
  }
}

type Row = readonly (string | number | Buffer | null)[]

/** Many to a statement: one for each row costs half as much again. */
const rowsAtOnce = 64

function insertRows(database: DatabaseSync, into: string, width: number, rows: readonly Row[]): void {
  if (rows.length === 0) return
  const places = `(${Array(width).fill('?').join()})`
  const whole = rows.length - (rows.length % rowsAtOnce)
  if (whole > 0) {
    const many = database.prepare(`${into} VALUES ${Array(rowsAtOnce).fill(places).join()}`)
    const values: Row[number][] = Array(rowsAtOnce * width)
    for (let at = 0; at < whole; at += rowsAtOnce) {
      for (let nth = 0; nth < rowsAtOnce; nth++)
        for (let column = 0; column < width; column++) values[nth * width + column] = rows[at + nth]![column]!
      many.run(...values)
    }
  }
  const one = database.prepare(`${into} VALUES ${places}`)
  for (const row of rows.slice(whole)) one.run(...row)
}

/** In their order, but for the profile, as they come in the order of time. */
function byProfile(records: readonly [profile: number, time: number, number: number][]): Row[] {
  return [...Map.groupBy(records, ([profile]) => profile).values()].flat()
}
