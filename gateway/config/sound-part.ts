/** What of a gateway.yaml can be judged further where something in it is misshapen, so that all faults are told at once. */
import type { Fault } from '../policy/fault.ts'
import type { Validator } from '../policy/validate.ts'
import type { ValuePath, YamlDocument } from '../policy/yaml.ts'

/** Sections whose parts stand for themselves, each under its name. */
const named: ReadonlySet<unknown> = new Set(['systems', 'consumers', 'approvers', 'requesters', 'witnesses', 'bases'])

/** Faults that may only follow from what is misshapen, or misspelt, elsewhere. */
const following: readonly { readonly in: string; readonly from: string; readonly code?: string }[] = [
  { in: 'consumers', from: 'systems', code: 'CONFIG_IDENTITY' },
  { in: 'bases', from: 'approvers' },
  { in: 'control', from: 'approvers' },
  { in: 'requesters', from: 'approvers' },
  { in: 'reviews', from: 'approvers' },
  { in: 'admin', from: 'listen', code: 'CONFIG_LISTEN_CLASH' },
  { in: 'admin', from: 'admin', code: 'CONFIG_LISTEN_CLASH' },
]

export type SoundPart = {
  /** The document's value without the parts in which something is misshapen: a section, or one of the named in it. */
  readonly value: object
  /** Whether a fault may only follow from those, so that it is better not told yet. */
  mayFollow(path: ValuePath, code: string): boolean
}

/** The faults of shape with, where there are any, what can still be judged; null where that is nothing. */
export function checkShape(
  document: YamlDocument,
  validate: Validator,
): { readonly faults: readonly Fault[]; readonly sound: SoundPart | null } {
  const { faults, paths } = pathsOf(document, validate)
  const sound = faults.length === 0 ? null : soundPart(document.value, paths)
  if (sound === null) return { faults, sound }
  // not all faults of a file are told that has very many; what is left has to have the shape that is read further
  const left = pathsOf({ ...document, value: sound.value }, validate).paths
  return { faults, sound: left.every(path => path.length <= 1) ? sound : null }
}

function pathsOf(document: YamlDocument, validate: Validator) {
  const paths: ValuePath[] = []
  const faults = validate({
    ...document,
    fault(path, ...rest) {
      paths.push(path)
      return document.fault(path, ...rest)
    },
  })
  return { faults, paths }
}

function soundPart(value: unknown, misshapen: readonly ValuePath[]): SoundPart | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const sound: Record<string, unknown> = copyOf(value)
  const touched = new Set<unknown>()
  for (const [section, part] of misshapen) {
    if (section === undefined) continue
    touched.add(section)
    const parts = sound[section]
    if (part === undefined || !named.has(section)) delete sound[section]
    else if (parts !== undefined) {
      const rest = copyOf(parts as object)
      delete rest[part]
      sound[section] = rest
    }
  }
  sound['systems'] ??= copyOf({})
  return {
    value: sound,
    mayFollow: (path, code) =>
      following.some(one => {
        if (one.in !== path[0] || (one.code !== undefined && one.code !== code)) return false
        // a section that is not there may be another one, misspelt
        return (
          touched.has(one.from) || (!Object.hasOwn(sound, one.from) && misshapen.some(({ length }) => length === 1))
        )
      }),
  }
}

function copyOf(value: object): Record<string, unknown> {
  return Object.assign(Object.create(null), value)
}
