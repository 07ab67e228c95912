/**
 * How rows are written but for their values: what stands between two values comes again in row after row, and is learnt once and
 * compared as a whole from then on. Only rows are learnt that say nothing but what an object of JSON would: of elements with
 * one text each, and of attributes, under names that lead to one place each and label nothing.
 */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { areAlike, Word } from '../bytes.ts'
import { longestLabel, mostLabels, role } from '../roles.ts'
import { isBlank, pastBlanks } from './characters.ts'
import type { NamedTag } from './known-tags.ts'
import { mayLabel } from './label-attributes.ts'
import type { Namespaces } from './namespaces.ts'
import { readStartTag } from './tag.ts'
import { isNcName } from './text.ts'
import { cdataEnd, cdataStart } from './tokens.ts'

/** How a value is written. */
export const [inText, inCdata, inAttribute] = [0, 1, 2] as const
export type Writing = typeof inText | typeof inCdata | typeof inAttribute

/** How much is remembered of the rows in one element: ways to go on behind one value, ways in all, and bytes of each. */
const mostWays = 8
const mostSteps = 256
const longestStep = 512
const mostMembers = 128

const [slash, lessThan, greaterThan, equals, doubleQuote, exclamation] = [0x2f, 0x3c, 0x3e, 0x3d, 0x22, 0x21]
const cdataOpening = Buffer.from(cdataStart)
const nothing = Buffer.alloc(0)

/** A name in a row. */
class Member {
  /** The name as JSON has it, with its colon. */
  readonly name: Word
  /** Whether values beside it may be what it says. */
  readonly isLabel: boolean
  /** Whether its values are read for what they hold, and not masked for what they are. */
  readonly isRead: boolean
  /** In which row it stood last. */
  row = 0

  constructor(local: string, isLabel: boolean, isRead: boolean) {
    this.name = new Word(`"${local}":`)
    this.isLabel = isLabel
    this.isRead = isRead
  }
}

/** A value that stands in a row, and what may stand behind it. */
export class Value {
  readonly member: Member | null
  readonly writing: Writing
  /** What closes its element, but for the blanks and the `>` behind that. */
  readonly closing: Buffer
  readonly following: Step[] = []

  constructor(member: Member | null, writing: Writing, closing: Buffer) {
    this.member = member
    this.writing = writing
    this.closing = closing
  }
}

/** What stands between two values, ahead of the first, or behind the last. */
export type Step = {
  readonly number: number
  readonly written: Word
  /** What comes behind it; null: the row is over. */
  readonly value: Value | null
  /** The names that come in it, also those of elements without a text. */
  readonly members: readonly Member[]
  /** How many elements begin in it. */
  readonly children: number
  /** How far the beginning of the value is behind the name of its element, or behind what stands ahead of its attribute. */
  readonly back: number
}

/** What is being learnt goes on behind what has come. */
class Cut extends Error {}

export class RowShape {
  readonly steps: Step[] = []
  /** Where a row begins. */
  readonly start: Value
  readonly #fields: FieldCursor
  readonly #namespaces: Namespaces
  readonly #around: Place
  readonly #place: Place
  /** Whether the plan knows the name of the rows: then labels say nothing of them. */
  readonly #isKnown: boolean
  readonly #opening: Buffer
  readonly #closing: Buffer
  /** null: its values have to be offered one by one. */
  readonly #members = new Map<string, Member | null>()
  readonly #values = new Map<string, Value>()

  /** Of rows that begin with such a tag and stand at a place, in an element that stands `around` it. */
  constructor(fields: FieldCursor, namespaces: Namespaces, { name }: NamedTag, around: Place, place: Place) {
    this.#fields = fields
    this.#namespaces = namespaces
    this.#around = around
    this.#place = place
    this.#isKnown = fields.described(around, []) !== place
    this.#opening = Buffer.from(`<${name}`)
    this.#closing = Buffer.from(`</${name}`)
    this.start = new Value(null, inAttribute, nothing)
  }

  /** Whether the start tag of such a row stands there; null: it cannot be told yet. */
  begins(bytes: Buffer, at: number): boolean | null {
    const opening = this.#opening
    for (let i = 0; i < opening.length; i++) {
      if (at + i >= bytes.length) return null
      if (bytes[at + i] !== opening[i]) return false
    }
    const behind = at + opening.length
    if (behind >= bytes.length) return null
    return isBlank(bytes[behind]!) || bytes[behind] === slash || bytes[behind] === greaterThan
  }

  /** Whether labels in the tag of a row make it nothing else than it is. */
  isSaidBy(labels: readonly string[]): boolean {
    if (this.#isKnown) return true
    const counting = labels.filter(label => label !== '' && label.length <= longestLabel).slice(0, mostLabels)
    return counting.length === 0 || this.#fields.described(this.#around, counting) === this.#place
  }

  /** The step at a position right behind a value; null: the row is of another kind; 'cut': too little of it has come. */
  after(value: Value, bytes: Buffer, view: DataView, at: number): Step | null | 'cut' {
    const { following } = value
    for (let nth = 0; nth < following.length; nth++) {
      const step = following[nth]!
      if (!standsThere(step, bytes, view, at)) continue
      if (nth > 0) {
        following[nth] = following[nth - 1]!
        following[nth - 1] = step
      }
      return step
    }
    if (following.length >= mostWays || this.steps.length >= mostSteps) return null
    try {
      const step = this.#learn(value, bytes, at)
      if (step !== null) following.push(step)
      return step
    } catch (error) {
      return error instanceof Cut && bytes.length - at < longestStep ? 'cut' : null
    }
  }

  /** What stands behind a value, up to the next one or the end of the row. */
  #learn(before: Value, bytes: Buffer, from: number): Step | null {
    const reach = bytes.subarray(0, Math.min(bytes.length, from + longestStep))
    if (before.writing !== inAttribute)
      return this.#learnInside(reach, from, this.#pastTag(reach, from, before.closing))
    const behind = before === this.start ? from + this.#opening.length : from + 1
    const at = pastBlanks(reach, behind)
    const byte = byteAt(reach, at)
    if (byte === greaterThan) return this.#learnInside(reach, from, at + 1)
    if (byte === slash)
      return byteAt(reach, at + 1) === greaterThan ? this.#step(reach, from, at + 2, null, [], 0, 0) : null
    const value = at === behind ? null : this.#attribute(reach, at)
    if (value === null) return null
    const to = at + value.closing.length
    return this.#step(reach, from, to, value, [value.member!], 0, to - behind)
  }

  /** The same between the tags of a row, where it has been read up to `at`, which is -1 where it is of another kind. */
  #learnInside(reach: Buffer, from: number, at: number): Step | null {
    const members: Member[] = []
    while (at > 0) {
      const begin = pastBlanks(reach, at)
      if (byteAt(reach, begin) !== lessThan) return null
      if (byteAt(reach, begin + 1) === slash) {
        const to = this.#pastTag(reach, begin, this.#closing)
        return to < 0 ? null : this.#step(reach, from, to, null, members, members.length, 0)
      }
      const to = endOfTag(reach, begin)
      const { name, prefix, local, nameTo, attributes, selfClosing } = readStartTag(reach, begin, to)
      const member = attributes.length > 0 || !this.#isElement(prefix) ? null : this.#member(local)
      if (member === null) return null
      members.push(member)
      if (!selfClosing) {
        const writing = writingAt(reach, to)
        if (writing === null) return null
        const end = writing === inCdata ? to + cdataStart.length : to
        const value = this.#value(name, member, writing)
        return this.#step(reach, from, end, value, members, members.length, end - begin - nameTo)
      }
      at = to
    }
    return null
  }

  #step(
    bytes: Buffer,
    from: number,
    to: number,
    value: Value | null,
    members: readonly Member[],
    children: number,
    back: number,
  ): Step {
    const step = {
      number: this.steps.length,
      written: new Word(bytes.subarray(from, to)),
      value,
      members,
      children,
      back,
    }
    this.steps.push(step)
    return step
  }

  /** The attribute whose name begins there: of no namespace, in double quotes, and not one that says how its element is read. */
  #attribute(bytes: Buffer, from: number): Value | null {
    let to = from
    while (byteAt(bytes, to) !== equals && to - from < longestStep) to++
    const local = bytes.toString('utf8', from, to)
    if (byteAt(bytes, to + 1) !== doubleQuote || !isNcName(local) || readElsewhere.has(local)) return null
    const member = this.#member(local)
    // What closes it is not asked for; so that says how it begins.
    return member === null ? null : this.#known(`"${local}`, member, inAttribute, () => bytes.subarray(from, to + 2))
  }

  #value(name: string, member: Member, writing: typeof inText | typeof inCdata): Value {
    const ahead = writing === inCdata ? cdataEnd : ''
    return this.#known(`${ahead}${name}`, member, writing, () => Buffer.from(`${ahead}</${name}`))
  }

  #known(key: string, member: Member, writing: Writing, closing: () => Buffer): Value {
    let value = this.#values.get(key)
    if (value === undefined) this.#values.set(key, (value = new Value(member, writing, Buffer.from(closing()))))
    return value
  }

  #isElement(prefix: string): boolean {
    return prefix === '' || !this.#namespaces.isInclusion(prefix)
  }

  #member(local: string): Member | null {
    let member = this.#members.get(local)
    if (member !== undefined) return member
    if (this.#members.size >= mostMembers) return null
    const fields = this.#fields
    const place = fields.memberNamed(this.#place, local)
    const { roles } = fields
    // What labels say counts for values, of which there are none then.
    const isPlain = !fields.keyIsPersonal && (roles & ~role.label) === 0
    const treatment = fields.treatment(place)
    const mayStand = isPlain && fields.looksThrough(place) && treatment !== 'remove'
    member = mayStand ? new Member(local, mayLabel(local, roles), treatment !== 'mask') : null
    this.#members.set(local, member)
    return member
  }

  /** Where an end tag ends that begins so; -1: another stands there. */
  #pastTag(bytes: Buffer, from: number, beginning: Buffer): number {
    for (let i = 0; i < beginning.length; i++) if (byteAt(bytes, from + i) !== beginning[i]) return -1
    const at = pastBlanks(bytes, from + beginning.length)
    return byteAt(bytes, at) === greaterThan ? at + 1 : -1
  }
}

/** Attributes that number cells, refer elsewhere or declare: they are read with their elements. */
const readElsewhere: ReadonlySet<string> = new Set(['Index', 'MergeAcross', 'href', 'xmlns'])

function standsThere({ written, value }: Step, bytes: Buffer, view: DataView, at: number): boolean {
  const to = at + written.length
  if (to > bytes.length || !areAlike(view, at, written.view, 0, written.length)) return false
  // A section or a comment begins where a text was expected.
  return !(value !== null && value.writing === inText && bytes[to] === lessThan && bytes[to + 1] === exclamation)
}

/** How the text of an element is written that begins there; null: it holds other elements, or a comment. */
function writingAt(bytes: Buffer, at: number): typeof inText | typeof inCdata | null {
  if (byteAt(bytes, at) !== lessThan || byteAt(bytes, at + 1) === slash) return inText
  for (let i = 0; i < cdataOpening.length; i++) if (byteAt(bytes, at + i) !== cdataOpening[i]) return null
  return inCdata
}

function endOfTag(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(greaterThan, from)
  if (at < 0) throw new Cut()
  return at + 1
}

function byteAt(bytes: Buffer, at: number): number {
  if (at >= bytes.length) throw new Cut()
  return bytes[at]!
}
