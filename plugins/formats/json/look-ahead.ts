/** A look over an object on the tape before any of it is read: where it ends, and which of its own scalars decide how. */
import { holds, positionMask, type Scanner } from './scan.ts'
import { checkEscapes, endOfPrimitive, readString } from './text.ts'

const quote = 0x22
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d
const colon = 0x3a
const nullLead = 0x6e

export class LookAhead {
  /** Entries of the tape that were passed since the object's brace, and how deep they lead: an object in many pieces is walked once. */
  #passed = 0
  #depth = 0

  /**
   * Whether the end of the object whose brace is entry `t` is on the tape: `whole`; `far` where it lies `limit` bytes or more
   * behind the brace. Where it is `waiting`, the next call has to be for the same object, or `forget` comes first.
   */
  end(bytes: Uint8Array, { tape, count, scanned }: Scanner, t: number, limit: number): 'whole' | 'far' | 'waiting' {
    const from = tape[t]! & positionMask
    let at = t + this.#passed
    while (at < count) {
      const position = tape[at]! & positionMask
      if (position - from >= limit) return 'far'
      const byte = bytes[position]!
      if (byte === quote) {
        if (at + 1 === count) break
        at++
      } else if (byte === openBrace || byte === openBracket) this.#depth++
      else if ((byte === closeBrace || byte === closeBracket) && --this.#depth === 0) return 'whole'
      at++
    }
    this.#passed = at - t
    return scanned - from >= limit ? 'far' : 'waiting'
  }

  forget(): void {
    this.#passed = 0
    this.#depth = 0
  }
}

/**
 * The scalars of the object whose brace is entry `t` that `asked` asks for by name and that end less than `limit` bytes
 * behind it: the same ones in however many pieces the object comes. null has no text. What is malformed ends the look: the
 * reader comes to it and throws. Throws `malformed` on a wrong escape.
 */
export function ownScalars(
  bytes: Buffer,
  { tape, count, scanned }: Scanner,
  t: number,
  limit: number,
  asked: (name: string) => boolean,
): [name: string, text: string][] {
  const found: [string, string][] = []
  const until = Math.min(scanned, (tape[t]! & positionMask) + limit)
  let depth = 0
  for (let at = t; at < count && (tape[at]! & positionMask) < until; at++) {
    const from = tape[at]! & positionMask
    const byte = bytes[from]!
    if (byte === openBrace || byte === openBracket) depth++
    else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) break
    if (byte !== quote) continue
    if (at + 1 === count) break
    const close = tape[++at]!
    if (depth !== 1 || at + 2 >= count || bytes[tape[at + 1]! & positionMask] !== colon) continue
    const name = textBetween(bytes, from, close)
    at += 2
    const value = tape[at]! & positionMask
    const lead = bytes[value]!
    if (lead === openBrace || lead === openBracket) depth++
    else if (lead === quote) {
      if (++at === count || (tape[at]! & positionMask) >= until) break
      if (asked(name)) found.push([name, textBetween(bytes, value, tape[at]!)])
    } else {
      if (value >= until) break
      const end = endOfPrimitive(bytes, value, until, false)
      if (end < 0) break
      if (lead !== nullLead && asked(name)) found.push([name, bytes.toString('latin1', value, end)])
    }
  }
  return found
}

function textBetween(bytes: Buffer, from: number, close: number): string {
  const to = close & positionMask
  const escaped = (close & holds.escape) !== 0
  if (escaped) checkEscapes(bytes, from + 1, to)
  return readString(bytes, from + 1, to, escaped, (close & holds.wide) !== 0)
}
