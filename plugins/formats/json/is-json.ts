/** Tells by its bytes whether a text is JSON, before anything is made of it: what is none is read as something else. */
import { areEscapes, delimiterFrom, isPrimitive, pastSpace } from './text.ts'

/** What a text is: no JSON, JSON that is a row if the text is, or JSON that holds rows, an array with objects or arrays in it. */
export const [notJson, noRows, rows] = [0, 1, 2] as const
export type Told = typeof notJson | typeof noRows | typeof rows

const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const comma = 0x2c
const colon = 0x3a
const quote = 0x22
const backslash = 0x5c

/** What stands in a string for itself: neither its end nor an escape, nor a control character. */
const plain = new Uint8Array(256).fill(1, 0x20)
plain[quote] = 0
plain[backslash] = 0

/** For each container around, whether it is an object. Deeper ones get a list of their own, as few texts have them. */
const usual = new Uint8Array(256)

/**
 * What bytes are by the grammar of RFC 8259; only objects, arrays and strings count as JSON. That strings are UTF-8 is not looked at.
 * Linear.
 */
export function tellJson(bytes: Buffer, from: number, to: number): Told {
  let isObject: Uint8Array = usual
  let depth = 0
  let told: Told = noRows
  let at = pastSpace(bytes, from, to)
  if (at === to || (bytes[at] !== openBrace && bytes[at] !== openBracket && bytes[at] !== quote)) return notJson
  for (;;) {
    // A value begins here.
    const byte = at < to ? bytes[at]! : 0
    if (byte === openBrace || byte === openBracket) {
      if (depth > 0 && isObject[depth - 1] === 0) told = rows
      if (depth === isObject.length) isObject = deeper(isObject)
      isObject[depth++] = byte === openBrace ? 1 : 0
      at = pastSpace(bytes, at + 1, to)
      if (at < to && bytes[at] === (byte === openBrace ? closeBrace : closeBracket)) {
        at++
        depth--
      } else {
        if (byte === openBrace && (at = pastName(bytes, at, to)) < 0) return notJson
        continue
      }
    } else if ((at = byte === quote ? pastString(bytes, at + 1, to) : pastPrimitive(bytes, at, to)) < 0) return notJson
    // One is over.
    for (;;) {
      at = pastSpace(bytes, at, to)
      if (depth === 0) return at === to ? told : notJson
      if (at === to) return notJson
      const inObject = isObject[depth - 1] === 1
      const next = bytes[at++]
      if (next === comma) {
        at = pastSpace(bytes, at, to)
        if (inObject && (at = pastName(bytes, at, to)) < 0) return notJson
        break
      }
      if (next !== (inObject ? closeBrace : closeBracket)) return notJson
      depth--
    }
  }
}

function deeper(known: Uint8Array): Uint8Array {
  const more = new Uint8Array(known.length * 2)
  more.set(known)
  return more
}

/** Where the value of the member begins that begins here; -1: none does. */
function pastName(bytes: Buffer, from: number, to: number): number {
  if (from >= to || bytes[from] !== quote) return -1
  const behind = pastString(bytes, from + 1, to)
  if (behind < 0) return -1
  const at = pastSpace(bytes, behind, to)
  return at < to && bytes[at] === colon ? pastSpace(bytes, at + 1, to) : -1
}

/** Behind the closing quote of a string that begins here; -1: it is none. */
function pastString(bytes: Buffer, from: number, to: number): number {
  let escaped = false
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (plain[byte] === 1) continue
    if (byte === quote) return escaped && !areEscapes(bytes, from, at) ? -1 : at + 1
    if (byte !== backslash) return -1
    escaped = true
    at++
  }
  return -1
}

/** Behind a number or literal; -1: it is none. */
function pastPrimitive(bytes: Buffer, from: number, to: number): number {
  const end = delimiterFrom(bytes, from, to)
  return isPrimitive(bytes, from, end) ? end : -1
}
