/** Reads records again where they stand: a stretch of a log at a time, of which the last few are kept. */

import { join } from 'node:path'
import { readPart } from '../files/file-bytes.ts'
import { fileName } from '../files/files.ts'
import { isFrameLine } from '../files/lines.ts'
import { type Entry, parseEntry } from '../files/read.ts'

/** Where entries from one on stand, until the next stretch begins. */
export type Stretch = {
  readonly log: string
  readonly first: number
  readonly file: number
  readonly from: number
  /** Infinity: to the end of the file. */
  readonly until: number
}

const mostKept = 32
const sequence = /^\{"v":\d+,"log":"[a-z0-9-]+","seq":(\d+),/

export class StretchReader {
  readonly #directory: string
  readonly #kept = new Map<string, ReadonlyMap<number, Buffer>>()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** The entry with this number, or null where it is not there. Throws what reading throws. */
  entry(stretch: Stretch, seq: number): Entry | null {
    const line = this.#lines(stretch).get(seq)
    const entry = line === undefined ? null : parseEntry(line)
    return entry?.log === stretch.log && entry.seq === seq ? entry : null
  }

  #lines({ log, file, from, until }: Stretch): ReadonlyMap<number, Buffer> {
    const key = `${log} ${file} ${from} ${until}`
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    if (this.#kept.size >= mostKept) this.#kept.delete(this.#kept.keys().next().value!)
    const lines = linesBySeq(readPart(join(this.#directory, fileName(log, file)), from, until))
    this.#kept.set(key, lines)
    return lines
  }
}

function linesBySeq(bytes: Buffer): Map<number, Buffer> {
  const lines = new Map<number, Buffer>()
  for (let from = 0, to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from)) {
    const line = bytes.subarray(from, to)
    if (isFrameLine(line)) continue
    const [, seq] = sequence.exec(line.toString('latin1', 0, 128)) ?? []
    if (seq !== undefined) lines.set(Number(seq), line)
  }
  return lines
}
