/** The elements around the reader, by name, and where each stands in the plan of fields. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { longestLabel, mostLabels, role } from '../roles.ts'
import { columnOf, InTable, leaveCell, mayNameColumn, nameColumns, passRow } from './columns.ts'
import type { ElementName, Step } from './element-name.ts'
import { type Aliases, holdsEntries, isKey, takeAlias } from './entries.ts'
import type { NamedTag } from './known-tags.ts'
import { mayLabel } from './label-attributes.ts'
import { NameCounts, NamesInside } from './name-counts.ts'
import type { Namespaces } from './namespaces.ts'
import { type Attribute, valueIn } from './tag.ts'
import { safeName } from './text.ts'

const none: readonly string[] = []
const noName = null as unknown as ElementName
/** No place is this. */
const nowhere = -1

/** Another takes its place in memory once it has ended. */
export class OpenElement extends InTable {
  named: ElementName = noName
  /** Another name, where the element's own is personal. */
  shownName: string | null = null
  /** Of what stands in it. */
  place: Place = 0
  /** Of what stands in its tag: the same, but where a label in the tag says what stands in the element. */
  tagPlace: Place = 0
  /** Labels in its tag, and in it, for values beside them. */
  labels: readonly string[] = none
  inside: string[] | null = null
  /** Whether its text labels what stands beside it. */
  isLabel = false
  /** Whether its text is the key of the next element, and what the last such text in it was. */
  isKey = false
  key = ''
  /** How many elements stand in it so far. */
  children = 0
  declared: readonly string[] = none
  /** Inside something removed: not offered, not counted. */
  gone = false
  readonly names = new NamesInside()
  /** How many names in it were personal. */
  personal = 0

  begin(named: ElementName, declared: readonly string[], gone: boolean, place: Place): void {
    this.clear()
    this.named = named
    this.shownName = null
    this.place = place
    this.tagPlace = place
    this.labels = none
    this.inside = null
    this.isLabel = false
    this.isKey = false
    this.key = ''
    this.children = 0
    this.declared = declared
    this.gone = gone
    this.personal = 0
  }
}

const maxKnown = 4096

/** The key of an element that is about to open in one that holds entries; it may be the next key itself. */
function keyOf(element: OpenElement, around: OpenElement): readonly string[] {
  const { key } = around
  around.key = ''
  element.isKey = isKey(element.named.local, around.named.local, around.children++)
  return key === '' ? none : [key]
}

export class Elements {
  /** How many are open. */
  depth = 0
  readonly #stack: OpenElement[] = []
  readonly #counts = new NameCounts()
  readonly #fields: FieldCursor
  readonly #namespaces: Namespaces
  readonly #root: Place
  readonly #bytes = new Map<string, Buffer>()
  readonly #aliases: Aliases = new Map()
  #personalOutside = 0

  constructor(fields: FieldCursor, namespaces: Namespaces) {
    this.#fields = fields
    this.#namespaces = namespaces
    this.#root = fields.root
  }

  get top(): OpenElement | undefined {
    return this.#around(1)
  }

  /** The element so many levels out; undefined: there is none. */
  #around(level: number): OpenElement | undefined {
    return level > this.depth ? undefined : this.#stack[this.depth - level]!
  }

  /** Where an element of a name stands next. */
  step(named: ElementName): Step {
    const parent = this.top?.place ?? this.#root
    const { step } = named
    const fields = this.#fields
    // A name that is personal is offered each time, and so is the one behind it.
    if (step !== null && step.parent === parent && !fields.keyIsPersonal && !fields.waits) return step
    const place = fields.member(parent, named.localBytes, 0, named.localBytes.length)
    const { roles, keyIsPersonal } = fields
    const mayBeLabelled = (roles & role.value) !== 0 && place === fields.described(parent, none)
    const isUncounted = !fields.waits && fields.looksThrough(place)
    const made = { parent, place, roles, isUncounted, mayBeLabelled }
    if (!keyIsPersonal) named.step = made
    return made
  }

  /**
   * Opens the element of the tag at `start`; `gone` says that it stands inside something removed, `behind` what labels behind it
   * say.
   */
  open(
    tag: NamedTag,
    bytes: Buffer,
    start: number,
    declared: readonly string[],
    gone: boolean,
    behind: readonly string[],
  ): OpenElement {
    const { depth } = this
    if (depth >= this.#fields.limits.depth) throw fault('too_deep')
    const element = (this.#stack[depth] ??= new OpenElement())
    element.begin(tag.named, declared, gone, this.#root)
    this.#counts.open(element.names)
    if (!gone) this.#stand(element, tag, bytes, start, behind)
    this.depth = depth + 1
    return element
  }

  #stand(element: OpenElement, tag: NamedTag, bytes: Buffer, start: number, behind: readonly string[]): void {
    const fields = this.#fields
    const around = this.top
    const { named } = tag
    const { parent, place, roles, isUncounted } = this.step(named)
    element.shownName = this.shownName(named.local, around)
    if (tag.attributes.length > 0) element.labels = this.#labelsOf(tag, parent, bytes, start)
    takeAlias(tag, bytes, start, this.#aliases)
    if (around !== undefined) {
      const isInEntry = holdsEntries(around.named.local)
      const said = isInEntry ? keyOf(element, around) : columnOf(around, this.#around(2), tag, bytes, start)
      // a value of the first row may have been taken for the name of a column
      if (said.length > 0) element.labels = isInEntry ? said : [...element.labels, ...said]
    }
    const described = this.#describedBy(element, parent, place, (roles & role.value) !== 0, behind)
    const nth = around === undefined ? 0 : this.#counts.next(named.local, around.names, this.depth)
    element.tagPlace = isUncounted ? place : fields.repeated(place, nth)
    element.place = described ?? element.tagPlace
    element.isLabel = (roles & role.label) !== 0
    fields.beginSibling(named.local)
  }

  /** The place that labels of an element that is about to open say, or those beside it where it is their value; else null. */
  #describedBy(
    { labels }: OpenElement,
    parent: Place,
    place: Place,
    isValue: boolean,
    behind: readonly string[],
  ): Place | null {
    if (!isValue) return this.#described(parent, place, labels)
    const inside = this.top?.inside ?? labels
    return this.#described(parent, place, behind.length === 0 ? inside : [...inside, ...behind])
  }

  close(): OpenElement {
    const element = this.#stack[--this.depth]!
    const around = this.top
    if (!element.gone && around !== undefined) {
      const texts = leaveCell(element, around)
      if (texts !== null) nameColumns(texts, around, name => this.#isKnown(around.place, name))
    }
    this.#counts.close(element.names)
    if (!element.gone) this.#fields.endSibling()
    return element
  }

  /** The place of an attribute. */
  attribute(attribute: Attribute, element: OpenElement): Place {
    const { tagPlace } = element
    let { labels } = element
    const fields = this.#fields
    const { stood } = attribute
    const alias = this.#aliases.size === 0 ? undefined : this.#aliases.get(attribute.local)
    if (alias !== undefined) labels = [...labels, alias]
    if (stood.parent !== tagPlace || fields.keyIsPersonal || fields.waits) {
      stood.place = this.member(tagPlace, attribute.local)
      stood.isValue = (fields.roles & role.value) !== 0 || this.#namespaces.repeatsCell(attribute)
      stood.parent = fields.keyIsPersonal ? nowhere : tagPlace
    }
    return stood.isValue || alias !== undefined
      ? (this.#described(tagPlace, stood.place, labels) ?? stood.place)
      : stood.place
  }

  /**
   * Where rows of a name stand in the element at hand, if what they hold is all that is to be known of them: each stands where the
   * others do, and nothing around says what they are. Else null.
   */
  placeOfRows(named: ElementName): Place | null {
    const { top } = this
    if (
      top === undefined ||
      top.gone ||
      this.#aliases.size > 0 ||
      holdsEntries(named.local) ||
      this.depth + 1 >= this.#fields.limits.depth ||
      this.hasHeader
    )
      return null
    const { place, roles, isUncounted } = this.step(named)
    return isUncounted && (roles & (role.label | role.value)) === 0 && !this.#fields.keyIsPersonal ? place : null
  }

  /** Whether something around says what elements in the one at hand are called. */
  get hasHeader(): boolean {
    return this.top!.header !== null || (this.#around(2)?.header ?? null) !== null
  }

  /** Rows of a name come in the element at hand that are read elsewhere; false: there are too many names for that. */
  beginRows(local: string): boolean {
    if (!this.#fields.beginSiblings(local)) return false
    this.#counts.next(local, this.top!.names, this.depth)
    return true
  }

  /** One of them has passed. */
  passRow(local: string): void {
    passRow(this.top!, local)
  }

  /** Whether the text of the element at hand is worth knowing: it may be a cell of a row that names columns. */
  get mayNameColumn(): boolean {
    return mayNameColumn(this.#around(2), this.#around(3), this.#around(4))
  }

  /** The text of the element at hand is the key of the next. */
  nameNext(text: string): void {
    const around = this.#around(2)
    if (around !== undefined && text.length <= longestLabel) around.key = text
  }

  /** The text of the element at hand is a label for what stands beside it. */
  label(text: string): void {
    const around = this.#around(2)
    if (around === undefined || text === '' || text.length > longestLabel) return
    around.inside ??= []
    if (around.inside.length < mostLabels) around.inside.push(text)
  }

  #labelsOf(tag: NamedTag, parent: Place, bytes: Buffer, start: number): readonly string[] {
    const fields = this.#fields
    let labels: string[] | null = null
    for (const one of tag.attributes) {
      const { prefix, local, labels: isLabel } = one
      const isKnown = isLabel !== null && !fields.keyIsPersonal && !fields.waits
      if (prefix !== '' || (isKnown && !isLabel)) continue
      const value = valueIn(bytes, start, one)
      if (value === '' || value.length > longestLabel) continue
      if (!isKnown) {
        this.member(parent, local)
        const labels = mayLabel(local, fields.roles)
        one.labels = fields.keyIsPersonal ? null : labels
        if (!labels) continue
      }
      labels ??= []
      if (labels.length < mostLabels) labels.push(value)
    }
    // An operation or part of a service that is called as a field is holds none.
    return labels === null || this.#namespaces.isDescribing(tag.prefix) ? none : labels
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
}
