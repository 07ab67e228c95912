/** Values of rows as strings of JSON, by their bytes. */
import { Bytes } from '../bytes.ts'
import { isBlank } from './characters.ts'
import { standsAt } from './known-tags.ts'
import { inAttribute, inCdata, inText, type Value, type Writing } from './row-shape.ts'

const [space, quote, backslash, closeBracket, greaterThan] = [0x20, 0x22, 0x5c, 0x5d, 0x3e]

// What a byte of a value is.
const [plain, ends, escaped, refused, suspect, refers, blank] = [0, 1, 2, 3, 4, 5, 6]
/** By byte: what stands behind the backslash by which JSON has it (RFC 8259, section 7). */
const escapes = new Uint8Array(256)
for (const [byte, name] of ['\tt', '\nn', '""', '\\\\']) escapes[byte!.charCodeAt(0)] = name!.charCodeAt(0)

/**
 * By how a value is written, what its bytes are. Refused is what stands for something else, what may not be there, and what would
 * be written in another way though nothing was done with it.
 */
const classes: Readonly<Record<Writing, Uint8Array>> = {
  [inText]: classesOf('<', '\t\n"\\', '>', '&'),
  [inCdata]: classesOf(']', '\t\n"\\', '', ''),
  [inAttribute]: classesOf('"', '\\', '<>', '&'),
}

// White space in attributes reads as blanks (XML 1.0, section 3.3.3).
classes[inAttribute].fill(blank, 0x09, 0x0b)

function classesOf(ending: string, escaping: string, refusing: string, referring: string): Uint8Array {
  const made = new Uint8Array(256).fill(plain)
  made.fill(refused, 0, 0x20)
  // U+FFFE and U+FFFF begin so.
  made[0xef] = suspect
  for (const byte of Buffer.from(refusing)) made[byte] = refused
  for (const byte of Buffer.from(escaping)) made[byte] = escaped
  for (const byte of Buffer.from(referring)) made[byte] = refers
  for (const byte of Buffer.from(ending)) made[byte] = ends
  return made
}

/** References as they are written of a text that is masked, or read the same, and how the character is written in JSON. */
const references = [
  { written: Buffer.from('&amp;'), inJson: Buffer.from('&') },
  { written: Buffer.from('&lt;'), inJson: Buffer.from('<') },
  { written: Buffer.from('&gt;'), inJson: Buffer.from('>') },
  { written: Buffer.from('&quot;'), inJson: Buffer.from('\\"') },
  { written: Buffer.from('&apos;'), inJson: Buffer.from("'") },
] as const

function referenceAt(bytes: Buffer, at: number): (typeof references)[number] | undefined {
  return references.find(({ written }) => standsAt(written, bytes, at))
}

/** What came of a value: it is written, there is none, more of it has to come, or it cannot be written so. */
export const [hasValue, empty, unfinished, odd] = [0, 1, -1, -2] as const

/** Texts of JSON, one behind the other. */
export class ValueText extends Bytes {
  /** Of the value last read: where it begins and ends without the blanks around it, and where it ends with them. */
  from = 0
  to = 0
  end = 0

  /** Writes the value that begins there. */
  putValue(
    bytes: Buffer,
    begin: number,
    value: Value,
  ): typeof hasValue | typeof empty | typeof unfinished | typeof odd {
    const { writing } = value
    let from = begin
    if (writing !== inAttribute) while (from < bytes.length && isBlank(bytes[from]!)) from++
    const held = this.#passValue(bytes, from, value)
    if (held === unfinished || held === odd) return held
    let to = this.end
    if (writing !== inAttribute) while (to > from && isBlank(bytes[to - 1]!)) to--
    if (writing !== inAttribute && to === from) return empty
    this.from = from
    this.to = to
    this.reserve((to - from) * 2 + 4)
    this.putByte(quote)
    if (held === plain) this.putBytes(bytes, from, to)
    else this.#putEscaped(bytes, from, to, writing)
    this.putByte(quote)
    return hasValue
  }

  /** Finds the end of a value; returns whether it stands as it is. */
  #passValue(bytes: Buffer, from: number, { writing, member }: Value): number {
    const kinds = classes[writing]
    let held: number = plain
    for (let at = from; at < bytes.length; at++) {
      const kind = kinds[bytes[at]!]!
      if (kind === plain) continue
      if (kind === ends) {
        if (writing === inCdata && at + 2 >= bytes.length) return unfinished
        if (writing === inCdata && (bytes[at + 1] !== closeBracket || bytes[at + 2] !== greaterThan)) continue
        this.end = at
        return held
      }
      if (kind === refused) return odd
      if (kind === suspect) {
        if (at + 2 >= bytes.length) return unfinished
        if (bytes[at + 1] === 0xbf && bytes[at + 2]! >= 0xbe) return odd
        continue
      }
      if (kind === refers && referenceAt(bytes, at) === undefined) return odd
      // Masked, it would leave as a blank, whatever the mask made of the rest.
      if (kind === blank && !member!.isRead) return odd
      held = escaped
    }
    return unfinished
  }

  #putEscaped(bytes: Buffer, from: number, to: number, writing: Writing): void {
    const kinds = classes[writing]
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      const kind = kinds[byte]!
      if (kind === refers) {
        const { written, inJson } = referenceAt(bytes, at)!
        this.putBytes(inJson, 0, inJson.length)
        at += written.length - 1
      } else if (kind === blank) this.putByte(space)
      else if (kind === escaped) {
        this.putByte(backslash)
        this.putByte(escapes[byte]!)
      } else this.putByte(byte)
    }
  }
}
