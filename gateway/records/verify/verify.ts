/**
 * Whether a log is whole, from nothing but its bytes. Written from gateway/records/README.md and not from the writer: it
 * shares no code with it beyond the list of kinds, so that a mistake in one does not hide in the other. Pure.
 */
import { hash } from 'node:crypto'
import { kinds } from '../entry.ts'
import { isFrameLine, Lines } from '../files/lines.ts'
import { isTorn, readEntry, type Seen } from './entry.ts'
import { type Found, found, type ProblemKind } from './report.ts'

const framePattern =
  /^\{"batch":(\d{1,15}),"first":(\d{1,15}),"n":(\d{1,9}),"prev":"([\w-]{43})","sha256":"([\w-]{43})"\}$/
const frameEnding = ',"sha256":"0123456789012345678901234567890123456789012"}'.length
const zeroHash = 'A'.repeat(43)
const batchLimit = 8 * 1024 * 1024
const mostListed = 1000

/** What the frames of a log show. */
export type FrameReport = {
  readonly log: string
  readonly files: number
  readonly entries: number
  /** Of the first and last record; null in an empty log. */
  readonly from: string | null
  readonly to: string | null
  /** Number of the first record; the number the next record will have; the hash of the last batch. */
  readonly first: number
  readonly next: number
  readonly head: string
  /** Any of these makes the log wrong. */
  readonly problems: readonly Found[]
  /** What does not, but should be known: a torn end, times in which nothing could be written. */
  readonly notes: readonly Found[]
  /** There were more problems than are listed. */
  readonly more: number
}

export type Listeners = {
  readonly pruned: PrunedStart | null
  /** Told each entry that counts, in order, and its line. */
  onSeen(entry: Seen, line: Buffer): void
  /** Told after each batch the number that follows it, and its hash. */
  onBatch(next: number, head: string): void
}

/** Where a log begins from which records were pruned. */
export type PrunedStart = { readonly next: number; readonly batch: number; readonly head: string }

/** Checks one log: `file` before the bytes of each of its files, in their order, then `write` with them, then `end`. */
export class LogVerifier {
  readonly #log: string
  readonly #onSeen: Listeners['onSeen']
  readonly #onBatch: Listeners['onBatch']
  #first: number | null = null
  readonly #problems: Found[] = []
  readonly #notes: Found[] = []
  #more = 0
  #files = 0
  #entries = 0
  #from: string | null = null
  #to: string | null = null

  #next = 0
  #batch = 0
  #head = zeroHash
  /** After a problem that explains others, what follows is taken as it is until it fits again. */
  #unsure = false

  #number = 0
  #lines = new Lines()
  #batchParts: Buffer[] = []
  #batchBytes = 0
  #batchOffset = 0
  #batchEntries: { seq: number; entry: Seen | null; line: Buffer }[] = []
  readonly #lostNoted: [number, number][] = []

  constructor(log: string, { pruned = null, onSeen = () => {}, onBatch = () => {} }: Partial<Listeners> = {}) {
    this.#log = log
    this.#onSeen = onSeen
    this.#onBatch = onBatch
    if (pruned === null) return
    this.#next = pruned.next
    this.#batch = pruned.batch
    this.#head = pruned.head
  }

  /** The next file begins. */
  file(number: number): void {
    this.#finishFile(false)
    this.#files++
    this.#number = number
    this.#lines = new Lines()
    this.#forgetBatch(0)
  }

  write(chunk: Buffer): void {
    for (const { line, offset } of this.#lines.push(chunk)) {
      if (isFrameLine(line)) this.#frame(line, offset)
      else this.#entry(line, offset)
    }
  }

  end(): FrameReport {
    this.#finishFile(true)
    this.#explainLosses()
    return {
      log: this.#log,
      files: this.#files,
      entries: this.#entries,
      from: this.#from,
      to: this.#to,
      first: this.#first ?? 0,
      next: this.#next,
      head: this.#head,
      problems: this.#problems,
      notes: this.#notes,
      more: this.#more,
    }
  }

  #frame(line: Buffer, offset: number): void {
    const match = framePattern.exec(line.toString('latin1'))
    if (match === null) {
      this.#problem('FRAME_MALFORMED', offset)
      this.#unsure = true
      this.#forgetBatch(offset + line.length + 1)
      return
    }
    const [batch, first, n] = [Number(match[1]), Number(match[2]), Number(match[3])]
    const covered = Buffer.concat([...this.#batchParts, line.subarray(0, line.length - frameEnding)])
    const records: [number, number] = [first, first + n - 1]
    if (hash('sha256', covered, 'base64url') !== match[5]) this.#problem('HASH_WRONG', this.#batchOffset, records)
    const numbered = this.#batchEntries.length === n && this.#batchEntries.every(({ seq }, nth) => seq === first + nth)
    if (!numbered || n === 0) this.#problem('COUNT_WRONG', offset, records)
    this.#follows({ batch, first, prev: match[4]! }, records)
    this.#first ??= first
    this.#entries += this.#batchEntries.length
    for (const { entry, line: own } of this.#batchEntries) if (entry !== null) this.#onSeen(entry, own)
    this.#batch = batch + 1
    this.#next = Math.max(this.#next, first + n)
    this.#head = match[5]!
    this.#onBatch(first + n, this.#head)
    this.#unsure = false
    this.#forgetBatch(offset + line.length + 1)
  }

  /** Whether a batch comes right after the one before. */
  #follows(frame: { batch: number; first: number; prev: string }, records: [number, number]): void {
    if (frame.first > this.#next) this.#problem('RECORDS_MISSING', this.#batchOffset, [this.#next, frame.first - 1])
    else if (frame.first < this.#next) this.#problem('RECORDS_TWICE', this.#batchOffset, records)
    else if (this.#unsure) return
    else if (frame.batch !== this.#batch || frame.prev !== this.#head)
      this.#problem('CHAIN_BROKEN', this.#batchOffset, records)
  }

  #entry(line: Buffer, offset: number): void {
    const copy = Buffer.from(line)
    this.#batchParts.push(copy, lineFeed)
    this.#batchBytes += line.length + 1
    if (this.#batchBytes > batchLimit) {
      this.#problem('BATCH_TOO_LARGE', this.#batchOffset)
      this.#unsure = true
      this.#forgetBatch(offset + line.length + 1)
      return
    }
    const read = readEntry(line, this.#log)
    const entry = typeof read === 'string' ? this.#problem(read, offset) : read
    this.#batchEntries.push({ seq: entry?.seq ?? -1, entry, line: copy })
    if (entry === null) return
    const at: [number, number] = [entry.seq, entry.seq]
    if (!kinds.has(entry.kind)) this.#problem('KIND_UNKNOWN', offset, at)
    if (this.#to !== null && entry.time < this.#to) this.#problem('TIME_BACKWARDS', offset, at)
    this.#from ??= entry.time
    this.#to = entry.time
    if (entry.kind === 'gap') this.#gap(entry, offset)
    if (entry.kind === 'resume' && Number(entry['cut']) > 0) this.#note('TAIL_CUT', offset, at)
  }

  #gap(entry: Record<string, unknown> & { seq: number }, offset: number): void {
    this.#note(entry['cause'] === 'clock' ? 'CLOCK_NOTED' : 'GAP_NOTED', offset, [entry.seq, entry.seq])
    const lost = entry['lost']
    if (Array.isArray(lost) && lost.length === 2) this.#lostNoted.push([Number(lost[0]), Number(lost[1])])
  }

  /** What stands after the last frame of a file. Only the end of a log can be torn; and only as a write is torn. */
  #finishFile(last: boolean): void {
    if (this.#files === 0) return
    const { rest, offset } = this.#lines
    if (this.#batchEntries.length === 0 && rest.length === 0) return
    const at = this.#batchEntries.length > 0 ? this.#batchOffset : offset
    const known = this.#batchEntries.every(({ seq }, nth) => seq === this.#next + nth)
    if (!last || !known || !isTorn(rest)) this.#problem('BATCH_UNFINISHED', at)
    else this.#note('TAIL_TORN', at)
    this.#unsure = true
  }

  #forgetBatch(next: number): void {
    this.#batchParts = []
    this.#batchBytes = 0
    this.#batchEntries = []
    this.#batchOffset = next
  }

  /** Missing records whose loss is on record are still missing, but the reader learns that it is known. */
  #explainLosses(): void {
    for (const { code, records, file, offset } of this.#problems) {
      const noted = this.#lostNoted.some(([from, to]) => records !== null && from <= records[0] && records[1] <= to)
      if (code === 'RECORDS_MISSING' && noted) this.#notes.push(found('LOSS_NOTED', { file, offset, records }))
    }
  }

  #problem(code: ProblemKind, offset: number, records: [number, number] | null = null): null {
    if (this.#problems.length < mostListed) this.#problems.push(found(code, { file: this.#number, offset, records }))
    else this.#more++
    return null
  }

  #note(code: ProblemKind, offset: number, records: [number, number] | null = null): void {
    if (this.#notes.length < mostListed) this.#notes.push(found(code, { file: this.#number, offset, records }))
  }
}

const lineFeed = Buffer.from('\n')
