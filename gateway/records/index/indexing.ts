/** Brings an index up to date with its folder. Of several processes that would, one does; the others wait for it. */
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { type FileOfLog, filesOf } from '../files/files.ts'
import { voidAfter } from '../files/read.ts'
import { takeLock } from '../log/lock.ts'
import { asIndexFault, discardIndex, IndexFault, openIndex } from './database.ts'
import { batchesAfter, beginning, isStill, mayGoOn, type Position } from './following.ts'
import { LogRows } from './log-rows.ts'
import { Lookup } from './lookup.ts'

/** Rows that are put in at once, at least; they are in memory until then. */
const atOnce = 40_000
/** Milliseconds between two tries to be the one that indexes. */
const tryAgain = 50
/** Milliseconds; an index of ten million records is made in two minutes, and reading them takes one. */
const longestWait = 30_000
/** Milliseconds after which waiting is spoken of. */
const longWait = 1000

export type Progress = {
  /** Called while there is more to read, with how many entries were put in so far. */
  readonly onProgress?: (entries: number) => void
  /** Called once where another process is at it for long. */
  readonly onWait?: () => void
}

/**
 * Reads what is new in all logs of a folder. Returns how many entries that were. An index that is broken, or of other
 * records than are there now, is made anew.
 *
 * @throws what reading and writing throw; IndexFault where the index made anew is broken, too, or is being made for long.
 */
export async function bringUpToDate(directory: string, progress: Progress = {}): Promise<number> {
  const { onWait } = progress
  return alone(directory, onWait, async () => {
    try {
      return await indexFolder(directory, progress)
    } catch (error) {
      if (!(asIndexFault(error) instanceof IndexFault)) throw error
      discardIndex(directory)
      return indexFolder(directory, progress)
    }
  })
}

/** Throws the index away, to be made anew when it is next wanted. */
export function forgetIndex(directory: string): Promise<void> {
  return alone(directory, undefined, async () => discardIndex(directory))
}

/** Throws IndexFault where another process is at it for longer than somebody would wait. */
async function alone<Result>(
  directory: string,
  onWait: Progress['onWait'],
  work: () => Promise<Result>,
): Promise<Result> {
  const path = join(directory, 'index.lock')
  const began = performance.now()
  let isTold = false
  let lock = takeLock(path)
  for (; lock === null; lock = takeLock(path)) {
    const waited = performance.now() - began
    if (waited > longestWait) throw new IndexFault('somebody else is making it')
    if (waited > longWait && !isTold) onWait?.()
    isTold ||= waited > longWait
    await setTimeout(tryAgain)
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

async function indexFolder(directory: string, progress: Progress): Promise<number> {
  const database = openIndex(directory)
  try {
    const logs = Map.groupBy(await filesOf(directory), file => file.log)
    const known = database.prepare('SELECT name FROM log').all() as { name: string }[]
    if (known.some(({ name }) => !logs.has(name))) throw new IndexFault('a log is gone')
    let entries = 0
    for (const [name, files] of logs) {
      const before = entries
      const onProgress = (more: number) => progress.onProgress?.(before + more)
      entries += await indexLog(directory, database, name, files, onProgress)
    }
    return entries
  } finally {
    database.close()
  }
}

type LogRow = Position & { readonly id: number; readonly first_file: number }

async function indexLog(
  directory: string,
  database: DatabaseSync,
  name: string,
  files: readonly FileOfLog[],
  onProgress: (entries: number) => void,
): Promise<number> {
  const ends = await voidAfter(files)
  const { id, first_file, ...position } = rowOf(database, name, files[0]!.number)
  if (first_file !== files[0]!.number || !isStill(files, ends, position)) throw new IndexFault('other records')
  if (!mayGoOn(files, position)) return 0
  const lookup = new Lookup(directory, database)
  const rows = new LogRows(database, id, open => lookup.byId(open))
  let entries = 0
  let end = position
  const put = (): void => {
    if (end === position) return
    entries += rows.size
    transaction(database, () => {
      rows.put()
      const { file, bytes, head } = end
      database.prepare('UPDATE log SET file = ?, bytes = ?, head = ? WHERE id = ?').run(file, bytes, head, id)
    })
    onProgress(entries)
  }
  const damage = database.prepare('INSERT OR IGNORE INTO damage VALUES (?)')
  const onDamage = (path: string): void => void damage.run(path)
  for await (const batch of batchesAfter(files, ends, position, onDamage)) {
    rows.add(batch)
    end = batch.end
    if (rows.rows >= atOnce) put()
  }
  put()
  return entries
}

function rowOf(database: DatabaseSync, name: string, firstFile: number): LogRow {
  const { file, bytes, head } = beginning
  database
    .prepare('INSERT OR IGNORE INTO log (name, first_file, file, bytes, head) VALUES (?, ?, ?, ?, ?)')
    .run(name, firstFile, file, bytes, head)
  const row = database.prepare('SELECT id, first_file, file, bytes, head FROM log WHERE name = ?').get(name)
  return { ...row } as LogRow
}

function transaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
