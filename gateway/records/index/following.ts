/** Reads on in a log from where it was left: whole batches only, as `readRecords` does, with where they stand. */
import { statSync } from 'node:fs'
import { bytesOf, isDamage, readPart } from '../files/file-bytes.ts'
import type { FileOfLog } from '../files/files.ts'
import { isFrameLine, Lines } from '../files/lines.ts'
import { type Entry, parseEntry } from '../files/read.ts'

/** How far a log was read. */
export type Position = {
  readonly file: number
  /** Of it. */
  readonly bytes: number
  /** `sha256` of the last batch, to know the log by. */
  readonly head: string
}

export const beginning: Position = { file: 0, bytes: 0, head: '' }

export type Batch<T = Entry> = {
  readonly entries: readonly T[]
  /** Where the first of them stands. */
  readonly file: number
  readonly from: number
  /** After it. */
  readonly end: Position
}

/** Plain bytes that are read at once from where reading goes on. */
const pieceBytes = 4 * 1024 * 1024
/** A few entries of any size. */
const tailBytes = 256 * 1024

/**
 * The batches after a position. `ends`: how many bytes of a file count, where that is not all of them. A sealed file that
 * is damaged ends where it is: `onDamage`. `read`: what is made of each entry's line; null: it is damaged.
 */
export async function* batchesAfter<T = Entry>(
  files: readonly FileOfLog[],
  ends: ReadonlyMap<number, number>,
  position: Position,
  onDamage: (path: string) => void,
  read: (line: Buffer) => T | null = parseEntry as (line: Buffer) => T | null,
): AsyncGenerator<Batch<T>> {
  for (const file of files) {
    if (file.number < position.file || ends.get(file.number) === 0) continue
    const start = file.number === position.file ? position.bytes : 0
    const lines = new Lines()
    let [from, entries]: [number, T[]] = [start, []]
    try {
      for await (const chunk of plainFrom(file, start, ends.get(file.number) ?? Number.POSITIVE_INFINITY)) {
        for (const { line, offset } of lines.push(chunk)) {
          if (!isFrameLine(line)) {
            const entry = read(line)
            if (entry === null) onDamage(file.path)
            else entries.push(entry)
            continue
          }
          const bytes = start + offset + line.length + 1
          yield { entries, file: file.number, from, end: { file: file.number, bytes, head: headOf(line) } }
          entries = []
          from = bytes
        }
      }
    } catch (error) {
      if (!isDamage(error)) throw error
      onDamage(file.path)
    }
  }
}

/** Whether a log still has, right before a position, the batch that was read last. */
export function isStill(files: readonly FileOfLog[], ends: ReadonlyMap<number, number>, position: Position): boolean {
  if (position.bytes === 0) return true
  const file = files.find(({ number }) => number === position.file)
  if (file === undefined || (ends.get(file.number) ?? Number.POSITIVE_INFINITY) < position.bytes) return false
  const tail = readPart(file.path, Math.max(0, position.bytes - 512), position.bytes).toString('latin1')
  return headOf(Buffer.from(tail.slice(tail.lastIndexOf('\n', tail.length - 2) + 1, -1), 'latin1')) === position.head
}

/** How many entries a log has, by its last batch in a file that is being written; null: that does not show. */
export function entriesOf(files: readonly FileOfLog[]): number | null {
  const last = files.findLast(({ sealed }) => !sealed)
  const size = last === undefined ? 0 : (statSync(last.path, { throwIfNoEntry: false })?.size ?? 0)
  if (last === undefined || size === 0) return null
  const tail = readPart(last.path, Math.max(0, size - tailBytes), size).toString('latin1')
  const frame = [...tail.matchAll(/^\{"batch":\d+,"first":(\d+),"n":(\d+),/gm)].at(-1)
  return frame === undefined ? null : Number(frame[1]) + Number(frame[2])
}

/** Whether there may be more after a position. */
export function mayGoOn(files: readonly FileOfLog[], position: Position): boolean {
  const last = files.at(-1)
  if (last === undefined) return false
  if (last.number !== position.file) return true
  return last.sealed || (statSync(last.path, { throwIfNoEntry: false })?.size ?? 0) > position.bytes
}

async function* plainFrom(file: FileOfLog, start: number, limit: number): AsyncGenerator<Buffer> {
  if (start === 0) {
    yield* bytesOf(file.path, limit)
    return
  }
  for (let from = start; from < limit; ) {
    const piece = readPart(file.path, from, Math.min(limit, from + pieceBytes))
    if (piece.length === 0) return
    yield piece
    from += piece.length
  }
}

function headOf(frame: Buffer): string {
  return /"sha256":"([\w-]{43})"\}$/.exec(frame.toString('latin1'))?.[1] ?? ''
}
