/**
 * Where a log that an earlier writer left goes on. Only the end of a log can be torn, by a crash between a write and
 * its sync; nobody was answered for what is there. Anything wrong further up is damage: it is left as it is, for
 * `records verify` to show, and the log goes on in a new file.
 */
import { hash } from 'node:crypto'
import { readNow } from '../files/file-bytes.ts'
import { filesOf, highestNumber } from '../files/files.ts'
import { ProofFolder } from '../notary/proof-folder.ts'
import { beforeFirst } from './frame.ts'

export type Tail = {
  /** Number of the last file, 0 where there is none. */
  readonly file: number
  /** Of the last file, if it is one that can be written on. */
  readonly path: string | null
  /** Bytes of it that count. */
  readonly size: number
  /** Bytes after these, which are not a whole batch. */
  readonly torn: number
  /** A batch of the last files does not match its frame: they must not be written to. */
  readonly damaged: boolean
  /** `seq` of the first entry in that file; `seq` itself where it has none. */
  readonly first: number
  readonly batch: number
  readonly seq: number
  readonly prev: string
  /** Milliseconds since 1970 of the last entry; 0 where there is none. */
  readonly time: number
}

const framePattern =
  /^\{"batch":([0-9]{1,15}),"first":([0-9]{1,15}),"n":([0-9]{1,9}),"prev":"([A-Za-z0-9_-]{43})","sha256":"([A-Za-z0-9_-]{43})"\}$/
const hashedTo = /,"sha256":"[A-Za-z0-9_-]{43}"\}$/
const timePattern = /"time":"([^"]{24})"/
const lineFeed = 10

/**
 * Reads the last file, and those before it while they hold no whole batch. Numbers that were signed are never given
 * again: a log that ends before its last checkpoint is damaged.
 */
export async function findTail(directory: string, log: string): Promise<Tail> {
  const tail = await lastBatch(directory, log)
  const signed = new ProofFolder(directory, log).notes('checkpoints').kept.at(-1)?.checkpoint?.size ?? 0
  return tail.seq >= signed ? tail : { ...tail, seq: signed, first: signed, damaged: true }
}

async function lastBatch(directory: string, log: string): Promise<Tail> {
  const files = await filesOf(directory, log)
  const number = await highestNumber(directory, log)
  const last = files.at(-1)
  const path = last?.number === number && !last.sealed ? last.path : null
  let torn = 0
  let damaged = false
  for (const file of files.toReversed()) {
    const bytes = readNow(file.path)
    const end = endOf(bytes)
    damaged ||= end.damaged
    const isLast = file === last
    if (isLast) torn = bytes.length - end.size
    if (end.seq === 0 && !end.damaged) continue
    return {
      ...end,
      file: number,
      path,
      size: isLast ? end.size : 0,
      first: isLast ? end.first : end.seq,
      torn,
      damaged,
    }
  }
  const empty = { batch: 0, first: 0, seq: 0, prev: beforeFirst, time: 0, damaged }
  return { ...empty, file: number, path, size: 0, torn }
}

type End = Pick<Tail, 'first' | 'size' | 'damaged' | 'batch' | 'seq' | 'prev' | 'time'>

/** The end of the last whole batch, and whether each batch before it matches its frame. */
function endOf(bytes: Buffer): End {
  let [size, batch, seq, time, lines, from] = [0, 0, 0, 0, 0, 0]
  let prev: string | null = null
  let first: number | null = null
  let damaged = false
  let lastLine = ''
  for (let to = bytes.indexOf(lineFeed); to >= 0; to = bytes.indexOf(lineFeed, from)) {
    if (!isFrame(bytes, from)) {
      lines++
      from = to + 1
      continue
    }
    const text = bytes.toString('latin1', from, to)
    const frame = framePattern.exec(text)
    if (frame === null) {
      damaged = true
      seq = Math.max(seq, numbersIn(bytes.toString('latin1', size, to)))
    } else {
      const covered = bytes.subarray(size, to - hashedTo.exec(text)![0].length)
      const whole = hash('sha256', covered, 'base64url') === frame[5] && Number(frame[3]) === lines
      const follows = prev === null || (frame[4] === prev && Number(frame[1]) === batch && Number(frame[2]) === seq)
      if (!whole || !follows) damaged = true
      batch = Math.max(batch, Number(frame[1]) + 1)
      seq = Math.max(seq, Number(frame[2]) + Number(frame[3]))
      prev = frame[5]!
      lastLine = lastLineOf(bytes, from)
      first ??= Number(frame[2])
    }
    size = from = to + 1
    lines = 0
  }
  const rest = bytes.toString('latin1', size)
  if (!isTorn(rest)) {
    // Its frame may have been whole once, and its numbers given: they are not given again.
    damaged = true
    seq = Math.max(seq, numbersIn(rest))
  }
  time = Date.parse(timePattern.exec(lastLine)?.[1] ?? '') || 0
  return { first: first ?? seq, size, damaged, batch, seq, prev: prev ?? beforeFirst, time }
}

/** One more than the highest number that entries in a text have; 0 where it holds none. */
function numbersIn(text: string): number {
  let next = 0
  for (const match of text.matchAll(/"seq":([0-9]{1,15}),/g)) next = Math.max(next, Number(match[1]) + 1)
  return next
}

const frameStart = Buffer.from('{"batch":')

function isFrame(bytes: Buffer, from: number): boolean {
  return bytes.compare(frameStart, 0, frameStart.length, from, Math.min(from + frameStart.length, bytes.length)) === 0
}

/** Whether what follows the last frame can be a batch cut short: whole entries, then the beginning of a line. */
function isTorn(text: string): boolean {
  const lines = text.split('\n')
  const last = lines.pop()!
  const begins = '{"v":1,"log":"'.startsWith(last.slice(0, 14)) || '{"batch":'.startsWith(last.slice(0, 9))
  return begins && !/"sha256":"[^"]{43}"\}./.test(last) && lines.every(line => /^\{"v":1,"log":".*\}$/.test(line))
}

/** The line before the one that begins at `from`. */
function lastLineOf(bytes: Buffer, from: number): string {
  if (from < 2) return ''
  return bytes.toString('latin1', bytes.lastIndexOf(lineFeed, from - 2) + 1, from - 1)
}
