import type { Form, KeyRing, Level, Mask, Plugins } from '../contracts.ts'
import type { Catalogue, CatalogueType, Entry, Part } from './catalogue.ts'
import { checkDerived, checkNames } from './catalogue-checks.ts'
import type { Fault } from './fault.ts'
import { normalizeName } from './names.ts'
import type { DataType, SourcedName } from './policy.ts'
import { maskedForms } from './schema-parts.ts'
import type { YamlDocument } from './yaml.ts'

export type CatalogueParts = {
  /** Lowest first: the shipped one, then the one that extends it. */
  readonly documents: readonly YamlDocument[]
  readonly plugins: Plugins
  readonly keys: KeyRing
}

/** Puts the catalogue files together. Documents must have the schema's shape. Types with a fault are left out. */
export function compileCatalogue({ documents, plugins, keys }: CatalogueParts): {
  catalogue: Catalogue
  faults: Fault[]
} {
  const faults: Fault[] = []
  const parts = new Map<string, Part[]>()
  for (const document of documents) {
    const { data_types } = document.value as { data_types: Readonly<Record<string, Entry>> }
    for (const [name, entry] of Object.entries(data_types)) {
      const part = { document, path: ['data_types', name], entry }
      parts.set(name, [...(parts.get(name) ?? []), part])
    }
  }
  const catalogue = new Map<string, CatalogueType>()
  for (const [name, ofType] of parts) {
    const type = compileType(name, ofType, plugins, keys, faults)
    if (type !== null) catalogue.set(name, type)
  }
  checkNames(catalogue, parts, faults)
  checkDerived(catalogue, parts, faults)
  return { catalogue, faults }
}

function compileType(
  name: string,
  parts: readonly Part[],
  plugins: Plugins,
  keys: KeyRing,
  faults: Fault[],
): CatalogueType | null {
  const { document, path } = parts.at(-1)!
  const last = <Key extends keyof Entry>(key: Key): Entry[Key] | undefined =>
    parts.findLast(({ entry }) => entry[key] !== undefined)?.entry[key]
  const title = last('title')
  const cell = last('cell')
  for (const key of ['title', 'cell'] as const) {
    if (last(key) !== undefined) continue
    const message = { zh: `数据类型“${name}”缺少 ${key}`, en: `the data type '${name}' has no ${key}` }
    const hint = {
      zh: '新的类型须写 title 和 cell；若想改动随附目录中的类型，请核对名称并写 extends: veilgate',
      en: 'a new type needs title and cell; to change a shipped one, check its name and write `extends: veilgate`',
    }
    faults.push(document.fault(path, 'POLICY_MISSING_KEY', message, { at: 'key', hint }))
  }
  if (title === undefined || cell === undefined) return null
  const detector = makeDetector(parts, plugins, keys, faults)
  const examples = last('examples') ?? detector?.examples ?? []
  const tellsAge = last('tells_age')
  return {
    name,
    title,
    cell,
    level: Number(cell[1]) as Level,
    names: namesOf(parts, 'names'),
    weakNames: namesOf(parts, 'weak_names'),
    detector,
    identifies: last('identifies') ?? null,
    source: last('source') ?? null,
    ...(tellsAge !== undefined && { tellsAge }),
    always: last('always') ?? null,
    masks: makeMasks(parts, examples, plugins, keys, faults),
    masksWritten: masksWritten(parts),
    floor: last('floor') ?? null,
    derives: Object.entries(last('derives') ?? {}).map(([type, [from, to]]) => ({ type, from, to })),
    examples,
    file: document.file,
    document,
    path,
  }
}

/** Names add up over the files, less those that are taken away. */
function namesOf(parts: readonly Part[], key: 'names' | 'weak_names'): SourcedName[] {
  const names = new Map<string, SourcedName>()
  for (const { document, path, entry } of parts) {
    for (const name of entry.without_names ?? []) names.delete(normalizeName(name))
    for (const [index, name] of (entry[key] ?? []).entries()) {
      const source = `${document.file}:${document.line([...path, key, index])}`
      names.set(normalizeName(name), { name, source })
    }
  }
  return [...names.values()]
}

type Made = DataType['detector'] & { readonly examples: readonly string[] }

function makeDetector(parts: readonly Part[], plugins: Plugins, keys: KeyRing, faults: Fault[]): Made | null {
  const part = parts.findLast(({ entry }) => entry.detector !== undefined)
  if (part === undefined) return null
  const written = part.entry.detector!
  const name = typeof written === 'string' ? written : Object.keys(written)[0]!
  const plugin = plugins.detectors.find(one => one.name === name)
  if (plugin === undefined) return null
  try {
    const options = typeof written === 'string' ? {} : written[name]!
    const id = `${name}${JSON.stringify(options)}`
    return {
      name,
      id,
      detector: plugin.create(options, keys),
      examples: plugin.examples.flatMap(({ finds }) => finds.slice(0, 1)),
    }
  } catch {
    const message = { zh: `检测器 ${name} 不接受这些选项`, en: `the detector ${name} does not accept these options` }
    faults.push(part.document.fault([...part.path, 'detector'], 'POLICY_OPTIONS', message))
    return null
  }
}

/** The mask of each form, as the last file has it. */
function masksWritten(parts: readonly Part[]): ReadonlyMap<Form, string> {
  const forms = parts.flatMap(({ entry }) => Object.entries(entry.forms ?? {}))
  return new Map(forms.map(([form, mask]) => [form as Form, JSON.stringify(mask)]))
}

function makeMasks(
  parts: readonly Part[],
  examples: readonly string[],
  plugins: Plugins,
  keys: KeyRing,
  faults: Fault[],
): ReadonlyMap<Form, Mask> {
  const masks = new Map<Form, Mask>()
  for (const form of maskedForms) {
    const part = parts.findLast(({ entry }) => entry.forms?.[form] !== undefined)
    if (part === undefined) continue
    const [name, options] = Object.entries(part.entry.forms![form]!)[0]!
    const plugin = plugins.masks.find(one => one.name === name)
    if (plugin === undefined) continue
    const path = [...part.path, 'forms', form, name]
    const wrong = (code: 'POLICY_OPTIONS' | 'POLICY_MASK_SHOWS', zh: string, en: string) =>
      void faults.push(part.document.fault(path, code, { zh, en }, { at: 'key' }))
    try {
      const mask = plugin.create(options, keys)
      const scope = { consumer: 'check', purpose: 'check', dataType: String(part.path[1]) }
      const shown = examples.find(example => mask.mask(example, scope) === example)
      // Only made-up values are quoted: those of the catalogue and of the detector's own examples.
      if (shown !== undefined)
        wrong('POLICY_MASK_SHOWS', `示例值 ${shown} 未被遮盖`, `the example value ${shown} comes out unmasked`)
      masks.set(form, mask)
    } catch {
      wrong('POLICY_OPTIONS', `遮盖方式 ${name} 不接受这些选项`, `the mask ${name} does not accept these options`)
    }
  }
  return masks
}
