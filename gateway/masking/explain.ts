/** Why each field of a body becomes what it becomes: the engine at work, looked over its shoulder. */
import type {
  ByteRule,
  Edit,
  FieldCursor,
  Form,
  MaskedValue,
  Outcome,
  Place,
  Prefilter,
  Reader,
  ReadLimits,
  ScalarKind,
  Treatment,
} from '../contracts.ts'
import type { Binding, TypeRule } from '../policy/plan.ts'
import type { BodyCursor, PartReader, PlanTables } from './cursor.ts'

/** What one field of a body became, and by what. */
export type ExplainedField = {
  /** Names from the root, `[]` for the elements of an array; `***` for a name that is personal. */
  readonly path: string
  /** Its type for the audience, where it stands; null: none. */
  readonly rule: TypeRule | null
  readonly form: Form
  /** `named` by a binding; `weak`: by one that counts where the detector agrees; `inside`: found in text that is structured. */
  readonly how: 'named' | 'weak' | 'detected' | 'inside' | 'unlisted'
  readonly binding: Binding | null
}

type Trace = { readonly place: Place; readonly path: string }

/** Longer bodies have more fields than anybody reads. */
const maxFields = 10_000

/**
 * Stands between a reader and the cursor of a body: lets every value be offered, and notes what comes of it. A field that
 * became several things stands once for each.
 */
export class ExplainingCursor implements FieldCursor {
  readonly fields = new Map<string, ExplainedField>()
  readonly plan: object = {}
  readonly prefilter: Prefilter
  readonly digitsNeeded = 1
  readonly limits: ReadLimits
  readonly columns?: readonly string[]
  /** So that readers take no way on which they do not ask for each value. */
  readonly waits = true
  readonly lookAhead: number
  root: Place = 0
  readonly #inner: BodyCursor
  readonly #tables: PlanTables
  readonly #part: PartReader
  readonly #traces: Trace[]
  readonly #known = new Map<string, Place>()

  constructor(inner: BodyCursor, tables: PlanTables, part: PartReader) {
    this.#inner = inner
    this.#tables = tables
    this.#part = part
    this.#traces = [{ place: inner.root, path: '' }]
    this.prefilter = inner.prefilter
    this.limits = inner.limits
    this.lookAhead = inner.lookAhead
    if (inner.columns !== undefined) this.columns = inner.columns
  }

  get keyIsPersonal(): boolean {
    return this.#inner.keyIsPersonal
  }

  get replacement(): string {
    return this.#inner.replacement
  }

  get edits(): readonly Edit[] | null {
    return this.#inner.edits
  }

  get nesting(): number {
    return this.#inner.nesting
  }

  member(parent: Place, bytes: Uint8Array, from: number, to: number): Place {
    return this.memberNamed(parent, Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'))
  }

  memberNamed(parent: Place, name: string): Place {
    const place = this.#inner.memberNamed(this.#place(parent), name)
    const shown = this.#inner.keyIsPersonal ? '***' : name
    const { path } = this.#traces[parent]!
    return this.#trace(place, path === '' ? shown : `${path}.${shown}`)
  }

  namesField(name: string): boolean {
    return this.#inner.namesField(name)
  }

  key(name: string, ordinal: number): Outcome {
    return this.#inner.key(name, ordinal)
  }

  element(parent: Place, index: number): Place {
    return this.#trace(this.#inner.element(this.#place(parent), index), `${this.#traces[parent]!.path}[]`)
  }

  repeated(place: Place, index: number): Place {
    return this.#trace(this.#inner.repeated(this.#place(place), index), this.#traces[place]!.path)
  }

  decides(parent: Place, name: string): boolean {
    return this.#inner.decides(this.#place(parent), name)
  }

  settle(place: Place, scalars: readonly (readonly [name: string, text: string])[], whole: boolean): Place {
    return this.#trace(this.#inner.settle(this.#place(place), scalars, whole), this.#traces[place]!.path)
  }

  treatment(place: Place): Treatment {
    return this.#inner.treatment(this.#place(place)) === 'remove' ? 'remove' : 'mask'
  }

  scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    const { counter } = this.#inner
    const before = counter.counts()
    const outcome = this.#inner.scalar(this.#place(place), text, kind)
    const made = [...counter.counts()].filter(([at, times]) => times !== before.get(at))
    for (const [at] of made) this.#note(place, counter.typeAndForm(at), text)
    if (made.length === 0) this.#noteUncounted(place, outcome)
    return outcome
  }

  removed(place: Place): void {
    this.#inner.removed(this.#place(place))
    this.#noteUncounted(place, 'remove')
  }

  part(place: Place, mediaType: string | null, head: Uint8Array): Reader | null {
    const outer = this.root
    this.root = place
    try {
      const reader = this.#part(mediaType, head, this)
      return reader?.finish === undefined ? reader : null
    } finally {
      this.root = outer
    }
  }

  beginElement(): void {
    this.#inner.beginElement()
  }

  endElement(): void {
    this.#inner.endElement()
  }

  beginSibling(name: string): void {
    this.#inner.beginSibling(name)
  }

  endSibling(): void {
    this.#inner.endSibling()
  }

  mayMatch(): boolean {
    return true
  }

  looksThrough(): boolean {
    return false
  }

  byteRule(): ByteRule | null {
    return null
  }

  carriedOut(): void {}

  person(): object {
    throw new Error('there are no byte rules')
  }

  maskBy(): MaskedValue {
    throw new Error('there are no byte rules')
  }

  passedRows(): void {}

  #place(place: Place): Place {
    return this.#traces[place]!.place
  }

  #trace(place: Place, path: string): Place {
    const key = `${place}\0${path}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = this.#traces.push({ place, path }) - 1
    this.#known.set(key, made)
    return made
  }

  #note(at: Place, [type, form]: readonly [type: number, form: Form], text: string): void {
    const { plan, automaton } = this.#tables
    const { place, path } = this.#traces[at]!
    const rule = this.#types(place)[type]!
    const { strong, weak } = automaton.fate(place)
    const of = (index: number) => plan.bindings[index]?.type === type
    const agreed = weak.find(of)
    if (of(strong)) this.#add({ path, rule, form, how: 'named', binding: plan.bindings[strong]! })
    else if (agreed !== undefined) this.#add({ path, rule, form, how: 'weak', binding: plan.bindings[agreed]! })
    else this.#add({ path, rule, form, how: /^\s*[{[<]/.test(text) ? 'inside' : 'detected', binding: null })
  }

  /** A value in which nothing was found to be of any type. */
  #noteUncounted(at: Place, outcome: Outcome): void {
    const { place, path } = this.#traces[at]!
    const binding = this.#tables.plan.bindings[this.#tables.automaton.fate(place).strong] ?? null
    const rule = binding === null ? null : this.#types(place)[binding.type]!
    const form = outcome === 'remove' ? 'remove' : outcome === 'keep' ? 'clear' : 'redact'
    this.#add({ path, rule, form, how: binding === null ? 'unlisted' : 'named', binding })
  }

  #types(place: Place): readonly TypeRule[] {
    return this.#tables.rowRules?.fieldTypesAt(place) ?? this.#tables.plan.types
  }

  #add(field: ExplainedField): void {
    const key = [field.path, field.rule?.name, field.rule?.cell, field.form].join('\0')
    if (this.fields.size < maxFields && !this.fields.has(key)) this.fields.set(key, field)
  }
}
