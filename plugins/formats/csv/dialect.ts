/** What a comma-separated text is separated by: sniffed from its first records. */
import { type Cells, RecordScanner } from './records.ts'

/** So much of a body decides, whatever pieces it comes in. */
export const sampleLines = 10
const sampleBytes = 64 * 1024

export const delimiters: readonly number[] = [0x09, 0x2c, 0x3b, 0x7c]
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Where the sample ends; null while too little of the body is there to tell. `last`: nothing comes behind `length`. */
export function endOfSample(bytes: Uint8Array, length: number, last: boolean): number | null {
  const limit = Math.min(length, sampleBytes)
  let lines = 0
  for (let i = 0; i + 1 < limit; i++) {
    if (bytes[i] !== lineFeed && (bytes[i] !== carriageReturn || bytes[i + 1] === lineFeed)) continue
    if (++lines === sampleLines) return i + 1
  }
  return last || length >= sampleBytes ? limit : null
}

/**
 * Where the body begins behind a `sep=;` line, and the delimiters it may have, likeliest first. Of those that occur nowhere, by
 * which each record is one cell, one is there.
 */
export function dialectOf(bytes: Buffer, from: number, end: number): { from: number; candidates: number[] } {
  const declared = /^sep=(.)\r?(?:\n|$)/i.exec(bytes.toString('latin1', from, Math.min(from + 8, end)))
  if (declared !== null) {
    const behind = from + declared[0].length
    return { from: behind, candidates: [declared[1]!.charCodeAt(0)] }
  }
  const counts = new Map(delimiters.map(delimiter => [delimiter, 0]))
  for (let i = from; i < end; i++) {
    const byte = bytes[i]!
    if (counts.has(byte)) counts.set(byte, counts.get(byte)! + 1)
    else if ((byte === lineFeed || byte === carriageReturn) && [...counts.values()].some(count => count > 0)) break
  }
  const likeliest = [...delimiters].sort((a, b) => counts.get(b)! - counts.get(a)!)
  if (counts.get(likeliest[0]!) === 0) return { from, candidates: [0x2c] }
  const sample = bytes.subarray(from, end)
  const absent = likeliest.filter(delimiter => counts.get(delimiter) === 0 && !sample.includes(delimiter))
  return { from, candidates: likeliest.filter(delimiter => absent.indexOf(delimiter) <= 0) }
}

/** The first records as texts, those in the sample that are whole. */
export function firstRecords(bytes: Buffer, from: number, end: number, delimiter: number): string[][] {
  const scanner = new RecordScanner(delimiter)
  scanner.startAt(from)
  const records: string[][] = []
  try {
    while (records.length < sampleLines && scanner.next(bytes, end, end < sampleBytes))
      records.push(texts(bytes, scanner))
  } catch {
    // Under this delimiter a quote is left open; what was read so far decides.
  }
  return records
}

function texts(bytes: Buffer, { cells, count }: Cells): string[] {
  const found: string[] = []
  for (let at = 0; at < count * 2; at += 2) {
    found.push(unquoted(bytes.toString('utf8', cells[at]!, cells[at + 1]!)))
  }
  return found
}

function unquoted(cell: string): string {
  const opened = cell.trimStart()
  const closed = (opened.startsWith('"') ? opened.slice(1) : opened).trimEnd()
  return closed.endsWith('"') ? closed.slice(0, -1) : closed
}
