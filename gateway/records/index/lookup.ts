/** From the number of a record to the record, read from the log. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Entry } from '../files/read.ts'
import { Contexts } from '../query/query.ts'
import type { Found } from '../query/source.ts'
import { IndexFault, placeOf } from './database.ts'
import { type Stretch, StretchReader } from './stretch.ts'

export class Lookup {
  readonly #reader: StretchReader
  readonly #database: DatabaseSync
  readonly #stretchAt: StatementSync
  readonly #stretchAfter: StatementSync
  readonly #names = new Map<number, string>()
  #latest: { log: number; first: number; next: number; stretch: Stretch } | null = null

  constructor(directory: string, database: DatabaseSync) {
    this.#reader = new StretchReader(directory)
    this.#database = database
    const select = 'SELECT first, file, bytes FROM stretch WHERE log = ? AND first'
    this.#stretchAt = database.prepare(`${select} <= ? ORDER BY first DESC LIMIT 1`)
    this.#stretchAfter = database.prepare(`${select} > ? ORDER BY first LIMIT 1`)
  }

  /** Throws IndexFault where the record is not where the index says. */
  found(number: number): Found {
    const { log, seq } = placeOf(number)
    const entry = this.#read(log, seq)
    if (entry === null) throw new IndexFault('a record is not where it was')
    return this.inContext(entry)
  }

  /** `LOG:SEQ`; null: there is no such record. */
  byId(id: string): Entry | null {
    const [log, seq] = id.split(':')
    return this.byName(log!, Number(seq))
  }

  byName(log: string, seq: number): Entry | null {
    const row = this.#database.prepare('SELECT id FROM log WHERE name = ?').get(log) as { id: number } | undefined
    return row === undefined ? null : this.#read(row.id, seq)
  }

  inContext(entry: Entry): Found {
    const of = entry['of']
    if (typeof of !== 'string') return { entry, context: entry }
    const contexts = new Contexts()
    const open = this.byId(of)
    if (open?.kind === 'open') contexts.of(open)
    return { entry, context: contexts.of(entry) }
  }

  #read(log: number, seq: number): Entry | null {
    const stretch = this.#stretchOf(log, seq)
    return stretch === null ? null : this.#reader.entry(stretch, seq)
  }

  #stretchOf(log: number, seq: number): Stretch | null {
    const latest = this.#latest
    if (latest?.log === log && latest.first <= seq && seq < latest.next) return latest.stretch
    const here = this.#stretchAt.get(log, seq) as Row | undefined
    if (here === undefined) return null
    const next = this.#stretchAfter.get(log, seq) as Row | undefined
    const until = next?.file === here.file ? next.bytes : Number.POSITIVE_INFINITY
    const stretch = { log: this.#nameOf(log), first: here.first, file: here.file, from: here.bytes, until }
    this.#latest = { log, first: here.first, next: next?.first ?? Number.POSITIVE_INFINITY, stretch }
    return stretch
  }

  #nameOf(log: number): string {
    let name = this.#names.get(log)
    if (name === undefined) {
      const row = this.#database.prepare('SELECT name FROM log WHERE id = ?').get(log) as { name: string } | undefined
      if (row === undefined) throw new IndexFault('a log is missing')
      name = row.name
      this.#names.set(log, name)
    }
    return name
  }
}

type Row = { readonly first: number; readonly file: number; readonly bytes: number }
