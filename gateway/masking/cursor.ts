/**
 * One body under one plan: where a format's reader stands, and what it is to do there. What becomes of a value it offers is for
 * values.ts to say.
 */
import type {
  ByteRule,
  Edit,
  FieldCursor,
  MaskedValue,
  Outcome,
  Place,
  Prefilter,
  Reader,
  ReadLimits,
  Role,
  RowProgress,
  ScalarKind,
  SettledPeople,
  SettlingReader,
  ShownBox,
  TextHold,
  Treatment,
} from '../contracts.ts'
import type { FieldAutomaton } from './automaton.ts'
import { byteRuleOf, type TypedRule, type TypedValue } from './byte-rules.ts'
import type { KeyEntry } from './key-table.ts'
import { mayBeEncoded } from './may-be-encoded.ts'
import type { CursorOptions, NestedReader, PartReader, PlanTables, StateSeal } from './plan-tables.ts'
import { role, rolesOf } from './roles.ts'
import type { Asked } from './row-rules.ts'
import { Shown } from './shown.ts'
import { Someone } from './someone.ts'
import { Counter } from './tally.ts'
import { Values } from './values.ts'

/** An object waits so many bytes for what decides how it is read. */
const lookAhead = 64 << 10
/** So many names of a body are remembered, and no longer ones. */
const mostNames = 1024
const longestName = 64

export class BodyCursor implements FieldCursor {
  readonly limits: ReadLimits
  readonly columns?: readonly string[]
  readonly digitsNeeded: number
  readonly prefilter: Prefilter
  readonly plan: object
  root: Place
  readonly waits: boolean
  readonly lookAhead: number
  keyIsPersonal = false
  roles: Role = 0
  readonly counter: Counter
  readonly #tables: PlanTables
  readonly #automaton: FieldAutomaton
  readonly #treatments: Treatment[]
  readonly #asked: Asked
  readonly #states: StateSeal | undefined
  readonly #part: PartReader
  protected readonly shown: Shown
  readonly #values: Values
  readonly #names = new Map<string, KeyEntry>()

  constructor(tables: PlanTables, options: CursorOptions, nested: NestedReader, part: PartReader) {
    this.#tables = tables
    this.#automaton = tables.automaton
    this.#treatments = tables.treatments
    this.#part = part
    this.waits = tables.rowRules !== null
    this.lookAhead = Math.min(lookAhead, options.limits.scalar)
    this.#asked = { now: options.now ?? null, operator: options.operator ?? null }
    this.#states = options.states
    this.limits = options.limits
    if (tables.plan.columns !== undefined) this.columns = tables.plan.columns
    this.digitsNeeded = tables.all.digitsNeeded
    this.prefilter = tables.all.prefilter
    this.plan = tables
    this.root = tables.automaton.root
    this.counter = new Counter(tables.plan.types, tables.canaries)
    this.shown = new Shown(tables.plan.types, this.counter, options)
    this.#values = new Values(tables, options, this.shown, (place, text, as) =>
      this.#inside(place, () => nested(text, this, as)),
    )
  }

  get replacement(): string {
    return this.shown.replacement
  }

  get edits(): readonly Edit[] | null {
    return this.shown.edits
  }

  member(parent: Place, bytes: Uint8Array, from: number, to: number): Place {
    const entry = this.#automaton.keys.find(bytes, from, to)
    this.keyIsPersonal = entry.personal
    this.#values.standAt(parent)
    const place = this.#automaton.member(parent, entry.symbol)
    this.roles = entry.roles === 0 ? 0 : this.#rolesAt(parent, place, entry.roles)
    return place
  }

  memberNamed(parent: Place, name: string): Place {
    const entry = this.#entryOf(name)
    this.keyIsPersonal = entry.personal
    this.#values.standAt(parent)
    const place = this.#automaton.member(parent, entry.symbol)
    this.roles = this.#rolesAt(parent, place, entry.roles)
    return place
  }

  /** The names of a body come again in each row; they are forgotten with it, as what readers take for one may be anything. */
  #entryOf(name: string): KeyEntry {
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const entry = this.#automaton.entryOf(name)
    if (this.#names.size < mostNames && name.length <= longestName) this.#names.set(name, entry)
    return entry
  }

  #rolesAt(parent: Place, place: Place, roles: Role): Role {
    return (roles & role.value) !== 0 && place !== this.#automaton.member(parent, 0) ? roles & ~role.value : roles
  }

  isLabel(name: string): boolean {
    return (rolesOf(name) & role.label) !== 0
  }

  hasColumns(name: string): boolean {
    return (rolesOf(name) & role.columns) !== 0
  }

  described(parent: Place, labels: readonly string[]): Place {
    return this.#automaton.described(parent, labels)
  }

  namesField(name: string): boolean {
    return this.#automaton.symbol(name) !== 0
  }

  isOftenValue(name: string): boolean {
    const { bindings, types } = this.#tables.plan
    const { strong, weak } = this.#automaton.fate(this.#automaton.member(this.root, this.#entryOf(name).symbol))
    return strong < 0 && weak.length > 0 && weak.every(at => types[bindings[at]!.type]!.detector?.mayBe !== undefined)
  }

  isToldByName(place: Place): boolean {
    const { strong } = this.#automaton.fate(place)
    if (strong < 0) return false
    const { bindings, types } = this.#tables.plan
    const { kind, detector } = types[bindings[strong]!.type]!
    return kind === 'typed' && detector === null && this.hides(place)
  }

  element(parent: Place, index: number): Place {
    return this.#automaton.element(parent, index)
  }

  looksThrough(place: Place): boolean {
    return this.#automaton.looksThrough(place)
  }

  decides(parent: Place, name: string): boolean {
    return this.#tables.rowRules?.decides(parent, name) ?? false
  }

  settle(place: Place, scalars: readonly (readonly [name: string, text: string])[], whole: boolean): Place {
    return this.#tables.rowRules?.settle(place, scalars, whole, this.#asked) ?? place
  }

  byteRule(place: Place): ByteRule | null {
    if (this.waits || this.#automaton.isDescribed(place)) return null
    const { strong } = this.#automaton.fate(place)
    if (strong < 0) return null
    const { byteRules, checked } = this.#tables
    const { type, handsOut } = this.#tables.plan.bindings[strong]!
    if (handsOut === 'value') return null
    const known = byteRules[type]
    if (known !== undefined) return known
    return (byteRules[type] = byteRuleOf(type, this.shown.types[type]!, checked))
  }

  carriedOut(what: ByteRule | MaskedValue, times: number): void {
    const { type, form } = what as TypedRule | TypedValue
    this.counter.add(type, form, times)
  }

  carryOut(rule: ByteRule, text: string): Outcome {
    this.shown.edits = null
    const form = this.shown.value((rule as TypedRule).type, text, 'string', text)
    if (form === 'clear') return 'keep'
    return form === 'redact' || form === 'remove' ? form : 'text'
  }

  person(rule: ByteRule, text: string): object {
    const { type, form } = rule as TypedRule
    return new Someone(this.shown.types[type]!, text, form)
  }

  personIn(rule: ByteRule, hold: TextHold, from: number, length: number): object {
    const { type, form } = rule as TypedRule
    return new Someone(this.shown.types[type]!, null, form, hold, from, length)
  }

  maskBy(rule: ByteRule, text: string): TypedValue {
    const { type, person, form: usual } = rule as TypedRule
    const form = this.shown.make(type, text, 'string')
    const outcome = form === 'redact' || form === 'remove' ? form : 'text'
    return {
      type,
      form,
      outcome,
      text: outcome === 'text' ? this.replacement : '',
      asRule: form === usual,
      person: person === null ? null : new Someone(this.shown.types[type]!, text, form),
    }
  }

  get nesting(): number {
    return this.counter.nesting
  }

  settles(reader: SettlingReader): boolean {
    return this.#tables.namesOnce && this.counter.settles(reader)
  }

  settled(people: SettledPeople): void {
    this.counter.settled(people)
  }

  passedRows(progress: RowProgress): void {
    this.counter.passedRows(progress)
  }

  repeated(place: Place, index: number): Place {
    return this.#automaton.repeated(place, index)
  }

  beginSibling(name: string): void {
    this.counter.beginSibling(name)
  }

  endSibling(): void {
    this.counter.endSibling()
  }

  beginSiblings(name: string): boolean {
    return this.counter.beginSiblings(name)
  }

  beginElement(): void {
    this.counter.beginElement()
  }

  endElement(): void {
    this.counter.endElement()
  }

  treatment(place: Place): Treatment {
    return this.standing(place)
  }

  standing(place: Place): Treatment {
    return this.#treatments[place] ?? (this.#treatments[place] = this.#treat(place))
  }

  hides(place: Place): boolean {
    const standing = this.standing(place)
    if (standing !== 'mask') return standing === 'remove'
    const { strong, weak } = this.#automaton.fate(place)
    if (strong < 0 && weak.length === 0) return true
    const types = this.#tables.rowRules?.fieldTypesAt(place) ?? this.shown.types
    const isClear = (at: number) => types[this.#tables.plan.bindings[at]!.type]!.forms[0]?.form === 'clear'
    return !(strong < 0 ? weak : [strong]).every(isClear)
  }

  mayMatch(bytes: Uint8Array, from: number, to: number): boolean {
    return this.#tables.all.mayMatch(bytes, from, to) || mayBeEncoded(bytes, from, to)
  }

  key(name: string, ordinal: number): Outcome {
    return this.#values.name(this.root, name, ordinal)
  }

  scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    return this.#values.scalar(place, text, kind)
  }

  sealed(name: string, state: string): string | null {
    return this.#states?.seal(name, state) ?? null
  }

  sealedToken(name: string, token: string): string | null {
    return this.#states?.sealToken(name, token) ?? null
  }

  sealedBoxes(action: string, boxes: readonly ShownBox[]) {
    return this.#states?.sealBoxes(action, boxes) ?? null
  }

  removed(place: Place): void {
    const { strong } = this.#automaton.fate(place)
    if (strong >= 0) this.counter.count(this.#tables.plan.bindings[strong]!.type, 'remove')
  }

  part(place: Place, mediaType: string | null, head: Uint8Array): Reader | null {
    return this.#inside(place, () => this.#part(mediaType, head, this))
  }

  /** A reader of what stands inside the value at this place, which is its root. */
  #inside(place: Place, make: () => Reader | null): Reader | null {
    const outer = this.root
    this.root = place
    try {
      return make()
    } finally {
      this.root = outer
    }
  }

  #treat(place: Place): Treatment {
    this.#values.standAt(place)
    const { strong, weak } = this.#automaton.fate(place)
    const { plan, all, checked } = this.#tables
    const types = this.#tables.rowRules?.fieldTypesAt(place) ?? this.shown.types
    if (plan.bindings[strong]?.handsOut === 'value') return 'mask'
    const type = strong < 0 ? null : types[plan.bindings[strong]!.type]!
    if (type?.kind === 'typed') {
      return type.forms[0]!.form === 'remove' && !this.#automaton.isDescribed(place) ? 'remove' : 'mask'
    }
    if (type === null && plan.unlisted === 'remove') return 'mask'
    // A weak name counts where its detector agrees, which it does with nothing that is passed over as not worth reading.
    for (const at of weak) {
      const { detector } = types[plan.bindings[at]!.type]!
      if (detector?.mayBe !== undefined || !all.looksFor(detector)) return 'mask'
    }
    const everything = type === null ? this.#values.readsUnlisted : type.kind === 'free_text'
    // Structured text inside a value can hold fields that are named, so no string is passed over while there are names.
    return (everything ? all : checked).idle && plan.bindings.length === 0 ? 'copy' : 'read'
  }
}
