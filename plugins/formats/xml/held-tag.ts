/** A start tag while it is not known what follows it: what becomes of its attributes, and of its name. */
import type { FieldCursor, Outcome, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import type { SpanEditor } from '../spans.ts'
import type { Elements, OpenElement } from './elements.ts'
import type { NamedTag } from './known-tags.ts'
import { declaredPrefix, type Namespaces } from './namespaces.ts'
import { offerPlain, standsPlainly } from './offer.ts'
import { type Attribute, type StartTag, type TagEdit, valueIn } from './tag.ts'
import { escapeAttribute } from './text.ts'

/** No field has this name: what stands under it is read as any value that is not listed. */
const unnamed = '\u0000'
/** Of structural values, how many and how long ones are remembered. */
const maxImpersonal = 64
const longestImpersonal = 128

/** By plan: values that say how documents are to be read, and in which its detectors found nothing. */
const impersonal = new WeakMap<object, Set<string>>()

function impersonalUnder(plan: object): Set<string> {
  let values = impersonal.get(plan)
  if (values === undefined) impersonal.set(plan, (values = new Set()))
  return values
}

export class HeldTag {
  /** That of the element at hand; null: it is known what follows it. */
  tag: NamedTag | null = null
  /** Where it stands. */
  from = 0
  to = 0
  readonly #fields: FieldCursor
  readonly #editor: SpanEditor
  readonly #namespaces: Namespaces
  readonly #elements: Elements
  readonly #impersonal: Set<string>

  constructor(fields: FieldCursor, editor: SpanEditor, namespaces: Namespaces, elements: Elements) {
    this.#fields = fields
    this.#editor = editor
    this.#namespaces = namespaces
    this.#elements = elements
    this.#impersonal = impersonalUnder(fields.plan)
  }

  hold(tag: NamedTag, from: number, to: number): void {
    this.tag = tag
    this.from = from
    this.to = to
  }

  rebase(to: number): void {
    this.from -= to
    this.to -= to
  }

  /** Offers the attributes; returns what changes by that. */
  offer(bytes: Buffer, element: OpenElement): TagEdit[] {
    const tag = this.tag!
    const edits: TagEdit[] = []
    for (const one of tag.attributes) this.#offerOne(bytes, one, tag, element, edits)
    const isValue = ({ from, to, local }: Attribute) =>
      local.endsWith('value') && edits.some(edit => edit.from >= from && edit.to <= to)
    return edits.length > 0 && tag.attributes.some(isValue) ? this.asText(edits) : edits
  }

  /** These changes, and that it holds a text: programs read no sheet that has one in a cell of numbers. */
  asText(edits: readonly TagEdit[]): TagEdit[] {
    const types: TagEdit[] = []
    for (const one of this.tag!.attributes) {
      const type = this.#namespaces.typeOfText(one)
      if (type !== null) types.push({ from: one.valueFrom, to: one.to, text: `"${type}"` })
    }
    const others = edits.filter(({ from, to }) => !types.some(type => from < type.to && to > type.from))
    return [...others, ...types]
  }

  /** The value of the attribute that has this name without a prefix; null: there is none. */
  value(bytes: Buffer, name: string): string | null {
    const found = this.tag!.attributes.find(({ prefix, local }) => prefix === '' && local === name)
    return found === undefined ? null : valueIn(bytes, this.from, found)
  }

  /** The attributes go with their element, which is removed; those that say how it is to be read stay. They are offered where it is a `leaf`. */
  remove(bytes: Buffer, { tagPlace }: OpenElement, leaf: boolean): TagEdit[] {
    const [values, staying] = this.#parted(bytes)
    for (const one of staying) if (!this.#namespaces.isNil(one)) this.#refusePersonal(valueIn(bytes, this.from, one))
    if (leaf)
      for (const one of values)
        this.#fields.scalar(this.#elements.member(tagPlace, one.local), valueIn(bytes, this.from, one), 'string')
    return this.nil(this.asText(values.map(({ from, to }) => ({ from, to, text: '' }))))
  }

  /** The attributes that are values, and those that say how the element is to be read. */
  #parted(bytes: Buffer): [values: Attribute[], others: Attribute[]] {
    const values: Attribute[] = []
    const others: Attribute[] = []
    for (const one of this.tag!.attributes) (this.#isStructural(bytes, one) ? others : values).push(one)
    return [values, others]
  }

  #isStructural(bytes: Buffer, attribute: Attribute): boolean {
    return declaredPrefix(attribute) !== null || this.#namespaces.isStructural(attribute, bytes, this.from)
  }

  /** Makes changes in it, which do not overlap. */
  write({ shownName }: OpenElement, edits: TagEdit[]): void {
    if (shownName !== null) edits.push({ from: 1, to: this.tag!.nameTo, text: shownName })
    if (edits.length > 1) edits.sort((a, b) => a.from - b.from || a.to - b.to)
    for (const { from, to, text } of edits) this.#editor.replace(this.from + from, this.from + to, text)
  }

  /** These changes, and that it says it is nil, where it can. */
  nil(edits: readonly TagEdit[]): TagEdit[] {
    const tag = this.tag!
    const written = tag.attributes.find(one => this.#namespaces.isNil(one))
    if (written !== undefined) {
      // What else becomes of that attribute counts no more.
      const others = edits.filter(({ from, to }) => to <= written.from || from >= written.to)
      return [...others, { from: written.valueFrom, to: written.to, text: '"true"' }]
    }
    const prefix = this.#namespaces.nilPrefix
    const at = tag.nameTo
    return prefix === null ? [...edits] : [...edits, { from: at, to: at, text: ` ${prefix}:nil="true"` }]
  }

  #offerOne(bytes: Buffer, attribute: Attribute, tag: StartTag, element: OpenElement, edits: TagEdit[]): void {
    const { local, from, to, nameFrom, nameTo, valueFrom } = attribute
    if (this.#isStructural(bytes, attribute)) {
      this.#refusePersonal(valueIn(bytes, this.from, attribute))
      return
    }
    const described = this.#namespaces.isDescription(tag, attribute, bytes, this.from)
    const place = described
      ? this.#elements.member(this.#fields.root, unnamed)
      : this.#elements.attribute(attribute, element)
    const shownName = described ? null : this.#elements.shownName(local, element)
    const outcome = this.#offerValue(bytes, attribute, place)
    if (outcome === 'remove') edits.push({ from, to, text: '' })
    else if (shownName !== null) edits.push({ from: nameFrom, to: nameTo, text: shownName })
    if (outcome !== 'text' && outcome !== 'redact') return
    const shown = outcome === 'text' ? escapeAttribute(this.#fields.replacement) : '***'
    edits.push({ from: valueFrom, to, text: `"${shown}"` })
  }

  /** A value that stands elsewhere (SOAP encoding's multi-references) cannot be followed: it would pass unnamed. */
  refuseReference(bytes: Buffer, place: Place): void {
    const { attributes } = this.tag!
    if (attributes.length === 0 || this.#fields.treatment(place) !== 'mask') return
    const refers = (one: Attribute) =>
      one.prefix === '' ? one.local === 'href' && valueIn(bytes, this.from, one).startsWith('#') : one.local === 'ref'
    if (attributes.some(refers)) throw fault('malformed')
  }

  #offerValue(bytes: Buffer, attribute: Attribute, place: Place): Outcome {
    const fields = this.#fields
    const treatment = fields.treatment(place)
    if (treatment === 'copy') return 'keep'
    const start = this.from
    const from = start + attribute.valueFrom + 1
    const to = start + attribute.to - 1
    if (from < to && standsPlainly(attribute.held)) return offerPlain(fields, place, treatment, bytes, from, to)
    return fields.scalar(place, valueIn(bytes, start, attribute), 'string')
  }

  /** Names of namespaces and the like cannot be changed; one that is personal makes the document unreadable. */
  #refusePersonal(value: string): void {
    const fields = this.#fields
    if (this.#impersonal.has(value) && !fields.keyIsPersonal && !fields.waits) return
    fields.memberNamed(fields.root, value)
    if (fields.keyIsPersonal) throw fault('malformed')
    if (value.length > longestImpersonal) return
    if (this.#impersonal.size === maxImpersonal) this.#impersonal.clear()
    this.#impersonal.add(value)
  }
}
