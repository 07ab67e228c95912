/** The elements around the reader, by name, and where each stands in the plan of fields. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { longestLabel, mostLabels, role } from '../roles.ts'
import { columnOf, type InTable, leaveCell, mayNameColumn, outsideTables } from './columns.ts'
import type { Attribute, StartTag } from './tag.ts'
import { safeName } from './text.ts'

export type OpenElement = InTable & {
  /** As written, to be matched by the end tag. */
  readonly name: string
  /** Another name, where the element's own is personal. */
  readonly shownName: string | null
  /** Of what stands in it. */
  place: Place
  /** Of what stands in its tag: the same, but where a label in the tag says what stands in the element. */
  tagPlace: Place
  /** Labels in its tag, and in it, for values beside them. */
  readonly labels: readonly string[]
  inside: string[] | null
  /** Whether its text labels what stands beside it. */
  readonly isLabel: boolean
  readonly declared: readonly string[]
  /** Inside something removed: not offered, not counted. */
  readonly gone: boolean
  /** How often each name has stood in it. */
  names: Map<string, number> | null
  /** How many names in it were personal. */
  personal: number
}

/** Names remembered at one time over all open elements: a body of ever new names must not stay in memory. */
const maxNames = 65_536
const maxKnown = 4096

const none: readonly string[] = []

export class Elements {
  readonly stack: OpenElement[] = []
  readonly #fields: FieldCursor
  readonly #root: Place
  readonly #bytes = new Map<string, Buffer>()
  #held = 0
  #personalOutside = 0

  constructor(fields: FieldCursor) {
    this.#fields = fields
    this.#root = fields.root
  }

  get top(): OpenElement | undefined {
    return this.stack.at(-1)
  }

  /** Opens the element of a tag; `gone` says that it stands inside something removed, `behind` what labels behind it say. */
  open(
    { name, local, attributes }: StartTag,
    declared: readonly string[],
    gone: boolean,
    behind: readonly string[],
  ): OpenElement {
    if (this.stack.length >= this.#fields.limits.depth) throw fault('too_deep')
    const around = this.top
    let place = this.#root
    let tagPlace = place
    let shownName = null
    let roles = 0
    let labels: readonly string[] = none
    if (!gone) {
      const parent = around?.place ?? this.#root
      place = this.member(parent, local)
      roles = this.#fields.roles
      shownName = this.shownName(local, around)
      if (attributes.length > 0) labels = this.#labelsOf(attributes, parent)
      const column = around === undefined ? none : columnOf(around, this.stack.at(-2), local, attributes)
      if (column.length > 0) labels = column
      const beside = [...(around?.inside ?? labels), ...behind]
      const described = this.#described(parent, place, (roles & role.value) === 0 ? labels : beside)
      tagPlace = this.#fields.repeated(place, this.#ordinal(around, local))
      place = described ?? tagPlace
      this.#fields.beginSibling(local)
    }
    const isLabel = (roles & role.label) !== 0
    const element: OpenElement = {
      ...{ name, shownName, place, tagPlace, labels, isLabel, declared, gone },
      ...{ inside: null, names: null, personal: 0 },
      ...outsideTables,
    }
    this.stack.push(element)
    return element
  }

  close(): OpenElement {
    const element = this.stack.pop()!
    const around = this.top
    if (!element.gone && around !== undefined) leaveCell(element, around, name => this.#isKnown(around.place, name))
    this.#held -= element.names?.size ?? 0
    if (!element.gone) this.#fields.endSibling()
    return element
  }

  /** Whether an element so named, where the next one stands, takes labels behind it. */
  mayBeLabelled(local: string): boolean {
    const parent = this.top?.place ?? this.#root
    const place = this.member(parent, local)
    return (this.#fields.roles & role.value) !== 0 && place === this.#fields.described(parent, [])
  }

  /** The place of an attribute. */
  attribute({ local }: Attribute, { tagPlace, labels }: OpenElement): Place {
    const place = this.member(tagPlace, local)
    return (this.#fields.roles & role.value) === 0 ? place : (this.#described(tagPlace, place, labels) ?? place)
  }

  /** Whether the text of the element at hand is worth knowing: it may be a cell of a row that names columns. */
  get mayNameColumn(): boolean {
    return mayNameColumn(this.stack)
  }

  /** The text of the element at hand is a label for what stands beside it. */
  label(text: string): void {
    const around = this.stack.at(-2)
    if (around === undefined || text === '' || text.length > longestLabel) return
    around.inside ??= []
    if (around.inside.length < mostLabels) around.inside.push(text)
  }

  #labelsOf(attributes: readonly Attribute[], parent: Place): readonly string[] {
    let labels: string[] | null = null
    for (const { prefix, local, value } of attributes) {
      if (prefix !== '' || value === '' || value.length > longestLabel) continue
      this.member(parent, local)
      if ((this.#fields.roles & role.label) === 0) continue
      labels ??= []
      if (labels.length < mostLabels) labels.push(value)
    }
    return labels ?? none
  }

  #isKnown(place: Place, name: string): boolean {
    return this.#fields.described(place, [name]) !== this.#fields.described(place, [])
  }

  /** The place that labels say; null where there are none, or the plan knows the name itself. */
  #described(parent: Place, place: Place, labels: readonly string[]): Place | null {
    if (labels.length === 0 || place !== this.#fields.described(parent, [])) return null
    const described = this.#fields.described(parent, labels)
    return described === place ? null : described
  }

  member(parent: Place, local: string): Place {
    let bytes = this.#bytes.get(local)
    if (bytes === undefined) {
      bytes = Buffer.from(local)
      if (this.#bytes.size < maxKnown) this.#bytes.set(local, bytes)
    }
    return this.#fields.member(parent, bytes, 0, bytes.length)
  }

  /** What stands for the name last asked for, where it is personal; null: it stays. */
  shownName(local: string, around: OpenElement | undefined): string | null {
    if (!this.#fields.keyIsPersonal) return null
    const ordinal = (around?.personal ?? this.#personalOutside) + 1
    const outcome = this.#fields.key(local, ordinal)
    if (outcome === 'keep') return null
    if (around === undefined) this.#personalOutside = ordinal
    else around.personal = ordinal
    return safeName(outcome === 'text' ? this.#fields.replacement : `${ordinal}`)
  }

  #ordinal(around: OpenElement | undefined, local: string): number {
    if (around === undefined) return 0
    around.names ??= new Map()
    const before = around.names.get(local)
    if (before === undefined && ++this.#held > maxNames) throw fault('too_large')
    around.names.set(local, (before ?? 0) + 1)
    return before ?? 0
  }
}
