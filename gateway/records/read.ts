/**
 * Reads the records in a folder: all files of all logs, also while they are being written, without a lock. Only whole
 * batches count, and only what no later `gap` record has declared void. Whether it is all true is for verify.ts to say.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { maxLineBytes } from './entry.ts'
import { type FileOfLog, filesOf } from './files.ts'
import { isFrameLine, Lines } from './lines.ts'

/** A record as it is in the file: keys as gateway/records/README.md names them. */
export type Entry = {
  readonly v: number
  readonly log: string
  readonly seq: number
  readonly time: string
  readonly kind: string
  readonly [key: string]: unknown
}

export type Reading = {
  /** Only these logs. */
  readonly log?: string
  /** Called for each line that is no record, with the file it is in. */
  readonly onDamage?: (path: string) => void
}

/** All records of a folder, oldest first; those of one log in their order. */
export async function* readRecords(
  directory: string,
  { log, onDamage = () => {} }: Reading = {},
): AsyncGenerator<Entry> {
  const files = await filesOf(directory, log)
  const sources = [...Map.groupBy(files, file => file.log).values()].map(own => new Source(readLog(own, onDamage)))
  for (const source of sources) await source.fill()
  for (let open = sources.filter(source => source.next !== null); open.length > 0; ) {
    const first = open.reduce((least, source) => (source.next!.time < least.next!.time ? source : least))
    yield first.next!
    first.skip()
    if (first.next !== null) continue
    await first.fill()
    if (first.next === null) open = open.filter(source => source !== first)
  }
}

/** One log, a batch ahead. */
class Source {
  private readonly batches: AsyncGenerator<Entry[]>
  private batch: Entry[] = []
  private at = 0

  constructor(batches: AsyncGenerator<Entry[]>) {
    this.batches = batches
  }

  get next(): Entry | null {
    return this.batch[this.at] ?? null
  }

  skip(): void {
    this.at++
  }

  async fill(): Promise<void> {
    const { value, done } = await this.batches.next()
    this.batch = done ? [] : value
    this.at = 0
  }
}

async function* readLog(files: readonly FileOfLog[], onDamage: (path: string) => void): AsyncGenerator<Entry[]> {
  const keep = await voidAfter(files)
  for (const { number, path } of files) {
    const limit = keep.get(number) ?? Number.POSITIVE_INFINITY
    if (limit === 0) continue
    const lines = new Lines()
    let waiting: Entry[] = []
    for await (const chunk of bytesOf(path, limit)) {
      let whole: Entry[] = []
      for (const { line } of lines.push(chunk)) {
        if (isFrameLine(line)) {
          whole = whole.length === 0 ? waiting : whole.concat(waiting)
          waiting = []
        } else {
          const entry = parseEntry(line)
          if (entry === null) onDamage(path)
          else waiting.push(entry)
        }
      }
      if (whole.length > 0) yield whole
    }
  }
}

/** The bytes of a file, up to a limit. A file that is gone by now has none. */
export async function* bytesOf(path: string, limit: number): AsyncGenerator<Buffer> {
  const end = Number.isFinite(limit) ? { end: limit - 1 } : {}
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024, ...end })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** How many bytes of each file count, by number, where a `gap` record (the first of its file) says so. */
export async function voidAfter(files: readonly FileOfLog[]): Promise<Map<number, number>> {
  const keep = new Map<number, number>()
  for (const { path, number } of files) {
    const entry = parseEntry(await firstLine(path))
    if (entry?.kind !== 'gap' || !Array.isArray(entry['void'])) continue
    for (const pair of entry['void'] as unknown[]) {
      if (!Array.isArray(pair) || !pair.every(one => Number.isSafeInteger(one) && one >= 0)) continue
      const [of, bytes] = pair as [number, number]
      if (of < number) keep.set(of, Math.min(bytes, keep.get(of) ?? bytes))
    }
  }
  return keep
}

async function firstLine(path: string): Promise<Buffer> {
  let file: FileHandle | null = null
  try {
    file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxLineBytes + 1), 0, maxLineBytes + 1, 0)
    return buffer.subarray(0, Math.max(0, buffer.subarray(0, bytesRead).indexOf(10)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return Buffer.alloc(0)
  } finally {
    await file?.close()
  }
}

/** A line as a record, or null where it is none. */
export function parseEntry(line: Buffer): Entry | null {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'))
    return isEntry(value) ? value : null
  } catch {
    return null
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const { v, log, seq, time, kind } = value as Record<string, unknown>
  return (
    Number.isSafeInteger(v) &&
    typeof log === 'string' &&
    Number.isSafeInteger(seq) &&
    typeof time === 'string' &&
    typeof kind === 'string'
  )
}
