/** What becomes of each value that is offered, and of names that are personal: the only place that decides what leaves of one. */
import type { Edit, Outcome, Place, Reader, ScalarKind } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { Detection } from './detect.ts'
import { encodedParts } from './encoded.ts'
import { looksStructured, maxNesting, mayHoldMarkup, mayNameValues } from './nested-text.ts'
import { canonicalNumber } from './number.ts'
import type { CursorOptions, PlanTables } from './plan-tables.ts'
import type { Shown } from './shown.ts'
import { agrees, apartFrom, covers, difference } from './spans.ts'
import { Unpacking } from './unpacking.ts'

/** Reads structured text inside the value at a place, or text with pieces of markup, by the same plan; null: it is plain text. */
type ReaderInside = (place: Place, text: string, as: 'whole' | 'pieces') => Reader | null

export class Values {
  /** Whether detectors read every value that no binding names. In the body of an error they do, whatever the policy says. */
  readonly readsUnlisted: boolean
  readonly #tables: PlanTables
  readonly #shown: Shown
  readonly #inside: ReaderInside
  readonly #unpacking = new Unpacking()
  #nesting = 0

  constructor(tables: PlanTables, { errorBody }: CursorOptions, shown: Shown, inside: ReaderInside) {
    const { unlisted } = tables.plan
    this.readsUnlisted = unlisted === 'scan' || unlisted === 'hold' || errorBody
    this.#tables = tables
    this.#shown = shown
    this.#inside = inside
  }

  /** The plan's types are as they are at this place from now on. */
  standAt(place: Place): void {
    const { rowRules } = this.#tables
    if (rowRules !== null) this.#shown.types = rowRules.typesAt(place)
  }

  /** As `FieldCursor` has it. */
  scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    this.#shown.edits = null
    if (this.#nesting === 0) this.#unpacking.came(text.length)
    this.standAt(place)
    const { automaton, plan, rowRules } = this.#tables
    const fate = automaton.fate(place)
    if (fate.strong >= 0) {
      const { type, handsOut } = plan.bindings[fate.strong]!
      if (handsOut === 'value' && kind === 'string' && this.#shown.handOut(type, text)) return 'text'
      const rule = this.#shown.types[type]!
      if (kind === 'string' && this.#isKey(place, text, rule)) return this.#read(automaton.root, text, kind, true)
      if (rule.kind !== 'typed') return this.#read(place, text, kind, rule.kind === 'free_text')
      if (rowRules !== null) this.#shown.types = rowRules.fieldTypesAt(place)
      return this.#typed(place, type, text, kind, false)
    }
    for (const weak of fate.weak) {
      const { type } = plan.bindings[weak]!
      if (agrees(this.#shown.types[type]!, text)) return this.#typed(place, type, text, kind, true)
    }
    if (plan.unlisted === 'remove') return 'remove'
    return this.#read(place, text, kind, this.readsUnlisted)
  }

  /**
   * What a label labels with the name of a field of its own type is that field's key, as in lists to choose columns from. The
   * name of another is a value like any (`诊断`: `乙肝`), and so is each where nothing of the type is shown: no column misses it.
   */
  #isKey(place: Place, text: string, rule: TypeRule): boolean {
    const { automaton } = this.#tables
    if (!automaton.isDescribed(place) || (rule.kind === 'typed' && rule.forms[0]!.form === 'remove')) return false
    return automaton.isKeyOf(place, text)
  }

  /** What a name becomes that stands anywhere in a body with this root; `ordinal` as `FieldCursor` has it. */
  name(root: Place, name: string, ordinal: number): Outcome {
    const shown = this.#shown
    const outcome = this.#encoded(root, name, true) ?? shown.text(name, this.#tables.all.find(name))
    if (outcome === 'redact') shown.replacement = `***${ordinal}`
    // Two names may be masked alike; the ordinal keeps the names of one object apart.
    else if (outcome === 'text' && ordinal > 1) shown.replacement += `#${ordinal}`
    return outcome === 'redact' ? 'text' : outcome
  }

  /** A value whose type is known by its field; `isCovered` where it is by the type's detector too. */
  #typed(place: Place, type: number, written: string, kind: ScalarKind, isCovered: boolean): Outcome {
    const rule = this.#shown.types[type]!
    const first = rule.forms[0]!.form
    if (kind === 'null' || written === '') return first === 'remove' ? 'remove' : 'keep'
    const text = kind === 'number' ? canonicalNumber(written) : written
    let left = text
    // What stays visible may be more than the type of what really stands there allows: an ID number in a name's field.
    const isShown = first === 'clear' || first === 'partial' || first === 'generalize'
    if (isShown && !(isCovered && text === written)) left = this.#overrule(place, rule, text, kind)
    const form = this.#shown.value(type, left, kind, text)
    if (form === 'clear') return this.#clear(text, left)
    this.#shown.edits = null
    if (form === 'redact' || form === 'remove') return form
    return 'text'
  }

  #clear(text: string, left: string): Outcome {
    if (left === text) return 'keep'
    this.#shown.replacement = left
    return 'text'
  }

  /** The text with what checked detectors find of other types masked first. */
  #overrule(place: Place, rule: TypeRule, text: string, kind: ScalarKind): string {
    const [shown, { checked }] = [this.#shown, this.#tables]
    if (kind === 'boolean' || checked.idle || covers(rule, text)) return text
    if (kind === 'string' && looksStructured(text)) {
      const outcome = this.#parsed(place, text)
      if (outcome !== null) return outcome === 'keep' ? text : outcome === 'text' ? shown.replacement : '***'
    }
    const encoded = kind === 'string' ? this.#encoded(place, text, false) : null
    if (encoded !== null) return encoded === 'text' ? shown.replacement : '***'
    const found = checked.find(text).filter(span => shown.types[span.type] !== rule)
    return found.length === 0 ? text : shown.splice(text, found)
  }

  /** A value that is read for what it holds. */
  #read(place: Place, text: string, kind: ScalarKind, everything: boolean): Outcome {
    if (kind === 'null' || kind === 'boolean' || text === '') return 'keep'
    if (kind === 'number') {
      const canonical = canonicalNumber(text)
      return this.#shown.text(text, this.#detection(everything).find(canonical), canonical)
    }
    return this.#structured(place, text) ?? this.#free(place, text, everything)
  }

  #free(place: Place, text: string, everything: boolean): Outcome {
    return this.#encoded(place, text, everything) ?? this.#shown.text(text, this.#detection(everything).find(text))
  }

  #detection(everything: boolean): Detection {
    return everything ? this.#tables.all : this.#tables.checked
  }

  /**
   * Reads what a text holds in an encoding, by the same plan, and encodes again what changed; what else detectors find in
   * the text is masked with it. null: it holds nothing encoded, or nothing that changes.
   */
  #encoded(place: Place, text: string, everything: boolean): Outcome | null {
    const parts = encodedParts(text, this.#unpacking)
    if (parts.length === 0) return null
    if (this.#nesting >= maxNesting) return 'redact'
    const shown = this.#shown
    const edits: Edit[] = []
    this.#nesting++
    try {
      for (const part of parts) {
        // Of a signature that went as a whole nothing is left to read.
        if ((edits.at(-1)?.end ?? 0) > part.start) continue
        shown.edits = null
        const { start, end } = part
        if (part.isDocument === true && !everything) continue
        const outcome = part.text === null ? 'redact' : this.#readInside(place, part.text, everything)
        if (outcome === 'keep') continue
        if (start === 0 && end === text.length && (outcome !== 'text' || part.sealed)) {
          return outcome === 'text' ? 'redact' : outcome
        }
        if (outcome !== 'text') edits.push({ start, end, text: '***' })
        else edits.push(...part.rewrite(shown.replacement, shown.edits))
      }
    } finally {
      this.#nesting--
      shown.edits = null
    }
    return edits.length === 0 ? null : this.#rewrite(text, edits, everything)
  }

  /** The same of a text that is written in another: what of it is not changed stays as it is written there. */
  #readInside(place: Place, text: string, everything: boolean): Outcome {
    const outcome = this.#structured(place, text)
    if (outcome === 'text') this.#shown.edits = [difference(text, this.#shown.replacement)]
    return outcome ?? this.#free(place, text, everything)
  }

  #rewrite(text: string, decoded: readonly Edit[], everything: boolean): Outcome {
    const shown = this.#shown
    const others = apartFrom(decoded, this.#detection(everything).find(text))
    if (others.length > 0) shown.splice(text, others)
    const edits = [...decoded, ...(shown.edits ?? [])].sort((a, b) => a.start - b.start)
    let written = ''
    let done = 0
    for (const edit of edits) {
      written += text.slice(done, edit.start) + edit.text
      done = edit.end
    }
    shown.replacement = written + text.slice(done)
    shown.edits = edits
    return 'text'
  }

  /** Reads what in a text is structured, or is named by a field, or stands among elements; null: nothing is. */
  #structured(place: Place, text: string): Outcome | null {
    const outcome = looksStructured(text) || mayNameValues(text) ? this.#parsed(place, text) : null
    return outcome === null && mayHoldMarkup(text) ? this.#parsed(place, text, 'pieces') : outcome
  }

  /** Reads structured text inside a value, standing where the value stands; null: it is plain text. */
  #parsed(place: Place, text: string, as: 'whole' | 'pieces' = 'whole'): Outcome | null {
    const reader = this.#inside(place, text, as)
    if (reader === null) return null
    const shown = this.#shown
    const rows = shown.counter.standing()
    const { types } = shown
    this.#nesting++
    try {
      if (this.#nesting > maxNesting) return 'redact'
      const bytes = Buffer.from(text, 'utf8')
      const masked = Buffer.concat([...reader.write(bytes), ...reader.end()])
      if (masked.equals(bytes)) return 'keep'
      shown.replacement = masked.toString('utf8')
      return 'text'
    } catch (error) {
      // Well-formed, so it is over a limit: too deep or too large to be read here.
      if (error instanceof Error && 'code' in error) return 'redact'
      throw error
    } finally {
      this.#nesting--
      shown.edits = null
      shown.types = types
      shown.counter.standAgain(rows)
    }
  }
}
