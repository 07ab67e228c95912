/**
 * One body under one plan: where a format's reader stands, and what becomes of each value it offers. The only place
 * that decides what leaves of a value.
 */
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
  Role,
  RowProgress,
  ScalarKind,
  Scope,
  SettledPeople,
  SettlingReader,
  TextHold,
  Treatment,
} from '../contracts.ts'
import type { TypeRule, Unlisted } from '../policy/plan.ts'
import type { FieldAutomaton } from './automaton.ts'
import { byteRuleOf, type TypedRule, type TypedValue } from './byte-rules.ts'
import type { Found } from './detect.ts'
import { encodedParts, mayBeEncoded } from './encoded.ts'
import { holdsPersonal, looksStructured, maxNesting, mayNameValues } from './nested-text.ts'
import { canonicalNumber } from './number.ts'
import type { CursorOptions, NestedReader, PartReader, PlanTables } from './plan-tables.ts'
import { role, rolesOf } from './roles.ts'
import type { Asked } from './row-rules.ts'
import { Someone } from './someone.ts'
import { apartFrom, covers, isWhole } from './spans.ts'
import { Counter } from './tally.ts'

/** An object waits so many bytes for what decides how it is read. */
const lookAhead = 64 << 10

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
  replacement = ''
  edits: readonly Edit[] | null = null
  readonly counter: Counter
  readonly #tables: PlanTables
  readonly #automaton: FieldAutomaton
  readonly #treatments: Treatment[]
  /** The plan's types as they are at the place of the value under way. */
  #types: readonly TypeRule[]
  readonly #options: CursorOptions
  readonly #asked: Asked
  readonly #nested: NestedReader
  readonly #part: PartReader
  readonly #scopes: (Scope | undefined)[] = []
  #nesting = 0

  constructor(tables: PlanTables, options: CursorOptions, nested: NestedReader, part: PartReader) {
    this.#tables = tables
    this.#automaton = tables.automaton
    this.#treatments = tables.treatments
    this.#types = tables.plan.types
    this.#options = options
    this.#nested = nested
    this.#part = part
    this.waits = tables.rowRules !== null
    this.lookAhead = Math.min(lookAhead, options.limits.scalar)
    this.#asked = { now: options.now ?? null, operator: options.operator ?? null }
    this.limits = options.limits
    if (tables.plan.columns !== undefined) this.columns = tables.plan.columns
    this.digitsNeeded = tables.all.digitsNeeded
    this.prefilter = tables.all.prefilter
    this.plan = tables
    this.root = tables.automaton.root
    this.counter = new Counter(tables.plan.types, tables.canaries)
  }

  member(parent: Place, bytes: Uint8Array, from: number, to: number): Place {
    const entry = this.#automaton.keys.find(bytes, from, to)
    this.keyIsPersonal = entry.personal
    this.#standAt(parent)
    const place = this.#automaton.member(parent, entry.symbol)
    this.roles = entry.roles === 0 ? 0 : this.#rolesAt(parent, place, entry.roles)
    return place
  }

  memberNamed(parent: Place, name: string): Place {
    this.keyIsPersonal = holdsPersonal(this.#tables.all, name)
    this.#standAt(parent)
    const place = this.#automaton.member(parent, this.#automaton.symbol(name))
    this.roles = this.#rolesAt(parent, place, rolesOf(name))
    return place
  }

  #rolesAt(parent: Place, place: Place, roles: Role): Role {
    return (roles & role.value) !== 0 && place !== this.#automaton.member(parent, 0) ? roles & ~role.value : roles
  }

  isLabel(name: string): boolean {
    return (rolesOf(name) & role.label) !== 0
  }

  described(parent: Place, labels: readonly string[]): Place {
    return this.#automaton.described(parent, labels)
  }

  namesField(name: string): boolean {
    return this.#automaton.symbol(name) !== 0
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

  #standAt(place: Place): void {
    const { rowRules } = this.#tables
    if (rowRules !== null) this.#types = rowRules.typesAt(place)
  }

  byteRule(place: Place): ByteRule | null {
    if (this.waits || this.#automaton.isDescribed(place)) return null
    const { strong } = this.#automaton.fate(place)
    if (strong < 0) return null
    const { byteRules, checked } = this.#tables
    const { type } = this.#tables.plan.bindings[strong]!
    const known = byteRules[type]
    if (known !== undefined) return known
    return (byteRules[type] = byteRuleOf(type, this.#types[type]!, checked))
  }

  carriedOut(what: ByteRule | MaskedValue, times: number): void {
    const { type, form } = what as TypedRule | TypedValue
    this.counter.add(type, form, times)
  }

  person(rule: ByteRule, text: string): object {
    const { type, form } = rule as TypedRule
    return new Someone(this.#types[type]!, text, form)
  }

  personIn(rule: ByteRule, hold: TextHold, from: number, length: number): object {
    const { type, form } = rule as TypedRule
    return new Someone(this.#types[type]!, null, form, hold, from, length)
  }

  maskBy(rule: ByteRule, text: string): TypedValue {
    const { type, person, form: usual } = rule as TypedRule
    const form = this.#apply(type, text, 'string')
    const outcome = form === 'redact' || form === 'remove' ? form : 'text'
    return {
      type,
      form,
      outcome,
      text: outcome === 'text' ? this.replacement : '',
      asRule: form === usual,
      person: person === null ? null : new Someone(this.#types[type]!, text, form),
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

  beginElement(): void {
    this.counter.beginElement()
  }

  endElement(): void {
    this.counter.endElement()
  }

  treatment(place: Place): Treatment {
    return this.#treatments[place] ?? (this.#treatments[place] = this.#treat(place))
  }

  mayMatch(bytes: Uint8Array, from: number, to: number): boolean {
    return this.#tables.all.mayMatch(bytes, from, to) || mayBeEncoded(bytes, from, to)
  }

  key(name: string, ordinal: number): Outcome {
    const outcome = this.#encoded(this.root, name, true) ?? this.#read(name, this.#tables.all.find(name))
    if (outcome === 'redact') this.replacement = `***${ordinal}`
    // Two names may be masked alike; the ordinal keeps the names of one object apart.
    else if (outcome === 'text' && ordinal > 1) this.replacement += `#${ordinal}`
    return outcome === 'redact' ? 'text' : outcome
  }

  scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    this.edits = null
    this.#standAt(place)
    // What a label labels with the name of a field is its key, as in lists to choose columns from.
    if (this.#automaton.isDescribed(place) && kind === 'string' && this.namesField(text)) {
      return this.#readValue(this.#automaton.root, text, kind, true)
    }
    const fate = this.#automaton.fate(place)
    if (fate.strong >= 0) {
      const type = this.#tables.plan.bindings[fate.strong]!.type
      if (this.#types[type]!.kind === 'typed') {
        if (this.#tables.rowRules !== null) this.#types = this.#tables.rowRules.fieldTypesAt(place)
        return this.#typed(place, type, text, kind)
      }
      return this.#readValue(place, text, kind, this.#types[type]!.kind === 'free_text')
    }
    for (const weak of fate.weak) {
      const { type } = this.#tables.plan.bindings[weak]!
      if (covers(this.#types[type]!, text)) return this.#typed(place, type, text, kind)
    }
    if (this.#tables.plan.unlisted === 'remove') return 'remove'
    return this.#readValue(place, text, kind, isScanned(this.#tables.plan.unlisted) || this.#options.errorBody)
  }

  removed(place: Place): void {
    const { strong } = this.#automaton.fate(place)
    if (strong >= 0) this.counter.count(this.#tables.plan.bindings[strong]!.type, 'remove')
  }

  part(place: Place, mediaType: string | null, head: Uint8Array): Reader | null {
    const outer = this.root
    this.root = place
    try {
      return this.#part(mediaType, head, this)
    } finally {
      this.root = outer
    }
  }

  #treat(place: Place): Treatment {
    this.#standAt(place)
    const { strong, weak } = this.#automaton.fate(place)
    const { plan, all, checked } = this.#tables
    const types = this.#tables.rowRules?.fieldTypesAt(place) ?? this.#types
    const type = strong < 0 ? null : types[plan.bindings[strong]!.type]!
    if (type?.kind === 'typed') {
      return type.forms[0]!.form === 'remove' && !this.#automaton.isDescribed(place) ? 'remove' : 'mask'
    }
    if (type === null && plan.unlisted === 'remove') return 'mask'
    // A weak name counts where its detector agrees, which it does with nothing that is passed over as not worth reading.
    if (!weak.every(at => all.looksFor(types[plan.bindings[at]!.type]!.detector))) return 'mask'
    const everything = type === null ? isScanned(plan.unlisted) || this.#options.errorBody : type.kind === 'free_text'
    // Structured text inside a value can hold fields that are named, so no string is passed over while there are names.
    return (everything ? all : checked).idle && plan.bindings.length === 0 ? 'copy' : 'read'
  }

  /** A value whose type is known by its field. */
  #typed(place: Place, type: number, written: string, kind: ScalarKind): Outcome {
    const rule = this.#types[type]!
    const first = rule.forms[0]!.form
    if (kind === 'null' || written === '') return first === 'remove' ? 'remove' : 'keep'
    const text = kind === 'number' ? canonicalNumber(written) : written
    let shown = text
    // What stays visible may be more than the type of what really stands there allows: an ID number in a name's field.
    if (first === 'clear' || first === 'partial' || first === 'generalize')
      shown = this.#overrule(place, rule, text, kind)
    const form = this.#apply(type, shown, kind)
    this.counter.count(type, form)
    this.#meet(rule, text, form)
    if (form === 'clear') return this.#clear(text, shown)
    this.edits = null
    if (form === 'redact' || form === 'remove') return form
    return 'text'
  }

  /** Counts whom a value stands for, where its type says who a person is and the row has none by a stronger type. */
  #meet(rule: TypeRule, text: string, form: Form): void {
    if (this.counter.asksFor(rule)) this.counter.person(new Someone(rule, text, form))
  }

  #clear(text: string, shown: string): Outcome {
    if (shown === text) return 'keep'
    this.replacement = shown
    return 'text'
  }

  /** The text with what checked detectors find of other types masked first. */
  #overrule(place: Place, rule: TypeRule, text: string, kind: ScalarKind): string {
    if (kind === 'boolean' || this.#tables.checked.idle || covers(rule, text)) return text
    if (kind === 'string' && looksStructured(text)) {
      const outcome = this.#structured(place, text)
      if (outcome !== null) return outcome === 'keep' ? text : outcome === 'text' ? this.replacement : '***'
    }
    const encoded = kind === 'string' ? this.#encoded(place, text, false) : null
    if (encoded !== null) return encoded === 'text' ? this.replacement : '***'
    const found = this.#tables.checked.find(text).filter(span => this.#types[span.type] !== rule)
    return found.length === 0 ? text : this.#splice(text, found)
  }

  /** A value that is read for what it holds. */
  #readValue(place: Place, text: string, kind: ScalarKind, everything: boolean): Outcome {
    if (kind === 'null' || kind === 'boolean' || text === '') return 'keep'
    const detection = everything ? this.#tables.all : this.#tables.checked
    if (kind === 'number') {
      const canonical = canonicalNumber(text)
      return this.#read(text, detection.find(canonical), canonical)
    }
    if (looksStructured(text) || mayNameValues(text)) {
      const outcome = this.#structured(place, text)
      if (outcome !== null) return outcome
    }
    return this.#encoded(place, text, everything) ?? this.#read(text, detection.find(text))
  }

  /**
   * Reads what a text holds in an encoding, by the same plan, and encodes again what changed; what else detectors find in
   * the text is masked with it. null: it holds nothing encoded, or nothing that changes.
   */
  #encoded(place: Place, text: string, everything: boolean): Outcome | null {
    const parts = encodedParts(text)
    if (parts.length === 0) return null
    if (this.#nesting >= maxNesting) return 'redact'
    const edits: Edit[] = []
    this.#nesting++
    try {
      for (const part of parts) {
        // Of a signature that went as a whole nothing is left to read.
        if ((edits.at(-1)?.end ?? 0) > part.start) continue
        this.edits = null
        const { start, end } = part
        const outcome = part.text === null ? 'redact' : this.#readValue(place, part.text, 'string', everything)
        if (outcome === 'keep') continue
        if (start === 0 && end === text.length && (outcome !== 'text' || part.sealed)) {
          return outcome === 'text' ? 'redact' : outcome
        }
        if (outcome !== 'text') edits.push({ start, end, text: '***' })
        else edits.push(...part.rewrite(this.replacement, this.edits))
      }
    } finally {
      this.#nesting--
      this.edits = null
    }
    return edits.length === 0 ? null : this.#rewrite(text, edits, everything)
  }

  #rewrite(text: string, decoded: readonly Edit[], everything: boolean): Outcome {
    const detection = everything ? this.#tables.all : this.#tables.checked
    const others = apartFrom(decoded, detection.find(text))
    if (others.length > 0) this.#splice(text, others)
    const edits = [...decoded, ...(this.edits ?? [])].sort((a, b) => a.start - b.start)
    let written = ''
    let done = 0
    for (const edit of edits) {
      written += text.slice(done, edit.start) + edit.text
      done = edit.end
    }
    this.replacement = written + text.slice(done)
    this.edits = edits
    return 'text'
  }

  /**
   * A text of which spans are personal. Where one span is all of it, the detector names the field, and the type's form
   * counts as for a field; else each span is masked where it stands.
   */
  #read(text: string, found: readonly Found[], canonical = text): Outcome {
    if (found.length === 0) return 'keep'
    const [only] = found
    if (found.length === 1 && isWhole(only!, canonical)) return this.#typedSpan(only!.type, text, canonical)
    const spliced = this.#splice(canonical, found)
    if (spliced === canonical) return 'keep'
    this.replacement = spliced
    return 'text'
  }

  #typedSpan(type: number, text: string, canonical: string): Outcome {
    const rule = this.#types[type]!
    const form = this.#apply(type, canonical, 'string')
    this.counter.count(type, form)
    this.#meet(rule, canonical, form)
    if (form === 'clear') return 'keep'
    if (form === 'redact' || form === 'remove') return form
    return this.replacement === text ? 'redact' : 'text'
  }

  #splice(text: string, found: readonly Found[]): string {
    let masked = ''
    let done = 0
    const edits: Edit[] = []
    for (const { start, end, type } of found) {
      const rule = this.#types[type]!
      const value = text.slice(start, end)
      // In running text nothing can be taken away without trace: what would be removed is redacted.
      const form = this.#apply(type, value, 'string')
      const shownForm = form === 'remove' ? 'redact' : form
      this.counter.count(type, shownForm)
      this.#meet(rule, value, shownForm)
      const shown = form === 'clear' ? value : shownForm === 'redact' ? '***' : this.replacement
      masked += text.slice(done, start) + shown
      edits.push({ start, end, text: shown })
      done = end
    }
    this.edits = edits
    return masked + text.slice(done)
  }

  /** Makes the type's form of a value, or the next stricter one that hides enough; leaves its text in `replacement`. */
  #apply(type: number, text: string, kind: ScalarKind): Form {
    const { forms } = this.#types[type]!
    for (const { form, mask } of forms) {
      if (form === 'redact' || form === 'remove') return form
      if (form === 'clear') {
        this.replacement = text
        return form
      }
      if (kind === 'boolean') continue
      const masked = mask === null ? null : mask.mask(text, this.#scope(type))
      if (masked === null) continue
      this.replacement = masked
      return form
    }
    return 'redact'
  }

  #scope(type: number): Scope {
    const { consumer, purpose } = this.#options
    return (this.#scopes[type] ??= { consumer, purpose, dataType: this.#types[type]!.name })
  }

  /** Reads structured text inside a value by the same plan, standing where the value stands; null: it is plain text. */
  #structured(place: Place, text: string): Outcome | null {
    const reader = this.#nestedReader(place, text)
    if (reader === null) return null
    const rows = this.counter.standing()
    const types = this.#types
    this.#nesting++
    try {
      if (this.#nesting > maxNesting) return 'redact'
      const bytes = Buffer.from(text, 'utf8')
      const masked = Buffer.concat([...reader.write(bytes), ...reader.end()])
      if (masked.equals(bytes)) return 'keep'
      this.replacement = masked.toString('utf8')
      return 'text'
    } catch (error) {
      // Well-formed, so it is over a limit: too deep or too large to be read here.
      if (error instanceof Error && 'code' in error) return 'redact'
      throw error
    } finally {
      this.#nesting--
      this.edits = null
      this.#types = types
      this.counter.standAgain(rows)
    }
  }

  #nestedReader(place: Place, text: string): Reader | null {
    const outer = this.root
    this.root = place
    try {
      return this.#nested(text, this)
    } finally {
      this.root = outer
    }
  }
}

/** Whether detectors read every value that no binding names. */
function isScanned(unlisted: Unlisted): boolean {
  return unlisted === 'scan' || unlisted === 'hold'
}
