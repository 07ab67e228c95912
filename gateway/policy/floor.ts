/**
 * What one audience could put together of one value. The same ID number may come masked by its own type, and in parts
 * as a birth date, a sex and a region; no audience may get so much of it, over all systems and routes, that less than
 * the type's floor stays hidden. Counted is what is shown without presenting anything: what `clear_with` asks for is an
 * authorisation, and on record.
 */
import type { Cell, Form, Level } from '../contracts.ts'
import type { Catalogue, CatalogueType } from './catalogue.ts'
import { chainFrom, formFor } from './chains.ts'
import type { Fault } from './fault.ts'
import type { FormRule } from './plan.ts'
import type { Audience, TypeTable } from './policy.ts'
import type { YamlDocument } from './yaml.ts'

/** Types of lower levels have no floor. */
const lowestLevel = 3
const nothing: ReadonlySet<Level> = new Set()

export type FloorParts = {
  readonly catalogue: Catalogue
  readonly table: TypeTable
  readonly audiences: ReadonlyMap<string, Audience>
  readonly always: ReadonlyMap<Cell, Form>
  /** Where the audiences are. */
  readonly document: YamlDocument
}

export function checkFloors(parts: FloorParts): Fault[] {
  const faults: Fault[] = []
  for (const audience of parts.audiences.values()) {
    for (const type of parts.catalogue.values()) {
      if (type.level < lowestLevel) continue
      const worst = leastHidden(parts, audience, type)
      if (worst === null || worst.hidden >= worst.floor) continue
      const { hidden, floor, all, from } = worst
      const message = {
        zh: `受众“${audience.name}”可由 ${from.join('、')} 拼出 ${type.name} 的 ${all - hidden}/${all} 个字符，只剩 ${hidden} 个未知，下限是 ${floor}`,
        en: `the audience '${audience.name}' could put together ${all - hidden} of ${all} characters of ${type.name} from ${from.join(', ')}; ${hidden} stay hidden, the floor is ${floor}`,
      }
      const hint = {
        zh: '让其中之一更严格，或在目录中写明 floor',
        en: 'make one of them stricter, or state a `floor` in the catalogue',
      }
      faults.push(parts.document.fault(['audiences', audience.name], 'POLICY_FLOOR', message, { at: 'key', hint }))
    }
  }
  return faults
}

type Worst = { hidden: number; floor: number; all: number; from: readonly string[] }

/** The example of which the least stays hidden; null where the type is shown clear on purpose or has no example. */
function leastHidden(parts: FloorParts, audience: Audience, type: CatalogueType): Worst | null {
  if (formOf(parts, audience, type.name) === 'clear') return null
  let worst: Worst | null = null
  for (const example of type.examples) {
    const { seen, from } = visible(parts, audience, type, [...example])
    // What one mask leaves is for that mask to answer for: it gives way where it hides too little.
    if (type.floor === null && from.length < 2) continue
    const all = [...example].length
    const floor = Math.min(type.floor ?? Math.max(1, Math.ceil(all / 3)), all)
    const hidden = all - seen.size
    if (worst === null || hidden - floor < worst.hidden - worst.floor) worst = { hidden, floor, all, from }
  }
  return worst
}

/** Positions of an example that its own forms and the types derived from it show together, and which of them do. */
function visible(parts: FloorParts, audience: Audience, type: CatalogueType, example: readonly string[]) {
  const seen = new Set<number>()
  const from: string[] = []
  const add = (name: string, start: number, positions: readonly number[]) => {
    if (positions.length > 0) from.push(name)
    for (const position of positions) seen.add(start + position)
  }
  add(type.name, 0, shownPositions(chain(parts, audience, type.name), example, type.name))
  for (const derived of type.derives) {
    const part = example.slice(derived.from, derived.to)
    add(derived.type, derived.from, shownPositions(chain(parts, audience, derived.type), part, derived.type))
  }
  return { seen, from }
}

function formOf({ table, always }: FloorParts, audience: Audience, name: string): Form {
  return formFor(table.types[table.index.get(name)!]!, audience, nothing, always)
}

function chain(parts: FloorParts, audience: Audience, name: string): readonly FormRule[] {
  const { types, index } = parts.table
  return chainFrom(types[index.get(name)!]!, formOf(parts, audience, name))
}

/** One spelling of a value may get one form and another spelling the next: all that show characters count together. */
function shownPositions(forms: readonly FormRule[], value: readonly string[], dataType: string): number[] {
  if (forms[0]?.form === 'clear') return value.map((_, index) => index)
  const shown = new Set<number>()
  for (const { form, mask } of forms) {
    if (form !== 'partial' && form !== 'generalize') continue
    const masked = mask?.mask(value.join(''), { consumer: 'check', purpose: 'check', dataType }) ?? null
    if (masked !== null) for (const position of kept(value, [...masked])) shown.add(position)
  }
  return [...shown]
}

/** Which characters of `value` stand in `masked` still: place by place, or from both ends where the length differs. */
function kept(value: readonly string[], masked: readonly string[]): number[] {
  const all = value.map((_, index) => index)
  if (value.length === masked.length) return all.filter(index => value[index] === masked[index])
  const shorter = Math.min(value.length, masked.length)
  let head = 0
  while (head < shorter && value[head] === masked[head]) head++
  let tail = 0
  while (tail < shorter - head && value.at(-1 - tail) === masked.at(-1 - tail)) tail++
  return all.filter(index => index < head || index >= value.length - tail)
}
