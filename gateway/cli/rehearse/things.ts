/** Fields that the catalogue takes for people's names and whose values look like names of things: menus, roles, dictionaries. */
import { agrees } from '../../masking/spans.ts'
import { normalizeName } from '../../policy/names.ts'
import type { Plan, TypeRule } from '../../policy/plan.ts'

/** What was seen of the values at one place. */
export type SeenThings = {
  /** The place, as a policy names it. */
  readonly path: string
  /** Its last name. */
  readonly name: string
  values: number
  /** Values that are surely no name of a person. */
  things: number
}

/** Fewer values tell nothing. */
const least = 3
const mostPaths = 2000
const longestPath = 60

export type People = {
  readonly types: ReadonlyMap<string, TypeRule>
  /** Names of fields: as a value, one names a column. */
  readonly fields: ReadonlySet<string>
}

/** By last name, the types that the catalogue gives to it alone and whose detector knows people's names. */
export function peopleIn({ bindings, types }: Pick<Plan, 'bindings' | 'types'>): People {
  const known = new Map<string, TypeRule>()
  const fields = new Set<string>()
  for (const { path, step, weak, type } of bindings) {
    const [only, ...more] = path.steps
    const rule = types[type]!
    if (only !== undefined && 'name' in only) fields.add(only.name)
    if (step !== 2 || weak || more.length > 0 || only === undefined || !('name' in only)) continue
    if (rule.kind === 'typed' && rule.detector?.mayBe !== undefined) known.set(only.name, rule)
  }
  return { types: known, fields }
}

/** Counts of what stood where; a value is looked at and forgotten. */
export class ThingCounts {
  #seen = new Map<string, SeenThings>()

  /** `path`: names from the root, null where there is none. */
  note(path: readonly (string | null)[], text: string, { types, fields }: People): void {
    const names = path.filter(name => name !== null)
    const name = names.at(-1)
    const rule = name === undefined ? undefined : types.get(normalizeName(name))
    if (name === undefined || rule === undefined || text.trim() === '') return
    const told = names.length > 1 ? names.slice(-2).join('.') : `/${name}`
    let seen = this.#seen.get(told)
    if (seen === undefined) {
      if (this.#seen.size >= mostPaths || told.length > longestPath) return
      this.#seen.set(told, (seen = { path: told, name, values: 0, things: 0 }))
    }
    seen.values++
    if (fields.has(normalizeName(text)) || isThing(rule, text.trim())) seen.things++
  }

  take(): SeenThings[] {
    const taken = [...this.#seen.values()]
    this.#seen = new Map()
    return taken
  }
}

/** Whether most of what stands there are things. */
export function areThings({ values, things }: SeenThings): boolean {
  return things >= least && things * 5 >= values * 4
}

/** Chinese that reads as no name, and what has digits or signs in it; words in Latin letters may be anybody's name. */
function isThing(rule: TypeRule, text: string): boolean {
  if (agrees(rule, text)) return false
  return /\p{Script=Han}/u.test(text) ? !/[·•‧・]/.test(text) : /\d|[_/:.]\w/.test(text)
}
