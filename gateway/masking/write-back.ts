/**
 * A request's body under a plan: tokens become the values they stand for, and masked values are found that would destroy
 * what is stored. Nothing is masked here: what a caller sends, it knows.
 */
import type { ByteRule, Outcome, Place, ReadLimits, ScalarKind, Treatment } from '../contracts.ts'
import type { DetectorRule, TypeRule } from '../policy/plan.ts'
import { BodyCursor } from './cursor.ts'
import { isMaskedByDetector, isMaskedValue } from './masked-values.ts'
import type { NestedReader, PartReader, PlanTables } from './plan-tables.ts'
import { holdsToken, restoreToken, type TokenScope } from './tokens.ts'
import { TracingCursor } from './tracing.ts'

export type WriteBackOptions = TokenScope & {
  readonly limits: ReadLimits
  /** `find`: note where masked values are. `drop`: leave their members out, where that is possible. */
  readonly masked: 'pass' | 'find' | 'drop'
  /** Whether what is sent asks, and is not stored: then only what a field names is looked at. */
  readonly asks: boolean
}

/** What was found in a body. */
export type WriteBackFindings = {
  /** Fields that hold masked values, as the policy names them. */
  readonly masked: ReadonlySet<string>
  /** How many others hold what a detector's finds are shown as; where they stand only `MaskedPlaces` knows. */
  readonly maskedUnlisted: number
  /** Types whose tokens were restored. */
  readonly restored: ReadonlySet<TypeRule>
  /** Each token that was restored and whose value the caller may not see, by that value. */
  readonly tokens: ReadonlyMap<string, string>
}

/** One body, as its pieces are read; its findings are whole once it has ended. */
export type WriteBack = {
  readonly findings: WriteBackFindings
  write(chunk: Uint8Array): Uint8Array[]
  end(): Uint8Array[]
}

/** Names inside a typed object with which search documents compare: what a token stands for must not be put in order. */
const comparing =
  /^\$?(?:not|n?(?:i?like|i?contains|i?starts_?with|i?ends_?with|regexp?|match|between|range)|gte?|lte?|from|to|min|max|before|after)$/i

/** Structured text inside text is read this deep. */
const maxNesting = 4

export class WriteBackCursor extends BodyCursor implements WriteBackFindings {
  /** A reader must remember nothing that was said for answers. */
  override readonly plan: object
  readonly masked = new Set<string>()
  maskedUnlisted = 0
  readonly restored = new Set<TypeRule>()
  readonly tokens = new Map<string, string>()
  readonly #tables: PlanTables
  readonly #options: WriteBackOptions
  readonly #nested: NestedReader
  /** Whether the name last passed compares by the typed object it stands in. */
  #compares = false
  #depth = 0
  #elements = 0
  /** Whether the name that was offered last is somebody's. */
  nameIsPersonal = false

  constructor(tables: PlanTables, options: WriteBackOptions, nested: NestedReader, part: PartReader) {
    super(tables, { ...options, errorBody: false }, nested, part)
    this.plan = {}
    this.#tables = tables
    this.#options = options
    this.#nested = nested
  }

  override member(parent: Place, bytes: Uint8Array, from: number, to: number): Place {
    const place = super.member(parent, bytes, from, to)
    this.#lookAtName(parent, Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'))
    return place
  }

  override memberNamed(parent: Place, name: string): Place {
    const place = super.memberNamed(parent, name)
    this.#lookAtName(parent, name)
    return place
  }

  /** A name that is personal is offered each time; of any other a reader may remember the place. */
  #lookAtName(parent: Place, name: string): void {
    this.#compares = this.#tables.automaton.fate(parent).strong >= 0 && comparing.test(name)
    this.nameIsPersonal = this.keyIsPersonal
    this.keyIsPersonal = this.#compares
  }

  override beginElement(): void {
    this.#elements++
  }

  override endElement(): void {
    this.#elements--
  }

  override beginSibling(): void {
    this.#elements++
  }

  override endSibling(): void {
    this.#elements--
  }

  override get nesting(): number {
    return this.#elements
  }

  override passedRows({ nesting }: { nesting: number }): void {
    this.#elements = nesting
  }

  /** Every value is looked at: a token may stand where no type is. */
  override treatment(): Treatment {
    return 'mask'
  }

  override byteRule(): ByteRule | null {
    return null
  }

  override mayMatch(): boolean {
    return true
  }

  override key(): Outcome {
    return 'keep'
  }

  override removed(): void {}

  override scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    this.shown.edits = null
    if (kind === 'string') {
      const nested = this.#structured(place, text)
      if (nested !== null) return nested
      if (holdsToken(text)) return this.#restore(place, text)
    }
    return this.#options.masked === 'pass' ? 'keep' : this.#checkMasked(place, text, kind)
  }

  #restore(place: Place, text: string): Outcome {
    const { plan } = this.#tables
    const types = this.#compares ? [] : this.#typesAt(place)
    this.shown.replacement = restoreToken(text, types, plan.types, this.#options)
    for (const type of types) this.restored.add(type)
    // who sees the type clear may have the value back
    if (types.some(({ forms }) => forms[0]!.form !== 'clear')) this.tokens.set(this.replacement, text.trim())
    return 'text'
  }

  #checkMasked(place: Place, text: string, kind: ScalarKind): Outcome {
    const { plan, automaton } = this.#tables
    const { strong } = automaton.fate(place)
    const binding = plan.bindings[strong]
    const rule = binding === undefined ? null : plan.types[binding.type]!
    const isListed = rule?.kind === 'typed'
    const isMasked = isListed
      ? isMaskedValue(rule, text, kind)
      : !this.#options.asks &&
        kind === 'string' &&
        isMaskedByDetector({ types: plan.types, detectors: this.#detectorsAt(rule) }, this.#typesAt(place), text)
    if (!isMasked) return 'keep'
    // in an array others would move up into its place, or lose a member each
    if (this.#options.masked === 'drop' && this.#elements === 0) return 'remove'
    if (isListed) this.masked.add(binding!.path.text)
    else this.maskedUnlisted++
    return 'keep'
  }

  /** Those that read what stands where this rule, or none, is bound. */
  #detectorsAt(rule: TypeRule | null): readonly DetectorRule[] {
    const { unlisted, detectors } = this.#tables.plan
    if (rule === null && unlisted === 'remove') return []
    const everything = rule === null ? unlisted !== 'keep' : rule.kind === 'free_text'
    return everything ? detectors : detectors.filter(({ detector }) => detector.checked)
  }

  /** The type of a place; where only weak names say so, all that they say. */
  #typesAt(place: Place): TypeRule[] {
    const { plan, automaton } = this.#tables
    const { strong, weak } = automaton.fate(place)
    return (strong >= 0 ? [strong] : weak).map(at => plan.types[plan.bindings[at]!.type]!)
  }

  /** Structured text inside a value is read by the same plan, standing where the value stands; null: it is plain text. */
  #structured(place: Place, text: string): Outcome | null {
    const first = text.trimStart()[0]
    if ((first !== '{' && first !== '[') || this.#depth >= maxNesting) return null
    const outer = this.root
    this.root = place
    const reader = this.#nested(text, this, 'whole')
    this.root = outer
    if (reader === null) return null
    this.#depth++
    const elements = this.#elements
    const bytes = Buffer.from(text, 'utf8')
    const again = Buffer.concat([...reader.write(bytes), ...reader.end()])
    this.#depth--
    this.#elements = elements
    if (again.equals(bytes)) return 'keep'
    this.shown.replacement = again.toString('utf8')
    return 'text'
  }
}

/** Paths that are told; more help nobody. */
const mostPaths = 64

/** Where in a body masked values stand that no field names: the body is read once more for it. */
export class MaskedPlaces extends TracingCursor {
  readonly paths = new Set<string>()
  readonly #findings: WriteBackCursor

  constructor(inner: WriteBackCursor, part: PartReader) {
    super(inner, part)
    this.#findings = inner
  }

  protected override get isPersonal(): boolean {
    return this.#findings.nameIsPersonal
  }

  override scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    const before = this.#findings.maskedUnlisted
    const outcome = super.scalar(place, text, kind)
    if (this.#findings.maskedUnlisted > before && this.paths.size < mostPaths) this.paths.add(this.pathOf(place) || '$')
    return outcome
  }
}
