import { type Draft, type GapCause, type GapDraft, type OwnDraft, serialise } from '../entry.ts'
import type { Receipt } from './log.ts'

/** Entries of one append as they will be written, each with its line feed, and the number that comes after them. */
export type Numbered = { readonly text: string; readonly receipts: Receipt[]; readonly next: number }

/** Gives entries their numbers, without a hole, and their times, which never go back. */
export class Numbering {
  /** The next entry's number, with those that are queued counted. Whoever takes the lines sets it to their `next`. */
  seq: number
  readonly #log: string
  readonly #clock: () => number
  #time: number
  #clockNoted = false
  #behind = 0
  /** As the last record has it: a busy millisecond has several. */
  #stamped = { at: Number.NaN, text: '' }

  constructor(log: string, clock: () => number, from: { readonly seq: number; readonly time: number }) {
    this.#log = log
    this.#clock = clock
    this.seq = from.seq
    this.#time = from.time
  }

  /** Milliseconds since 1970 of the last record, from before a start too; 0: there was none. */
  get lastTime(): number {
    return this.#time
  }

  /** Whole seconds that the clock was behind the last record when it was last looked at. */
  get secondsBehind(): number {
    return Math.floor(this.#behind / 1000)
  }

  /** `noteClock`: a clock that went back by a second or more is told first, once. */
  linesOf(drafts: readonly (Draft | OwnDraft)[], noteClock = false): Numbered {
    const log = this.#log
    const { time, behind } = this.#stamp()
    const stepped = noteClock && !this.#clockNoted && behind >= 1000 ? Math.floor(behind / 1000) : 0
    let next = this.seq
    let text = ''
    const receipts: Receipt[] = []
    if (stepped > 0) {
      text = `${serialise(gapOf('clock', stepped, 0, [], null), { log, seq: next, time })[0]}\n`
      next++
    }
    for (const draft of drafts) {
      const lines = serialise(draft, { log, seq: next, time })
      text += `${lines.length === 1 ? lines[0] : lines.join('\n')}\n`
      next += lines.length
      receipts.push({ log, seq: next - 1, id: `${log}:${next - 1}` })
    }
    this.#clockNoted ||= stepped > 0
    return { text, receipts, next }
  }

  /** The time of the next record, never before the last, and the milliseconds that the clock is behind it. */
  #stamp(): { time: string; behind: number } {
    const now = this.#clock()
    if (now >= this.#time) {
      this.#time = now
      this.#clockNoted = false
    }
    if (this.#time !== this.#stamped.at) this.#stamped = { at: this.#time, text: new Date(this.#time).toISOString() }
    this.#behind = this.#time - now
    return { time: this.#stamped.text, behind: this.#behind }
  }
}

/** `seconds`: how long nothing could be written, or how far the clock went back. `without` and `lost` are the `void` and `lost` of its record. */
export function gapOf(
  cause: GapCause,
  seconds: number,
  dropped: number,
  without: readonly (readonly [number, number])[],
  lost: readonly [number, number] | null,
): GapDraft {
  return { kind: 'gap', cause, seconds, dropped, void: without, lost }
}
