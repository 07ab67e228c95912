/**
 * The first of two stages of reading JSON: where its tokens begin, and that its strings are well-formed UTF-8 without
 * control characters. What the tokens say is left to the second stage (walk.ts).
 *
 * The tape gets the position of each of `{ } [ ] : ,` outside strings, of each string's opening quote, of each string's
 * closing quote together with what the string holds, and of the first byte of anything else (numbers and literals).
 */
import { fault } from '../faults.ts'

/** In a closing quote's entry: the position's bits, then what stands between the quotes. */
const positionBits = 26
export const positionMask = (1 << positionBits) - 1
export const holds = {
  /** A backslash. */
  escape: 1 << positionBits,
  /** At least as many digits as the shortest detector needs, or a byte that may lead full-width ones. */
  digits: 1 << (positionBits + 1),
  /** A commercial at. */
  at: 1 << (positionBits + 2),
  /** Bytes outside ASCII. */
  wide: 1 << (positionBits + 3),
  /** An opening brace, bracket or angle: structured text, perhaps. */
  opener: 1 << (positionBits + 4),
} as const

/** How the bytes of a string are told apart. */
const plain = 0
const digit = 1
const at = 2
const opener = 3
const quote = 4
const backslash = 5
const control = 6
const wide = 7

const inString = new Uint8Array(256)
inString.fill(control, 0, 0x20)
inString.fill(digit, 0x30, 0x3a)
inString.fill(wide, 0x80)
inString[0x40] = at
inString[0x5b] = inString[0x7b] = inString[0x3c] = opener
inString[0x22] = quote
inString[0x5c] = backslash

/** Outside strings: 0 part of a number, a literal or a fault; 1 white space; 2 structure; 3 a quote. */
const outside = new Uint8Array(256)
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) outside[byte] = 1
for (const byte of [0x7b, 0x7d, 0x5b, 0x5d, 0x3a, 0x2c]) outside[byte] = 2
outside[0x22] = 3

export class Scanner {
  tape: Uint32Array
  /** Entries on the tape. */
  count = 0
  /** Up to where bytes have been scanned; a character cut by the end of the bytes is left for the next time. */
  scanned = 0
  readonly #digitsNeeded: number
  #open = false
  #primitive = false
  #holds = 0
  #digits = 0

  /** `digitsNeeded`: how many digits make a string worth reading. */
  constructor(digitsNeeded: number) {
    this.#digitsNeeded = digitsNeeded
    this.tape = new Uint32Array(1024)
  }

  /** Scans on from `scanned` to `end`. Throws `malformed` or `not_utf8`. The tape must have room for one entry a byte. */
  scan(bytes: Uint8Array, end: number): void {
    const tape = this.tape
    let count = this.count
    let i = this.scanned
    while (i < end) {
      if (this.#open) {
        const stop = this.#string(bytes, i, end)
        if (stop < 0) break
        tape[count++] = (stop | this.#holds) >>> 0
        this.#open = false
        i = stop + 1
        continue
      }
      let primitive = this.#primitive
      let kind = 0
      while (i < end && (kind = outside[bytes[i]!]!) !== 3) {
        if (kind === 2) {
          tape[count++] = i
          primitive = false
        } else if (kind === 1) primitive = false
        else if (!primitive) {
          tape[count++] = i
          primitive = true
        }
        i++
      }
      if (i < end) {
        tape[count++] = i++
        primitive = false
        this.#open = true
        this.#holds = 0
        this.#digits = 0
      }
      this.#primitive = primitive
      this.scanned = i
    }
    if (!this.#open) this.scanned = i
    this.count = count
  }

  /** The position of the closing quote, or -1 with `scanned` where to go on. */
  #string(bytes: Uint8Array, from: number, end: number): number {
    let i = from
    let found = this.#holds
    while (i < end) {
      const kind = inString[bytes[i]!]!
      if (kind === plain) {
        i++
        continue
      }
      if (kind === quote) {
        this.#holds = found
        return i
      }
      if (kind === digit) {
        if (++this.#digits >= this.#digitsNeeded) found |= holds.digits
        i++
      } else if (kind === wide) {
        const length = sequence(bytes, i, end)
        if (length === 0) break
        found |= bytes[i] === 0xef ? holds.wide | holds.digits | holds.at : holds.wide
        i += length
      } else if (kind === backslash) {
        if (i + 1 >= end) break
        found |= holds.escape
        // Any other character is looked at in its turn: it may be a control character, or not be UTF-8.
        i += bytes[i + 1] === 0x22 || bytes[i + 1] === 0x5c ? 2 : 1
      } else if (kind === control) throw fault('malformed')
      else {
        found |= kind === at ? holds.at : holds.opener
        i++
      }
    }
    this.#holds = found
    this.scanned = i
    return -1
  }

  /** Takes the first `used` entries off the tape, and moves the positions of the rest down by `by` bytes given up. */
  give(used: number, by: number): void {
    for (let k = used; k < this.count; k++) this.tape[k - used] = this.tape[k]! - by
    this.count -= used
    this.scanned -= by
  }

  /** Makes room for one entry for each of `bytes` bytes. */
  reserve(bytes: number): void {
    if (this.count + bytes <= this.tape.length) return
    const wider = new Uint32Array(this.count + bytes)
    wider.set(this.tape.subarray(0, this.count))
    this.tape = wider
  }
}

/** Bytes of the UTF-8 sequence at `i` (RFC 3629, section 4); 0 where the end cuts it. Throws `not_utf8`. */
function sequence(bytes: Uint8Array, i: number, end: number): number {
  const lead = bytes[i]!
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (lead < 0xc2 || lead > 0xf4) throw fault('not_utf8')
  for (let k = 1; k < length; k++) {
    if (i + k >= end) return 0
    const byte = bytes[i + k]!
    const low = k > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
    const high = k > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
    if (byte < low || byte > high) throw fault('not_utf8')
  }
  return length
}
