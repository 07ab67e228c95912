/**
 * Labels that stand behind the value they name: `{"value":"张三","label":"姓名"}`. Before such a value is read, a look on the
 * tape over what is near of the rest of its object. The compiled reader does the same: ./wasm/labels-behind.ts.
 */
import { holds, positionMask, type Scanner } from './scan.ts'
import { areEscapes, readString } from './text.ts'

/** How far behind the beginning of a value, in bytes: what a value may have to wait for. */
const reach = 1024

const quote = 0x22
const colon = 0x3a
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d

/** A label, and how many bytes it is written in. */
export type Label = { readonly text: string; readonly length: number }

/**
 * The labels behind the value of a member that begins with entry `t`, in order: strings that are members of the same object by
 * names that label, and end within reach; `limit` is the most bytes that a scalar has. `waiting`: some may come yet. What is
 * malformed ends the look: the reader comes to it.
 */
export function labelsBehind(
  bytes: Buffer,
  { tape, count, scanned }: Scanner,
  t: number,
  limit: number,
  isLabel: (name: string) => boolean,
): readonly Label[] | 'waiting' {
  const found: Label[] = []
  const until = (tape[t]! & positionMask) + Math.min(reach, limit)
  const waits = scanned < until
  let inside = 0
  let name: string | null = null
  for (let at = t; at < count; at++) {
    const from = tape[at]! & positionMask
    if (from >= until) return found
    const byte = bytes[from]!
    if (byte === quote) {
      if (++at === count) break
      const text = textBetween(bytes, from + 1, tape[at]!, until)
      if (text === null) break
      if (name !== null) {
        if (isLabel(name)) found.push({ text, length: (tape[at]! & positionMask) - from - 1 })
        name = null
      } else if (inside === 0 && at + 1 < count && bytes[tape[at + 1]! & positionMask] === colon) {
        name = text
        at++
      }
      continue
    }
    name = null
    if (byte === openBrace || byte === openBracket) inside++
    else if ((byte === closeBrace || byte === closeBracket) && inside-- === 0) return found
  }
  return waits ? 'waiting' : found
}

/** The string from `from` on with this entry for its closing quote; null where it ends out of reach, or is malformed. */
function textBetween(bytes: Buffer, from: number, close: number, until: number): string | null {
  const to = close & positionMask
  const escaped = (close & holds.escape) !== 0
  if (to >= until || (escaped && !areEscapes(bytes, from, to))) return null
  return readString(bytes, from, to, escaped, (close & holds.wide) !== 0)
}
