/**
 * Tags as they come again and again, found by their bytes: after a tag, the one that followed it last time is tried first. Of those
 * with attributes all but the values has to be the same.
 */
import type { FieldCursor } from '../../../gateway/contracts.ts'
import { holdsOf, isBlank } from './characters.ts'
import { ElementName } from './element-name.ts'
import { Attribute, readStartTag, type StartTag } from './tag.ts'

/** How many tags are remembered, up to which length, and with how many attributes. A tag takes the place of another of its hash. */
const mostTags = 512
const longestTag = 2048
const mostAttributes = 64
/** The same of names and tags that outlive their body. */
const mostNames = 1024
const longestShared = 96
const plainPrefix = /^[A-Za-z]{0,12}\d?$/
const lessThan = 0x3c
const greaterThan = 0x3e
const slash = 0x2f

/** A start tag, and what is known of it by its names. */
export type NamedTag = StartTag & {
  readonly named: ElementName
  /** Whether no attribute declares a prefix, and none can be the same as another, whatever prefixes stand for. */
  readonly isSimple: boolean
}

/**
 * What is remembered for all bodies under one plan: names that are not personal, and tags of them without attributes, as others change
 * with each that is found.
 */
type Shared = { readonly names: Map<string, ElementName>; readonly tags: Map<number, KnownTag> }

const sharedBy = new WeakMap<object, Shared>()

export class KnownTags {
  /** Of the tag last found: what its values hold, and where it ends. */
  held = 0
  end = 0
  readonly #shared: Shared
  /** Of this body alone. */
  readonly #own = new Map<number, KnownTag>()
  #last: KnownTag | null = null

  constructor({ plan }: FieldCursor) {
    let shared = sharedBy.get(plan)
    if (shared === undefined) sharedBy.set(plan, (shared = { names: new Map(), tags: new Map() }))
    this.#shared = shared
  }

  /** The start tag at a position, if it is known and whole; else null. What it says changes with the next, unless it is `pending`. */
  at(bytes: Buffer, from: number, pending: StartTag | null): NamedTag | null {
    const last = this.#last
    const guess = last === null ? null : last.following
    const guessed = guess === null ? null : this.#match(guess, bytes, from, pending)
    if (guessed !== null) return guessed
    const slot = slotOf(bytes, from)
    const found =
      this.#find(this.#shared.tags.get(slot), bytes, from, pending) ??
      this.#find(this.#own.get(slot), bytes, from, pending)
    // What all bodies share leads to nothing that is a body's own.
    if (found !== null && last !== null && (!last.isShared || this.#last!.isShared)) last.following = this.#last
    return found
  }

  #find(known: KnownTag | undefined, bytes: Buffer, from: number, pending: StartTag | null): NamedTag | null {
    return known === undefined ? null : this.#match(known, bytes, from, pending)
  }

  #match(known: KnownTag, bytes: Buffer, from: number, pending: StartTag | null): NamedTag | null {
    const tag = known.match(bytes, from, pending)
    if (tag === null) return null
    this.#last = known
    this.held = known.held
    this.end = known.end
    return tag
  }

  /** Reads the tag that stands there. Throws where it is not well-formed. */
  read(bytes: Buffer, from: number, to: number): NamedTag {
    const tag = readStartTag(bytes, from, to)
    const named = this.#shared.names.get(tag.name) ?? new ElementName(tag)
    const { attributes } = tag
    const isShort = to - from <= longestTag && attributes.length <= mostAttributes
    return { ...tag, named, isSimple: isShort && areDistinct(attributes) }
  }

  /** Remembers the tag that was read there, once it is known where its element stands. */
  keep(tag: NamedTag, bytes: Buffer, from: number, to: number): void {
    const { names, tags } = this.#shared
    const { named, name } = tag
    const mayBeShared = named.step !== null && to - from <= longestShared && plainPrefix.test(tag.prefix)
    if (mayBeShared && names.size < mostNames) names.set(name, named)
    if (!tag.isSimple) return
    const isShared = mayBeShared && tag.attributes.length === 0 && names.get(name) === named
    const known = new KnownTag(tag, bytes, from, to, isShared)
    if (isShared) tags.set(slotOf(bytes, from), known)
    else this.#own.set(slotOf(bytes, from), known)
  }
}

class KnownTag {
  following: KnownTag | null = null
  /** By all bodies under one plan. */
  readonly isShared: boolean
  /** Of where it was found last. */
  held = 0
  end = 0
  readonly #tag: NamedTag
  /** The same with attributes of its own, for while the first waits for what follows it. */
  #other: NamedTag | null = null
  /** What stands ahead of each value, from the quote behind the one before, and behind the last; and where in it the name is. */
  readonly #between: readonly Uint8Array[]
  readonly #nameFrom: readonly number[]
  readonly #nameTo: readonly number[]

  constructor(tag: NamedTag, bytes: Buffer, from: number, to: number, isShared: boolean) {
    const { attributes } = tag
    const begins = [0, ...attributes.map(one => one.to - 1)]
    const ends = [...attributes.map(({ valueFrom }) => valueFrom + 1), to - from]
    this.#tag = tag
    this.isShared = isShared
    this.#between = begins.map((begin, nth) => Uint8Array.prototype.slice.call(bytes, from + begin, from + ends[nth]!))
    this.#nameFrom = attributes.map((one, nth) => one.nameFrom - begins[nth]!)
    this.#nameTo = attributes.map((one, nth) => one.nameTo - begins[nth]!)
  }

  /** This tag as it stands there; null: it does not, or not as a whole, or it has to be looked at closely. */
  match(bytes: Buffer, from: number, pending: StartTag | null): NamedTag | null {
    const between = this.#between
    const tag = this.#tag !== pending ? this.#tag : (this.#other ??= withOtherAttributes(this.#tag))
    const { attributes } = tag
    let held = 0
    let at = from
    for (let nth = 0; nth < attributes.length; nth++) {
      const expected = between[nth]!
      if (!standsAt(expected, bytes, at)) return null
      const begin = at - from
      const attribute = attributes[nth]!
      at += expected.length
      const heldHere = this.#passValue(bytes, at, expected[expected.length - 1]!)
      if (heldHere < 0) return null
      at = this.end
      attribute.from = nth === 0 ? tag.nameTo : begin + 1
      attribute.nameFrom = begin + this.#nameFrom[nth]!
      attribute.nameTo = begin + this.#nameTo[nth]!
      attribute.valueFrom = begin + expected.length - 1
      attribute.to = at + 1 - from
      attribute.held = heldHere
      held |= heldHere
    }
    const last = between[attributes.length]!
    if (!standsAt(last, bytes, at)) return null
    this.held = held
    this.end = at + last.length
    return tag
  }

  /** What a value holds, whose closing quote is at `end` then; -1: it has none, or holds what may not be in it. */
  #passValue(bytes: Buffer, from: number, quote: number): number {
    let held = 0
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte === quote) {
        this.end = at
        return held
      }
      if (byte === lessThan) return -1
      held |= holdsOf[byte]!
    }
    return -1
  }
}

function withOtherAttributes(tag: NamedTag): NamedTag {
  return { ...tag, attributes: tag.attributes.map(({ prefix, local }) => new Attribute(prefix, local)) }
}

/** Whether no two attributes have the same name without prefixes, and none declares one. */
function areDistinct(attributes: readonly Attribute[]): boolean {
  if (attributes.some(({ prefix, local }) => prefix === 'xmlns' || (prefix === '' && local === 'xmlns'))) return false
  return attributes.length < 2 || new Set(attributes.map(({ local }) => local)).size === attributes.length
}

/** By the name of the element. */
function slotOf(bytes: Uint8Array, from: number): number {
  const limit = Math.min(bytes.length, from + longestTag)
  let sum = 0
  for (let at = from + 1; at < limit; at++) {
    const byte = bytes[at]!
    if (byte === greaterThan || byte === slash || isBlank(byte)) break
    sum = Math.imul(sum, 31) + byte
  }
  return (sum ^ (sum >>> 15)) & (mostTags - 1)
}

/** Whether some bytes stand at a position. */
export function standsAt(some: Uint8Array, bytes: Uint8Array, from: number): boolean {
  if (from + some.length > bytes.length) return false
  for (let at = 0; at < some.length; at++) if (some[at] !== bytes[from + at]) return false
  return true
}
