/**
 * Copies the logs of a folder into a database: each record at least once and kept once, in the order of its log. How far
 * a log was copied stands in the database and changes in the transaction that puts the records there, so that whoever
 * goes on, after whatever happened, goes on from what is really there.
 */
import type pg from 'pg'
import { type FileOfLog, filesOf } from '../files/files.ts'
import { parseEntry, voidAfter } from '../files/read.ts'
import { type Batch, batchesAfter, beginning, entriesOf, isStill, mayGoOn, type Position } from '../index/following.ts'
import { Contexts } from '../query/query.ts'
import { zoneIn } from '../zone.ts'
import { faultOf } from './connect.ts'
import { insertLines } from './insert.ts'
import { canBeCopied, type Line } from './rows.ts'
import { makeMonth, monthOf, schema } from './tables.ts'

/** Records of one transaction; and bytes of their lines, whichever is first. */
const atOnce = 2000
const bytesAtOnce = 4 * 1024 * 1024

type Cursor = Position & { readonly next: number; readonly fault: string | null }
type Known = { cursor: Cursor; readonly contexts: Contexts }

/** `DIVERGED`: a log is not the one that was copied under this name. `DAMAGED`: some of a file could not be read. */
export type CopyFault = { readonly log: string; readonly fault: 'DIVERGED' | 'DAMAGED' }

export class FolderCopy {
  readonly #directory: string
  readonly #prefix: string
  readonly #onFault: (fault: CopyFault) => void
  readonly #known = new Map<string, Known>()
  readonly #months = new Set<string>()
  readonly #began = Date.now()
  readonly #told = new Set<string>()
  /** By log, how far it was copied in this process: the number after the last record, and its time. */
  readonly #reached = new Map<string, { readonly next: number; readonly time: number }>()

  /** `prefix`: put before the names of logs, where several gateways share a database. */
  constructor(directory: string, prefix: string, onFault: (fault: CopyFault) => void = () => {}) {
    this.#directory = directory
    this.#prefix = prefix
    this.#onFault = onFault
  }

  /**
   * Copies what is new in all logs. Returns how many records that were.
   *
   * @throws DatabaseFault; or what reading the folder throws. Call it again, with another connection if need be.
   */
  async run(client: pg.Client): Promise<number> {
    let copied = 0
    for (const [name, files] of Map.groupBy(await filesOf(this.#directory), file => file.log)) {
      try {
        copied += await this.#copyLog(client, name, files)
      } catch (error) {
        // what is in the database by now is known only from there
        this.#known.delete(name)
        throw error
      }
    }
    return copied
  }

  /** How much there is in the folder that is not in the database, by what this process has put there. `now`: milliseconds. */
  async behind(now: number): Promise<{ readonly records: number | null; readonly seconds: number }> {
    let [records, oldest]: [number | null, number] = [0, now]
    for (const [name, files] of Map.groupBy(await filesOf(this.#directory), file => file.log)) {
      const [there, reached] = [entriesOf(files), this.#reached.get(name)]
      if (there === null) continue
      if (reached === undefined) [records, oldest] = [null, Math.min(oldest, this.#began)]
      else if (there > reached.next) {
        if (records !== null) records += there - reached.next
        oldest = Math.min(oldest, reached.time)
      }
    }
    return { records, seconds: Math.max(0, Math.round((now - oldest) / 1000)) }
  }

  async #copyLog(client: pg.Client, name: string, files: readonly FileOfLog[]): Promise<number> {
    const log = this.#prefix + name
    const known = this.#known.get(name)
    if (known !== undefined && !mayGoOn(files, known.cursor)) return 0
    const cursor = known?.cursor ?? (await readCursor(client, log))
    if (known === undefined) await keepZone(client, log, zoneIn(this.#directory))
    if (!this.#reached.has(name)) this.#reached.set(name, { next: cursor.next, time: this.#began })
    const ends = await voidAfter(files)
    const from = startAfter(cursor, ends)
    if (!isStill(files, ends, from)) {
      await this.#diverged(client, log, cursor)
      return 0
    }
    const state: Known = known ?? { cursor, contexts: new Contexts() }
    this.#known.set(name, state)
    let waiting: Batch<Line>[] = []
    let [records, bytes, copied] = [0, 0, 0]
    const put = async () => {
      await this.#put(client, log, state, waiting)
      copied += records
      waiting = []
      records = bytes = 0
    }
    const onDamage = () => this.#tell({ log, fault: 'DAMAGED' })
    for await (const batch of batchesAfter(files, ends, from, onDamage, lineOf)) {
      waiting.push(batch)
      records += batch.entries.length
      bytes += batch.end.bytes - batch.from
      if (records >= atOnce || bytes >= bytesAtOnce) await put()
    }
    if (waiting.length > 0) await put()
    return copied
  }

  async #put(client: pg.Client, log: string, state: Known, batches: readonly Batch<Line>[]): Promise<void> {
    const lines = batches.flatMap(({ entries }) => entries)
    const { file, bytes, head } = batches.at(-1)!.end
    const next = lines.length === 0 ? state.cursor.next : lines.at(-1)!.entry.seq + 1
    await this.#makeMonths(client, lines)
    await transaction(client, async () => {
      const found = await lockCursor(client, log)
      if (found.file !== state.cursor.file || found.bytes !== state.cursor.bytes) throw new Overtaken()
      const first = lines[0]?.entry.seq ?? next
      // numbers given again: what was written under them before was declared void
      if (first < found.next)
        for (const table of ['records', 'people'])
          await client.query(`DELETE FROM ${schema}.${table} WHERE log = $1 AND seq >= $2`, [log, first])
      await insertLines(client, log, state.contexts, lines)
      await client.query(
        `UPDATE ${schema}.logs SET file = $2, bytes = $3, head = $4, next = $5, fault = NULL, copied = now() WHERE log = $1`,
        [log, file, bytes, head, next],
      )
    })
    state.cursor = { file, bytes, head, next, fault: null }
    const time = Date.parse(lines.at(-1)?.entry.time ?? '')
    this.#reached.set(log.slice(this.#prefix.length), { next, time: Number.isNaN(time) ? Date.now() : time })
  }

  async #makeMonths(client: pg.Client, lines: readonly Line[]): Promise<void> {
    for (const month of new Set(lines.map(({ entry }) => monthOf(entry.time)))) {
      if (this.#months.has(month)) continue
      await transaction(client, () => makeMonth(client, month))
      this.#months.add(month)
    }
  }

  async #diverged(client: pg.Client, log: string, { fault }: Cursor): Promise<void> {
    if (fault !== 'DIVERGED') await query(client, `UPDATE ${schema}.logs SET fault = 'DIVERGED' WHERE log = $1`, [log])
    this.#tell({ log, fault: 'DIVERGED' })
  }

  /** Once for each log and fault. */
  #tell(fault: CopyFault): void {
    const key = `${fault.log} ${fault.fault}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#onFault(fault)
  }
}

/** Another process has copied meanwhile; what it did is read from the database. */
class Overtaken extends Error {
  readonly code = 'OVERTAKEN'
}

function lineOf(line: Buffer): Line | null {
  const entry = parseEntry(line)
  if (entry === null) return null
  const read = { entry, text: line.toString('utf8') }
  return canBeCopied(read) ? read : null
}

/** Where reading goes on: of a file that was left behind since, only what counts was copied well. */
function startAfter(cursor: Cursor, ends: ReadonlyMap<number, number>): Position {
  const end = ends.get(cursor.file)
  return end !== undefined && end < cursor.bytes ? { file: cursor.file + 1, bytes: 0, head: '' } : cursor
}

async function readCursor(client: pg.Client, log: string): Promise<Cursor> {
  await query(
    client,
    `INSERT INTO ${schema}.logs (log, file, bytes, head, next, copied) VALUES ($1, $2, $3, $4, 0, now()) ON CONFLICT DO NOTHING`,
    [log, beginning.file, beginning.bytes, beginning.head],
  )
  const found = await query(client, `SELECT file, bytes, head, next, fault FROM ${schema}.logs WHERE log = $1`, [log])
  return found[0] as Cursor
}

/** In which times are shown: whoever asks the copy has not the folder. */
async function keepZone(client: pg.Client, log: string, timezone: string | null): Promise<void> {
  const isOther = 'log = $1 AND timezone IS DISTINCT FROM $2::text'
  if (timezone !== null)
    await query(client, `UPDATE ${schema}.logs SET timezone = $2 WHERE ${isOther}`, [log, timezone])
}

async function lockCursor(client: pg.Client, log: string): Promise<Cursor> {
  const found = await client.query(`SELECT file, bytes, head, next FROM ${schema}.logs WHERE log = $1 FOR UPDATE`, [
    log,
  ])
  return found.rows[0] as Cursor
}

async function query(client: pg.Client, text: string, values: unknown[]): Promise<unknown[]> {
  return (await client.query(text, values).catch(error => Promise.reject(faultOf(error)))).rows
}

/** @throws DatabaseFault */
async function transaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  try {
    await client.query('BEGIN')
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw faultOf(error)
  }
}
