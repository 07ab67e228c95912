import type { Cell, Level } from '../contracts.ts'
import type { Catalogue } from './catalogue.ts'
import { normalizeName } from './names.ts'
import type { Binding, DetectorRule } from './plan.ts'
import type { TypeTable, UncastType } from './policy.ts'

const builtIn = {
  always: null,
  masks: new Map(),
  identifies: null,
  detector: null,
} as const

/** What those are called that no catalogue names. A field with a cell in place of a type is of the type `cell`. */
export const builtInTitles = {
  free_text: { zh: '自由文本', en: 'Free text' },
  not_personal: { zh: '非个人信息', en: 'Not personal' },
  cell: { zh: '未定类型的字段', en: 'Field of no named type' },
}

/** All types that fields and detectors can have: those of the catalogue, the two built in, and one for each cell. */
export function typeTable(catalogue: Catalogue): TypeTable {
  const types: UncastType[] = []
  const index = new Map<string, number>()
  for (const type of catalogue.values()) {
    const { name, title, cell, level, identifies, always, masks, tellsAge } = type
    const detector = type.detector?.detector ?? null
    const told = tellsAge === undefined ? {} : { tellsAge }
    const typed = { name, title, cell, level, kind: 'typed', identifies, always, masks, detector, ...told } as const
    index.set(name, types.push(typed) - 1)
  }
  const add = (key: string, type: Pick<UncastType, 'name' | 'title' | 'cell' | 'level' | 'kind'>) =>
    index.set(key, types.push({ ...builtIn, ...type }) - 1)
  add('free_text', {
    name: 'free_text',
    title: builtInTitles.free_text,
    cell: 'B2',
    level: 2,
    kind: 'free_text',
  })
  add('not_personal', {
    name: 'not_personal',
    title: builtInTitles.not_personal,
    cell: 'D1',
    level: 1,
    kind: 'not_personal',
  })
  for (const letter of ['A', 'B', 'C', 'D'] as const) {
    for (const level of [4, 3, 2, 1] as const satisfies readonly Level[]) {
      const cell: Cell = `${letter}${level}`
      add(cell, {
        name: 'cell',
        title: { zh: `${cell} 类字段`, en: `Field of cell ${cell}` },
        cell,
        level,
        kind: 'typed',
      })
    }
  }
  return { types, index }
}

/** What the names of the catalogue bind, for every route of every system. */
export function catalogueBindings(catalogue: Catalogue, table: TypeTable): readonly Binding[] {
  const bindings: Binding[] = []
  for (const type of catalogue.values()) {
    const index = table.index.get(type.name)!
    for (const [names, weak] of [[type.names, false] as const, [type.weakNames, true] as const]) {
      for (const { name, source } of names) {
        const steps = [{ descendant: false, name: normalizeName(name) }]
        bindings.push({ path: { text: name, rooted: false, exact: false, steps }, type: index, step: 2, weak, source })
      }
    }
  }
  return bindings
}

/**
 * Each detector once. Where several types have it, the type of its own name stands for what it finds, else the highest
 * level, else the one that identifies most surely. Strongest first: by level, then by how surely it identifies.
 */
export function detectorRules(catalogue: Catalogue, table: TypeTable): readonly DetectorRule[] {
  const sorted = [...catalogue.values()].sort(
    (a, b) => b.level - a.level || (a.identifies ?? 100) - (b.identifies ?? 100),
  )
  const owners = new Map<string, (typeof sorted)[number]>()
  for (const type of sorted) {
    if (type.detector === null) continue
    if (!owners.has(type.detector.id) || type.detector.name === type.name) owners.set(type.detector.id, type)
  }
  return Object.freeze(
    sorted
      .filter(type => type.detector !== null && owners.get(type.detector.id) === type)
      .map(type => Object.freeze({ type: table.index.get(type.name)!, detector: type.detector!.detector })),
  )
}
