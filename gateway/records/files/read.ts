/**
 * Reads the records in a folder: all files of all logs, also while they are being written, without a lock. Only whole
 * batches count, and only what no later `gap` record has declared void. Whether it is all true is for verify.ts to say.
 */
import { maxLineBytes } from '../entry.ts'
import { bytesOf, isDamage } from './file-bytes.ts'
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
  readonly #batches: AsyncGenerator<Entry[]>
  #batch: Entry[] = []
  #at = 0

  constructor(batches: AsyncGenerator<Entry[]>) {
    this.#batches = batches
  }

  get next(): Entry | null {
    return this.#batch[this.#at] ?? null
  }

  skip(): void {
    this.#at++
  }

  async fill(): Promise<void> {
    const { value, done } = await this.#batches.next()
    this.#batch = done ? [] : value
    this.#at = 0
  }
}

async function* readLog(files: readonly FileOfLog[], onDamage: (path: string) => void): AsyncGenerator<Entry[]> {
  const keep = await voidAfter(files)
  for (const { number, path } of files) {
    const limit = keep.get(number) ?? Number.POSITIVE_INFINITY
    if (limit === 0) continue
    const lines = new Lines()
    let waiting: Entry[] = []
    for await (const chunk of readable(bytesOf(path, limit), () => onDamage(path))) {
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

/** A sealed file that is damaged ends where it is. Other faults of reading are thrown. */
async function* readable(chunks: AsyncIterable<Buffer>, onDamage: () => void): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    if (!isDamage(error)) throw error
    onDamage()
  }
}

/**
 * How many bytes of each file count, by number, where a `gap` record (the first of its file) says so. Of a sealed file
 * all count.
 */
export async function voidAfter(files: readonly FileOfLog[]): Promise<Map<number, number>> {
  const keep = new Map<number, number>()
  const firstPlain = files.findIndex(file => !file.sealed)
  const sealed = new Set(files.filter(file => file.sealed).map(file => file.number))
  for (const { path, number } of firstPlain < 0 ? [] : files.slice(firstPlain)) {
    const entry = parseEntry(await firstLine(path))
    if (entry?.kind !== 'gap' || !Array.isArray(entry['void'])) continue
    for (const pair of entry['void'] as unknown[]) {
      if (!Array.isArray(pair) || !pair.every(one => Number.isSafeInteger(one) && one >= 0)) continue
      const [of, bytes] = pair as [number, number]
      if (of < number && !sealed.has(of)) keep.set(of, Math.min(bytes, keep.get(of) ?? bytes))
    }
  }
  return keep
}

async function firstLine(path: string): Promise<Buffer> {
  let start = Buffer.alloc(0)
  for await (const chunk of bytesOf(path, maxLineBytes + 1)) {
    start = Buffer.concat([start, chunk])
    const end = start.indexOf(10)
    if (end >= 0) return start.subarray(0, end)
  }
  return Buffer.alloc(0)
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
