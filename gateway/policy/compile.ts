import { createHash } from 'node:crypto'
import type { Bilingual, KeyRing, Plugins } from '../contracts.ts'
import { type Audiences, compileAudiences } from './audiences.ts'
import type { Catalogue } from './catalogue.ts'
import { compileCatalogue } from './compile-catalogue.ts'
import { type Fault, hasErrors, sortFaults } from './fault.ts'
import type { Known } from './fields.ts'
import { checkFloors } from './floor.ts'
import { planner } from './plans.ts'
import type { Policy, RoutePolicy, SystemPolicy } from './policy.ts'
import { checkRoutes } from './route-checks.ts'
import { readTemplate } from './routes.ts'
import { type FileKind, schemasOf } from './schema.ts'
import { checkSystem, mayFollow } from './sound-system.ts'
import { compileSystem, systemOf } from './system.ts'
import { catalogueBindings, detectorRules, typeTable } from './types.ts'
import { type Validator, validator } from './validate.ts'
import { readYaml, type YamlDocument } from './yaml.ts'

/** One policy file as it was read. */
export type PolicyText = { readonly kind: FileKind; readonly file: string; readonly bytes: Uint8Array }

export type PolicyTexts = {
  /** What the folder holds, at most one of each of the first two kinds. */
  readonly texts: readonly PolicyText[]
  /** The catalogue and audiences of the package: extended by a catalogue that says so, and used where there is none. */
  readonly shipped: readonly PolicyText[]
}

export type CompileOptions = {
  readonly plugins: Plugins
  readonly keys: KeyRing
  /** Systems without a file of their own that are served under the shipped rules: every path, GET and HEAD, scanned. */
  readonly shippedSystems?: readonly string[]
}

/** A policy, with warnings at most; or what is wrong with the files, all of it. */
export type Compiled =
  | { readonly policy: Policy; readonly faults: readonly Fault[] }
  | { readonly faults: readonly Fault[] }

/** Checks and compiles policy files. Pure: the same bytes, plugins and keys give the same policy. */
export function compilePolicy({ texts, shipped }: PolicyTexts, options: CompileOptions): Compiled {
  const faults: Fault[] = []
  const validators = validatorsOf(options.plugins)
  const misspelt = new Set<YamlDocument>()
  const read = (text: PolicyText): YamlDocument | null => {
    const result = readYaml(text.file, text.bytes)
    if ('faults' in result) {
      faults.push(...result.faults)
      return null
    }
    const { document } = result
    const shape = text.kind === 'system' ? checkSystem : checkWhole
    const { faults: found, sound } = shape(document, validators[text.kind])
    faults.push(...found)
    if (sound !== null && found.length > 0) misspelt.add(sound)
    return sound
  }
  const own = (kind: FileKind) => texts.filter(text => text.kind === kind)
  const used: PolicyText[] = [...texts]
  const useShipped = (kind: FileKind) => {
    const text = shipped.find(one => one.kind === kind)
    if (text !== undefined) used.push(text)
    return text === undefined ? null : read(text)
  }

  const ownCatalogue = own('catalogue').map(read)
  const extending = ownCatalogue.some(document => (document?.value as { extends?: string })?.extends === 'veilgate')
  const below = own('catalogue').length === 0 || extending ? [useShipped('catalogue')] : []
  const catalogueDocuments = [...below, ...ownCatalogue].filter(document => document !== null)
  const { catalogue, faults: ofCatalogue } = compileCatalogue({ ...options, documents: catalogueDocuments })
  faults.push(...ofCatalogue)
  const [alone] = extending ? [] : ownCatalogue
  if (alone != null && [...catalogue.values()].every(({ detector }) => detector === null))
    faults.push(alone.fault(['data_types'], 'POLICY_CATALOGUE_ALONE', replaced.message, replaced))

  const audiencesDocument = own('audiences').length > 0 ? own('audiences').map(read)[0]! : useShipped('audiences')
  const audiences = audiencesDocument === null ? null : compileAudiences(audiencesDocument)
  faults.push(...(audiences?.faults ?? []))

  const systemDocuments = own('system')
    .map(read)
    .filter(document => document !== null)
  // Where a catalogue cannot be read at all, nobody knows which types it would have had.
  const unread = [...below, ...ownCatalogue].includes(null)
  const defined = catalogueDocuments.flatMap(({ value }) => Object.keys((value as { data_types: object }).data_types))
  const mentioned = unread ? { has: () => true } : new Set(defined)
  const parts = { catalogue, catalogueDocuments, mentioned, audiences, audiencesDocument, systemDocuments, misspelt }
  const policy = assemble(parts, used, options, faults)
  const sorted = sortFaults(faults)
  return policy === null || hasErrors(sorted) ? { faults: sorted } : { policy, faults: sorted }
}

const replaced = {
  at: 'key',
  severity: 'warning',
  message: {
    zh: '此目录取代了随附的目录，而其中没有一个类型有 detector：各处未列出的手机号、身份证号等都认不出来',
    en: 'this takes the place of the shipped catalogue, and no type in it has a `detector`: no phone or ID number is found where no field is named',
  },
  hint: {
    zh: '若只是想增加类型，请在文件开头写 extends: veilgate',
    en: 'to add to the shipped one, write `extends: veilgate` at the top',
  },
} as const

/** Of files of which nothing can be judged unless they are whole. */
function checkWhole(document: YamlDocument, validate: Validator) {
  const faults = validate(document)
  return { faults, sound: faults.length === 0 ? document : null }
}

const compiledValidators = new WeakMap<Plugins, Readonly<Record<FileKind, Validator>>>()

function validatorsOf(plugins: Plugins): Readonly<Record<FileKind, Validator>> {
  const known = compiledValidators.get(plugins)
  if (known !== undefined) return known
  const schemas = schemasOf(plugins)
  const made = {
    catalogue: validator(schemas.catalogue, 'POLICY'),
    audiences: validator(schemas.audiences, 'POLICY'),
    system: validator(schemas.system, 'POLICY'),
  }
  compiledValidators.set(plugins, made)
  return made
}

type Parts = {
  readonly catalogue: Catalogue
  readonly catalogueDocuments: readonly YamlDocument[]
  readonly mentioned: Known['mentioned']
  readonly audiences: Audiences | null
  readonly audiencesDocument: YamlDocument | null
  readonly systemDocuments: readonly YamlDocument[]
  /** Those of them that are not whole: a key in them is left out, as nobody knows it. */
  readonly misspelt: ReadonlySet<YamlDocument>
}

/** Puts the compiled parts together and checks what lies between them; null where a part is missing altogether. */
function assemble(parts: Parts, used: readonly PolicyText[], options: CompileOptions, faults: Fault[]): Policy | null {
  const { catalogue, audiences } = parts
  const table = typeTable(catalogue)
  const bindings = Object.freeze(catalogueBindings(catalogue, table))
  const names =
    parts.audiencesDocument === null
      ? null
      : new Set(Object.keys((parts.audiencesDocument.value as { audiences: object }).audiences))
  const systems = new Map<string, SystemPolicy>()
  for (const document of parts.systemDocuments) {
    const found: Fault[] = []
    const known: Known = { catalogue, table, mentioned: parts.mentioned, document, faults: found }
    const system = compileSystem(known, bindings, names)
    checkRoutes(known, system, found)
    faults.push(...(parts.misspelt.has(document) ? found.filter(one => !mayFollow(one)) : found))
    const twin = systems.get(system.name)
    if (twin !== undefined) {
      const message = {
        zh: `系统“${system.name}”已有策略 ${twin.file}`,
        en: `the system '${system.name}' has the policy ${twin.file} already`,
      }
      faults.push(document.fault(['system'], 'POLICY_SYSTEM_TWICE', message))
    }
    systems.set(system.name, system)
  }
  for (const name of options.shippedSystems ?? []) {
    if (!systems.has(name)) systems.set(name, shippedSystem(name, bindings))
  }
  if (parts.misspelt.size === 0) warnUnused(parts, systems, faults)
  if (audiences === null || parts.audiencesDocument === null) return null
  if (!hasErrors(faults))
    faults.push(...checkFloors({ ...audiences, catalogue, table, document: parts.audiencesDocument }))
  const detectors = detectorRules(catalogue, table)
  const digest = digestOf(used)
  const plans = planner({ digest, ...audiences, types: table.types, detectors })
  const files = used.map(({ file }) => file)
  const { audiences: named, always } = audiences
  return Object.freeze({ digest, files, audiences: named, always, systems, catalogue, detectors, ...plans })
}

const shippedTitle: Bilingual = { zh: '随附策略', en: 'Shipped policy' }

/** A system without a policy of its own: every path, GET and HEAD, the catalogue's names, and everything else scanned. */
function shippedSystem(name: string, bindings: RoutePolicy['bindings']): SystemPolicy {
  const read = readTemplate('/**')
  if ('wrong' in read) throw new Error('the template of every path does not read')
  const route: RoutePolicy = Object.freeze({
    template: read.template,
    methods: Object.freeze(['GET', 'HEAD']),
    params: new Map(),
    query: null,
    bindings,
    unlisted: 'scan',
    bulkRows: null,
    bulkPeople: null,
    errors: 'mask',
    charset: null,
    opaque: null,
    assets: null,
    source: 'shipped',
  })
  return systemOf({ name, title: shippedTitle, file: null, routes: [route], assets: [], legacyPaths: false, tests: [] })
}

/** A type that nothing can ever be found to be, in a catalogue that people wrote themselves. */
function warnUnused(parts: Parts, systems: ReadonlyMap<string, SystemPolicy>, faults: Fault[]): void {
  const written = parts.catalogueDocuments.at(-1)
  const bound = new Set(
    [...systems.values()].flatMap(({ routes }) => routes.flatMap(route => route.bindings.map(({ type }) => type))),
  )
  let index = 0
  for (const type of parts.catalogue.values()) {
    const used = bound.has(index++) || type.detector !== null || type.names.length > 0
    if (used || type.document !== written) continue
    const message = {
      zh: `没有字段名、检测器或系统用到类型“${type.name}”`,
      en: `no name, detector or system uses the type '${type.name}'`,
    }
    faults.push(type.document.fault(type.path, 'POLICY_UNUSED_TYPE', message, { at: 'key', severity: 'warning' }))
  }
}

/** Over names, lengths and bytes in the order of names, so that no two sets of files share a digest. */
function digestOf(texts: readonly PolicyText[]): string {
  const hash = createHash('sha256')
  const named = texts.map(text => ({ name: `${text.kind}/${text.file.split(/[\\/]/).at(-1)}`, bytes: text.bytes }))
  for (const { name, bytes } of named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    hash.update(`${name}\0${bytes.length}\0`)
    hash.update(bytes)
  }
  return `sha256:${hash.digest('hex')}`
}
