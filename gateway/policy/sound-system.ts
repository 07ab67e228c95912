/** What of a system's policy can be judged further where a key in it is misspelt, so that all its faults are told at once. */
import type { Fault } from './fault.ts'
import type { Validator } from './validate.ts'
import type { ValuePath, YamlDocument } from './yaml.ts'

/** Two routes may only look alike, and a test or rule only say nothing, without what a misspelt key says. */
const following: ReadonlySet<string> = new Set(['POLICY_ROUTE_TWICE', 'POLICY_TEST', 'POLICY_ROW_RULE'])

/**
 * The faults of shape, and the document to judge further: itself where there are none; without the keys that nobody knows
 * where nothing else is wrong; else null.
 */
export function checkSystem(
  document: YamlDocument,
  validate: Validator,
): { readonly faults: readonly Fault[]; readonly sound: YamlDocument | null } {
  const unknown: ValuePath[] = []
  const faults = validate({
    ...document,
    fault(path, code, ...rest) {
      if (code === 'POLICY_UNKNOWN_KEY') unknown.push(path)
      return document.fault(path, code, ...rest)
    },
  })
  if (faults.length === 0) return { faults, sound: document }
  if (unknown.length < faults.length) return { faults, sound: null }
  const value = unknown.reduce(without, document.value)
  const sound = { ...document, value }
  // not all faults of a file are told that has very many
  return { faults, sound: validate(sound).length === 0 ? sound : null }
}

/** Whether a fault of a document without its unknown keys may only follow from their absence. */
export function mayFollow({ code, severity }: Fault): boolean {
  return following.has(code) || severity === 'warning'
}

/** A copy without the key at the end of the path. */
function without(value: unknown, [key, ...rest]: ValuePath): unknown {
  if (Array.isArray(value)) return value.map((part, at) => (at === key ? without(part, rest) : part))
  const copy: Record<string, unknown> = Object.assign(Object.create(null), value)
  if (rest.length === 0) delete copy[key!]
  else copy[key!] = without(copy[key!], rest)
  return copy
}
