/** Which fields of a body no policy names: what an answer under `unlisted: hold` waits for. */
import type { Outcome, Place, ScalarKind } from '../contracts.ts'
import type { BodyCursor } from './cursor.ts'
import type { PartReader, PlanTables } from './plan-tables.ts'
import { agrees } from './spans.ts'
import { TracingCursor } from './tracing.ts'

/** Paths that are kept; more tell nobody anything. */
const mostPaths = 200
const rootPath = '$'

/**
 * Notes where a value stands that is offered, is not empty, and is named by no field, catalogue name or, where its name counts
 * only if the detector agrees, by that. Structured text inside a value that is named is read by the detectors, and named
 * by what it is in.
 */
export class UnlistedCursor extends TracingCursor {
  readonly unlisted = new Set<string>()
  readonly #tables: PlanTables

  constructor(inner: BodyCursor, tables: PlanTables, part: PartReader) {
    super(inner, part)
    this.#tables = tables
  }

  override scalar(place: Place, text: string, kind: ScalarKind): Outcome {
    if (kind !== 'null' && text !== '' && !this.lists(place, text)) this.#note(place)
    return super.scalar(place, text, kind)
  }

  /** Whether the policy knows what a value here is. */
  lists(at: Place, text: string): boolean {
    const { plan, automaton } = this.#tables
    const { strong, weak } = automaton.fate(this.placeOf(at))
    return strong >= 0 || weak.some(one => agrees(plan.types[plan.bindings[one]!.type]!, text))
  }

  #note(place: Place): void {
    const path = this.pathOf(place)
    if (this.unlisted.size < mostPaths) this.unlisted.add(path === '' ? rootPath : path)
  }
}
