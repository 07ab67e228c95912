/** Why each field of a body becomes what it becomes: the engine at work, looked over its shoulder. */
import type { Form, Outcome, Place, Reader, ScalarKind } from '../contracts.ts'
import type { Binding, TypeRule } from '../policy/plan.ts'
import type { BodyCursor } from './cursor.ts'
import type { PartReader, PlanTables } from './plan-tables.ts'
import { TracingCursor } from './tracing.ts'

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

/** Longer bodies have more fields than anybody reads. */
const maxFields = 10_000

/** Notes what comes of every value. A field that became several things stands once for each. */
export class ExplainingCursor extends TracingCursor {
  readonly fields = new Map<string, ExplainedField>()
  readonly #tables: PlanTables

  constructor(inner: BodyCursor, tables: PlanTables, part: PartReader) {
    super(inner, part)
    this.#tables = tables
  }

  override scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    const { counter } = this.inner
    const before = counter.counts()
    const outcome = super.scalar(place, text, kind)
    const made = [...counter.counts()].filter(([at, times]) => times !== before.get(at))
    for (const [at] of made) this.#note(place, counter.typeAndForm(at), text)
    if (made.length === 0) this.#noteUncounted(place, outcome)
    return outcome
  }

  override removed(place: Place): void {
    super.removed(place)
    this.#noteUncounted(place, 'remove')
  }

  override part(place: Place, mediaType: string | null, head: Uint8Array): Reader | null {
    const reader = super.part(place, mediaType, head)
    return reader?.finish === undefined ? reader : null
  }

  #note(at: Place, [type, form]: readonly [type: number, form: Form], text: string): void {
    const { plan, automaton } = this.#tables
    const [place, path] = [this.placeOf(at), this.pathOf(at)]
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
    const [place, path] = [this.placeOf(at), this.pathOf(at)]
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
