import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { KeyRing, Plugins } from '../contracts.ts'
import { type Compiled, compilePolicy, type PolicyText } from './compile.ts'
import { type Fault, fileFault, sortFaults } from './fault.ts'
import type { FileKind } from './schema.ts'
import { nearest } from './spelling.ts'
import { readYaml, type YamlDocument, yamlLimits } from './yaml.ts'

/** Systems of one policy folder. */
const maxFiles = 1000

export type LoadOptions = {
  readonly plugins: Plugins
  readonly keys: KeyRing
  /** How the folder is named in faults and sources; the folder itself if left out. */
  readonly shown?: string
  /** Systems that gateway.yaml gives `policy: shipped`. */
  readonly shippedSystems?: readonly string[]
}

/**
 * Reads and compiles a policy folder: `catalogue.yaml`, `audiences.yaml` and `systems/*.yaml`. Where the first or second is
 * missing, the one of the package counts. `null`: only the package's catalogue and audiences, for `shippedSystems`.
 * Never throws for what the folder holds or cannot give.
 */
export function loadPolicies(directory: string | null, options: LoadOptions): Compiled {
  const own = directory === null ? { texts: [], faults: [] } : readFolder(directory, options.shown ?? directory)
  const shipped = readShipped()
  const compiled = compilePolicy({ texts: own.texts, shipped: shipped.texts }, options)
  const unread = [...own.faults, ...shipped.faults]
  return unread.length === 0 ? compiled : { faults: sortFaults([...unread, ...compiled.faults]) }
}

/** The policy of systems that have none of their own. Throws an Error where the package itself is broken. */
export function shippedPolicy(systems: readonly string[], options: Pick<LoadOptions, 'plugins' | 'keys'>) {
  const loaded = loadPolicies(null, { ...options, shippedSystems: systems })
  if ('policy' in loaded) return loaded.policy
  throw new Error('the shipped policies are not whole')
}

/** The shipped catalogue as YAML; null where the package itself is broken. */
export function shippedCatalogue(): YamlDocument | null {
  const text = readShipped().texts.find(({ kind }) => kind === 'catalogue')
  const read = text === undefined ? null : readYaml(text.file, text.bytes)
  return read !== null && 'document' in read ? read.document : null
}

type FolderTexts = { readonly texts: readonly PolicyText[]; readonly faults: readonly Fault[] }

function readFolder(directory: string, shown: string): FolderTexts {
  const texts: PolicyText[] = []
  const faults: Fault[] = []
  const listed = (folder: string, name: string): readonly string[] => {
    try {
      return readdirSync(folder).sort()
    } catch (error) {
      faults.push(unreadable(name, error))
      return []
    }
  }
  const take = (kind: FileKind, path: string, name: string) => {
    const read = readText(path, name)
    if ('fault' in read) faults.push(read.fault)
    else texts.push({ kind, file: name, bytes: read.bytes })
  }
  for (const entry of listed(directory, shown)) {
    const path = join(directory, entry)
    const name = join(shown, entry)
    if (entry === 'catalogue.yaml') take('catalogue', path, name)
    else if (entry === 'audiences.yaml') take('audiences', path, name)
    // no policy: read by who serves, and by `check` and `test`
    else if (entry === 'alerts.yaml') continue
    else if (isStray(entry) || isStrayFolder(directory, entry)) faults.push(stray(name))
    else if (entry === 'systems') {
      const systems = listed(path, name).filter(one => !one.startsWith('.'))
      if (systems.length > maxFiles) faults.push(fileFault(name, 'POLICY_TOO_MANY_FILES', tooMany))
      for (const system of systems.slice(0, maxFiles)) {
        if (system.endsWith('.yaml')) take('system', join(path, system), join(name, system))
        else if (isStray(system)) faults.push(stray(join(name, system)))
      }
    }
  }
  return { texts, faults }
}

/** The package's own folder: beside `gateway/` in a clone, above `dist/` in a published package. */
function readShipped(): FolderTexts {
  const candidates = ['../../policies/', '../../../policies/'].map(up => fileURLToPath(new URL(up, import.meta.url)))
  const folder = candidates.find(one => 'bytes' in readText(join(one, 'catalogue.yaml'), '')) ?? candidates[0]!
  const texts: PolicyText[] = []
  const faults: Fault[] = []
  for (const kind of ['catalogue', 'audiences'] as const) {
    const read = readText(join(folder, `${kind}.yaml`), `veilgate/${kind}.yaml`)
    if ('fault' in read) faults.push(read.fault)
    else texts.push({ kind, file: `veilgate/${kind}.yaml`, bytes: read.bytes })
  }
  return { texts, faults }
}

function readText(path: string, name: string): { readonly bytes: Uint8Array } | { readonly fault: Fault } {
  try {
    const found = statSync(path)
    // A pipe or device would hold the gateway up for ever.
    if (!found.isFile()) return { fault: fileFault(name, 'POLICY_UNREADABLE', notAFile) }
    // One byte over the limit is enough for the reader to refuse it.
    if (found.size > yamlLimits.size) return { fault: fileFault(name, 'YAML_TOO_LARGE', tooLarge) }
    return { bytes: readFileSync(path) }
  } catch (error) {
    return { fault: unreadable(name, error) }
  }
}

const notAFile = { zh: '不是普通文件', en: 'this is not a regular file' }
const tooLarge = { zh: '文件超过 1 MiB', en: 'the file is over 1 MiB' }
const tooMany = { zh: `系统策略超过 ${maxFiles} 个`, en: `more than ${maxFiles} system policies` }

/** YAML that people might take to be in force, and that is not read. */
function isStray(name: string): boolean {
  return !name.startsWith('.') && /\.ya?ml$/i.test(name)
}

/** A folder that somebody takes for that of the systems, where there is none. */
function isStrayFolder(directory: string, name: string): boolean {
  if (name === 'systems' || nearest(name, ['systems']) === null || existsSync(join(directory, 'systems'))) return false
  return statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory() === true
}

function stray(name: string): Fault {
  const message = { zh: '此处不会被读取', en: 'this is not read' }
  const hint = {
    zh: '策略文件是 catalogue.yaml、audiences.yaml、alerts.yaml 和 systems/*.yaml',
    en: 'policy files are catalogue.yaml, audiences.yaml, alerts.yaml and systems/*.yaml',
  }
  return fileFault(name, 'POLICY_STRAY_FILE', message, hint)
}

function unreadable(name: string, error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') {
    const message = { zh: '文件或文件夹不存在', en: 'there is no such file or folder' }
    return fileFault(name, 'POLICY_UNREADABLE', message)
  }
  const message = { zh: `无法读取（${code}）`, en: `this cannot be read (${code})` }
  const hint = { zh: '请检查权限', en: 'check its permissions' }
  return fileFault(name, 'POLICY_UNREADABLE', message, hint)
}
