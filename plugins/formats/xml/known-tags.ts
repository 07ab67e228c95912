/** Tags as they come again and again, found by their bytes: after a tag, the one that followed it last time is tried first. */
import { type ElementName, ElementNames } from './element-names.ts'
import { readStartTag, type StartTag } from './tag.ts'

/** How many tags are remembered, and up to which length. A tag takes the place of another whose bytes have the same hash. */
const mostTags = 1024
const longestTag = 128
const greaterThan = 0x3e

/** A start tag, and what is known of the name of its element. */
export type NamedTag = { readonly tag: StartTag; readonly named: ElementName }

class KnownTag implements NamedTag {
  readonly tag: StartTag
  readonly named: ElementName
  readonly bytes: Uint8Array
  following: KnownTag | null = null

  constructor(tag: StartTag, named: ElementName, bytes: Uint8Array) {
    this.tag = tag
    this.named = named
    this.bytes = bytes
  }
}

export class KnownTags {
  readonly #names = new ElementNames()
  readonly #slots: (KnownTag | null)[] = new Array(mostTags).fill(null)
  #last: KnownTag | null = null

  /** The start tag at a position, if it is known, without attributes; else null. */
  at(bytes: Uint8Array, from: number): (NamedTag & { readonly bytes: Uint8Array }) | null {
    const last = this.#last
    const guess = last === null ? null : last.following
    const found = guess !== null && standsAt(guess.bytes, bytes, from) ? guess : this.#find(bytes, from)
    if (found !== null && last !== null) last.following = found
    if (found !== null) this.#last = found
    return found
  }

  #find(bytes: Uint8Array, from: number): KnownTag | null {
    const found = this.#slots[slotOf(bytes, from)] ?? null
    return found !== null && standsAt(found.bytes, bytes, from) ? found : null
  }

  /** Reads the tag that stands there. Throws where it is not well-formed. */
  read(bytes: Buffer, from: number, to: number): NamedTag {
    const tag = readStartTag(bytes.toString('utf8', from, to))
    const named = this.#names.of(tag)
    if (tag.attributes.length > 0 || to - from > longestTag) return { tag, named }
    const known = new KnownTag(tag, named, Uint8Array.from(bytes.subarray(from, to)))
    this.#slots[slotOf(bytes, from)] = known
    return known
  }
}

/** By the bytes up to the end of a tag that has no attributes. */
function slotOf(bytes: Uint8Array, from: number): number {
  const limit = Math.min(bytes.length, from + longestTag)
  let sum = 0
  for (let at = from + 1; at < limit && bytes[at] !== greaterThan; at++) sum = Math.imul(sum, 31) + bytes[at]!
  return (sum ^ (sum >>> 15)) & (mostTags - 1)
}

/** Whether some bytes stand at a position. */
export function standsAt(some: Uint8Array, bytes: Uint8Array, from: number): boolean {
  if (from + some.length > bytes.length) return false
  for (let at = 0; at < some.length; at++) if (some[at] !== bytes[from + at]) return false
  return true
}
