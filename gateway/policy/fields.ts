import type { Bilingual } from '../contracts.ts'
import type { Catalogue } from './catalogue.ts'
import type { Fault } from './fault.ts'
import { meantType } from './meant-type.ts'
import { normalizeName } from './names.ts'
import { lastName, pathKey, readPath } from './paths.ts'
import type { Binding, FieldPath } from './plan.ts'
import type { ParameterType, TypeTable } from './policy.ts'
import type { ValuePath, YamlDocument } from './yaml.ts'

/** A value under `fields`: a type, a cell, `free_text`, or why it is none. */
export type FieldValue = string | { readonly not_personal: string }

/** What field names and types are checked against. */
export type Known = {
  readonly catalogue: Catalogue
  readonly table: TypeTable
  /** Every type that some file defines, with faults or not: a fault of the catalogue is told once, and there. */
  readonly mentioned: { has(name: string): boolean }
  readonly document: YamlDocument
  readonly faults: Fault[]
}

/** Reads one `fields` map. */
export function readFields(
  known: Known,
  at: ValuePath,
  fields: Readonly<Record<string, FieldValue>>,
  step: 0 | 1,
): Binding[] {
  const { document, faults } = known
  const bindings: Binding[] = []
  const seen = new Map<string, string>()
  for (const [text, value] of Object.entries(fields)) {
    const place = [...at, text]
    const read = readPath(text)
    if ('wrong' in read) {
      const { message, hint } = read.wrong
      faults.push(document.fault(place, 'POLICY_PATH', message, { at: 'key', hint }))
      continue
    }
    const key = pathKey(read.path)
    const twin = seen.get(key)
    if (twin !== undefined) {
      const message = { zh: `与“${twin}”是同一字段`, en: `this is the same field as '${twin}'` }
      faults.push(document.fault(place, 'POLICY_FIELD_TWICE', message, { at: 'key' }))
    }
    seen.set(key, text)
    const type = typeof value === 'string' ? typeNamed(known, place, value) : known.table.index.get('not_personal')!
    if (type === null) continue
    checkLowering(known, place, read.path, type)
    const source = `${document.file}:${document.line(place)}`
    bindings.push({ path: read.path, type, step, weak: false, source })
  }
  return bindings
}

/** Reads the types of parameters. `words`: what may stand in place of a type. */
export function readParameters(
  known: Known,
  at: ValuePath,
  types: Readonly<Record<string, string>>,
  words: readonly Exclude<ParameterType, number>[],
): Map<string, ParameterType> {
  const read = new Map<string, ParameterType>()
  for (const [name, value] of Object.entries(types)) {
    const type = words.find(word => word === value) ?? typeNamed(known, [...at, name], value)
    if (type !== null) read.set(name, type)
  }
  return read
}

function typeNamed(
  { catalogue, table, mentioned, document, faults }: Known,
  place: ValuePath,
  name: string,
): number | null {
  if (name === 'not_personal') {
    const message = { zh: 'not_personal 须写明理由', en: '`not_personal` takes a reason' }
    const hint = { zh: '写成 { not_personal: 理由 }', en: 'write { not_personal: the reason }' }
    faults.push(document.fault(place, 'POLICY_REASON_MISSING', message, { hint }))
    return null
  }
  const index = table.index.get(name)
  if (index !== undefined) return index
  if (!mentioned.has(name)) {
    const message = { zh: `没有名为“${name}”的数据类型`, en: `there is no data type '${name}'` }
    const hint = meantType(name, catalogue, table.index.keys())
    faults.push(document.fault(place, 'POLICY_UNKNOWN_TYPE', message, { hint }))
  }
  return null
}

/** What the catalogue calls by a name may not quietly be called something lower. */
function checkLowering(
  { catalogue, table, document, faults }: Known,
  place: ValuePath,
  path: FieldPath,
  index: number,
): void {
  const name = lastName(path)
  const owner = name === null ? undefined : ownerOf(catalogue, name)
  if (owner === undefined) return
  const type = table.types[index]!
  const level = type.kind === 'typed' ? type.level : 0
  if (level >= owner.level || (type.kind === 'not_personal' && owner.level <= 2)) return
  const message: Bilingual = {
    zh: `目录中此名称是 ${owner.name}（${owner.cell}），不能改成更低的类型`,
    en: `the catalogue calls this name ${owner.name} (${owner.cell}); it cannot be made something lower here`,
  }
  const hint: Bilingual =
    owner.level >= 3
      ? {
          zh: `第 3、4 级只能由目录降低：在 catalogue.yaml 中以 without_names 去掉此名称`,
          en: 'only the catalogue may lower levels 3 and 4: take the name away there by `without_names`',
        }
      : {
          zh: '若确非个人信息，写 { not_personal: 理由 }',
          en: 'if it is not personal, write { not_personal: the reason }',
        }
  faults.push(document.fault(place, 'POLICY_LOWERED', message, { hint }))
}

const owners = new WeakMap<Catalogue, ReadonlyMap<string, { name: string; cell: string; level: number }>>()

/** The type that the catalogue calls by a name. */
export function ownerOf(catalogue: Catalogue, name: string) {
  let names = owners.get(catalogue)
  if (names === undefined) {
    names = new Map(
      [...catalogue.values()].flatMap(type => type.names.map(one => [normalizeName(one.name), type] as const)),
    )
    owners.set(catalogue, names)
  }
  return names.get(name)
}
