/**
 * Plan and bytes in, masked bytes and a tally out. Pure, synchronous, streaming; it knows no sockets, files or clocks.
 */
import type {
  BodyLabel,
  FormatFault,
  FormatPlugin,
  PathBase,
  Plugins,
  Reader,
  ReadLimits,
  Room,
  TextLinks,
} from '../contracts.ts'
import { type ProblemCode, Refusal } from '../errors.ts'
import type { Binding, DetectorRule, Plan } from '../policy/plan.ts'
import { FieldAutomaton } from './automaton.ts'
import { type Canaries, noCanaries } from './canaries.ts'
import { BodyCursor } from './cursor.ts'
import { Detection } from './detect.ts'
import { EchoCursor, echoesOf } from './echo.ts'
import { type ExplainedField, ExplainingCursor } from './explain.ts'
import { holdsPersonal } from './nested-text.ts'
import type { NestedReader, PartReader, PlanTables, StateSeal } from './plan-tables.ts'
import { RowRules } from './row-rules.ts'
import { chooseFormat } from './sniff.ts'
import type { Tally } from './tally.ts'
import { UnlistedCursor } from './unlisted.ts'
import { MaskedPlaces, type WriteBack, WriteBackCursor, type WriteBackOptions } from './write-back.ts'

/** One body on its way through. Both ways of writing throw a Refusal where the body has to be withheld. */
export type Masker = {
  readonly format: string
  write(chunk: Uint8Array): Uint8Array[]
  /** Throws FORMAT_UNKNOWN for formats that are only read by `finish`. */
  end(): Uint8Array[]
  /** The same as `end`, for every format. */
  finish(): Uint8Array[] | Promise<Uint8Array[]>
  /** What was done since the last call; complete once `end` has returned. */
  takeTally(): Tally
  /** Under a plan with `unlisted: hold`: paths of fields that nothing names, names only; complete once `end` has returned. */
  unlisted(): readonly string[]
}

export type MaskingScope = {
  readonly consumer: string
  readonly purpose: string
  /** The time of the answer, for the ages of people: milliseconds since 1970. Left out: everybody counts as a child. */
  readonly now?: number
  /** The operator, where whoever vouches for the caller names them: they see what is their own, where rules say so. */
  readonly operator?: string
  /** Tokens of the caller that were restored for the system, by the value they stand for: it gets them back. */
  readonly tokens?: ReadonlyMap<string, string>
  /** Left out: states that servers hide in pages are emptied. */
  readonly states?: StateSeal
}

export type MaskingOptions = {
  /** The body of an error answer: all its unlisted strings are free text. */
  readonly errorBody?: boolean
  /** The boundary that the label of a multipart body declares. */
  readonly boundary?: string | null
  /** Where callers find what the system's own paths lead to. */
  readonly pathBase?: PathBase | undefined
  /** For a format that is measured: what becomes of links to the system. */
  readonly links?: TextLinks | undefined
  /** Where pieces may be put that are masked; left out: into buffers of their own. */
  readonly room?: Room
}

/** What the policy lets be read beyond what every route may answer. */
export type FormatLeave = { readonly jsonp?: true }

export type Masking = {
  /** The format of a body by its label and first bytes; null where it is none the gateway can read. */
  chooseFormat(mediaType: string | null, head: Uint8Array, leave?: FormatLeave): FormatPlugin | null
  start(plan: Plan, format: FormatPlugin, scope: MaskingScope, limits: ReadLimits, options?: MaskingOptions): Masker
  /** What each field of a body becomes, and why; the body's bytes go nowhere. Throws as a Masker does. */
  explain(
    plan: Plan,
    format: FormatPlugin,
    body: Uint8Array,
    scope: MaskingScope,
    limits: ReadLimits,
    boundary?: string | null,
  ): Promise<readonly ExplainedField[]>
  /** A request's body: tokens restored, masked values found. Throws as a Masker does, and TOKEN_*. */
  writeBack(plan: Plan, format: FormatPlugin, options: WriteBackOptions): WriteBack
  /** The same body once more, for where in it masked values stand that no field names. */
  maskedPlaces(plan: Plan, format: FormatPlugin, options: WriteBackOptions): WriteBack & Pick<MaskedPlaces, 'paths'>
}

const unsaid: BodyLabel = { boundary: null }
const inside: BodyLabel = { boundary: null, isInside: true }

const problemOf: Record<FormatFault, ProblemCode> = {
  malformed: 'FORMAT_MALFORMED',
  not_utf8: 'CHARSET_MALFORMED',
  too_deep: 'ANSWER_TOO_LARGE',
  scalar_too_large: 'ANSWER_TOO_LARGE',
  too_large: 'ANSWER_TOO_LARGE',
  unknown: 'FORMAT_UNKNOWN',
}

export function createMasking({ formats }: Pick<Plugins, 'formats'>, canaries: Canaries = noCanaries): Masking {
  const readers = new Map(formats.map(format => [format, format.create({})]))
  const automata = new WeakMap<readonly Binding[], Map<readonly DetectorRule[], FieldAutomaton>>()
  const automataOfRemoving: typeof automata = new WeakMap()
  const tables = new WeakMap<Plan, PlanTables>()
  const errorTables = new WeakMap<Plan, PlanTables>()
  const nested: NestedReader = (text, fields, as) => {
    const format = formats.find(({ name, fits, isIn }) => {
      if (as === 'pieces') return isIn?.(text) === true
      return name === 'json' ? isJson(text) : fits?.(text, fields) === true
    })
    return format === undefined ? null : readers.get(format)!(fields, inside)
  }
  const part: PartReader = (mediaType, head, fields) => {
    const format = chooseFormat(formats, mediaType, head)
    return format === null || format.reads === 'bytes' ? null : readers.get(format)!(fields, unsaid)
  }

  function tablesOf(plan: Plan, errorBody: boolean): PlanTables {
    const cache = errorBody ? errorTables : tables
    const known = cache.get(plan)
    if (known !== undefined) return known
    const all = new Detection(plan.detectors)
    const checked = new Detection(plan.detectors.filter(({ detector }) => detector.checked))
    const automaton = automatonOf(plan, all)
    const rowRules = plan.rowRules === undefined ? null : new RowRules(plan, automaton)
    const made = {
      plan,
      automaton,
      rowRules,
      all,
      checked,
      treatments: [],
      byteRules: [],
      namesOnce: namesOnce(plan),
      canaries,
    }
    cache.set(plan, made)
    return made
  }

  function automatonOf(plan: Plan, all: Detection): FieldAutomaton {
    const shared = plan.unlisted === 'remove' ? automataOfRemoving : automata
    const byDetectors = shared.get(plan.bindings) ?? new Map()
    shared.set(plan.bindings, byDetectors)
    const known = byDetectors.get(plan.detectors)
    if (known !== undefined) return known
    const made = new FieldAutomaton(plan, name => holdsPersonal(all, name))
    byDetectors.set(plan.detectors, made)
    return made
  }

  return {
    chooseFormat(mediaType, head, leave) {
      const format = chooseFormat(formats, mediaType, head)
      if (format !== null || leave?.jsonp !== true || !maybeScript(mediaType)) return format
      return formats.find(({ name, looksLike }) => name === 'jsonp' && looksLike(head)) ?? null
    },

    start(plan, format, scope, limits, said = {}) {
      const { consumer, purpose, now, operator, tokens, states } = scope
      const { errorBody = false, boundary = null, pathBase, links, room } = said
      const known = tablesOf(plan, errorBody)
      const handsOut = format.name === 'json' && !errorBody
      const options = { consumer, purpose, now, operator, states, handsOut, limits, errorBody }
      const cursor =
        tokens === undefined || tokens.size === 0
          ? new BodyCursor(known, options, nested, part)
          : new EchoCursor(known, options, nested, part, echoesOf(tokens))
      const label = labelOf(boundary, pathBase, links)
      const noting = plan.unlisted === 'hold' ? new UnlistedCursor(cursor, known, part) : null
      return new BodyMasker(format, cursor, readers.get(format)!(noting ?? cursor, label, room), noting)
    },

    async explain(plan, format, body, scope, limits, boundary = null) {
      const known = tablesOf(plan, false)
      const handsOut = format.name === 'json'
      const inner = new BodyCursor(known, { ...scope, handsOut, limits, errorBody: false }, nested, part)
      const cursor = new ExplainingCursor(inner, known, part)
      try {
        const reader = readers.get(format)!(cursor, { boundary })
        reader.write(body)
        await (reader.finish?.() ?? reader.end())
        return [...cursor.fields.values()]
      } catch (error) {
        throw withheld(error)
      }
    },

    writeBack(plan, format, options) {
      const cursor = new WriteBackCursor(tablesOf(plan, false), options, nested, part)
      return { findings: cursor, ...pieces(readers.get(format)!(cursor, unsaid)) }
    },

    maskedPlaces(plan, format, options) {
      const cursor = new WriteBackCursor(tablesOf(plan, false), options, nested, part)
      const places = new MaskedPlaces(cursor, part)
      return { findings: cursor, paths: places.paths, ...pieces(readers.get(format)!(places, unsaid)) }
    },
  }
}

function pieces(reader: Reader) {
  return {
    write: (chunk: Uint8Array) => orWithheld(() => reader.write(chunk)),
    end: () => orWithheld(() => reader.end()),
  }
}

function labelOf(boundary: string | null, pathBase: PathBase | undefined, links: TextLinks | undefined): BodyLabel {
  if (boundary === null && pathBase === undefined && links === undefined) return unsaid
  return { boundary, ...(pathBase !== undefined && { pathBase }), ...(links !== undefined && { links }) }
}

class BodyMasker implements Masker {
  readonly format: string
  readonly #ends: boolean
  readonly #cursor: BodyCursor
  readonly #reader: Reader
  readonly #noting: UnlistedCursor | null

  constructor({ name, reads }: FormatPlugin, cursor: BodyCursor, reader: Reader, noting: UnlistedCursor | null) {
    this.format = name
    this.#ends = reads !== 'bytes'
    this.#cursor = cursor
    this.#reader = reader
    this.#noting = noting
  }

  write(chunk: Uint8Array): Uint8Array[] {
    return orWithheld(() => this.#reader.write(chunk))
  }

  end(): Uint8Array[] {
    if (!this.#ends) throw new Refusal('FORMAT_UNKNOWN')
    try {
      const rest = this.#reader.end()
      this.#cursor.counter.endDocument()
      return rest
    } catch (error) {
      throw withheld(error)
    }
  }

  finish(): Uint8Array[] | Promise<Uint8Array[]> {
    return this.#reader.finish === undefined ? this.end() : this.#finishLater(this.#reader.finish())
  }

  async #finishLater(finishing: Promise<Uint8Array[]>): Promise<Uint8Array[]> {
    try {
      const rest = await finishing
      this.#cursor.counter.endDocument()
      return rest
    } catch (error) {
      throw withheld(error)
    }
  }

  takeTally(): Tally {
    this.#reader.forget?.()
    return this.#cursor.counter.take()
  }

  unlisted(): readonly string[] {
    return this.#noting === null ? [] : [...this.#noting.unlisted]
  }
}

/** Labels under which JSONP comes: those of scripts, of JSON, of no format, or none. */
function maybeScript(mediaType: string | null): boolean {
  return mediaType === null || /^text\/(?!xml)|javascript|json|octet-stream/.test(mediaType)
}

function namesOnce({ types }: Plan): boolean {
  const names = types.filter(({ identifies }) => identifies !== null).map(({ name }) => name)
  return new Set(names).size === names.length
}

/** Reading a value that only looks like JSON must have no effect, so that is settled first. */
function isJson(text: string): boolean {
  // Markup is the most of what looks structured and is no JSON, and to fail costs as much as to read a row.
  if (text.trimStart().startsWith('<')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function orWithheld<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw withheld(error)
  }
}

/** What a reader throws on purpose is a plain Error; any other is a fault of ours, and withholds the body as well. */
function withheld(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const fault = error instanceof Error && 'code' in error ? problemOf[error.code as FormatFault] : undefined
  if (fault !== undefined) return new Refusal(fault, {}, { cause: error })
  const onPurpose = error instanceof Error && error.constructor === Error
  return new Refusal(onPurpose ? 'FORMAT_MALFORMED' : 'GATEWAY_FAULT', {}, { cause: error })
}
