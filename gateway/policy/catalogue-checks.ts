/** What lies between the types of a catalogue: names that clash, parts that do not exist. */
import type { Bilingual } from '../contracts.ts'
import type { Catalogue, Part } from './catalogue.ts'
import type { Fault } from './fault.ts'
import { normalizeName } from './names.ts'
import { suggestion } from './spelling.ts'

/** One name has one type; a weak name needs a detector. */
export function checkNames(catalogue: Catalogue, parts: ReadonlyMap<string, readonly Part[]>, faults: Fault[]): void {
  const owners = new Map<string, string>()
  for (const type of catalogue.values()) {
    for (const { name } of type.names) {
      const normal = normalizeName(name)
      const owner = owners.get(normal)
      const message =
        normal === ''
          ? { zh: `“${name}”去掉分隔符后为空`, en: `nothing is left of '${name}' without separators` }
          : owner === undefined
            ? null
            : { zh: `“${name}”已是类型 ${owner} 的字段名`, en: `'${name}' is a name of the type ${owner} already` }
      owners.set(normal, owner ?? type.name)
      const hint =
        owner === undefined
          ? null
          : {
              zh: `请在此去掉，或在 ${owner} 处写 without_names: [${name}]`,
              en: `leave it out here, or write \`without_names: [${name}]\` with ${owner}`,
            }
      if (message !== null) faults.push(nameFault(parts.get(type.name)!, 'names', name, 'POLICY_NAME', message, hint))
    }
    if (type.weakNames.length > 0 && type.detector === null) {
      const message = { zh: 'weak_names 须有 detector', en: '`weak_names` need a `detector`' }
      faults.push(nameFault(parts.get(type.name)!, 'weak_names', type.weakNames[0]!.name, 'POLICY_NAME', message))
    }
  }
}

function nameFault(
  parts: readonly Part[],
  key: 'names' | 'weak_names',
  name: string,
  code: 'POLICY_NAME',
  message: Bilingual,
  hint: Bilingual | null = null,
): Fault {
  for (const { document, path, entry } of parts) {
    const index = entry[key]?.indexOf(name) ?? -1
    if (index >= 0) return document.fault([...path, key, index], code, message, { hint })
  }
  const { document, path } = parts.at(-1)!
  return document.fault(path, code, message, { at: 'key' })
}

/** What is derived is another type, and a part that is there. */
export function checkDerived(catalogue: Catalogue, parts: ReadonlyMap<string, readonly Part[]>, faults: Fault[]): void {
  for (const [name, ofType] of parts) {
    const part = ofType.findLast(({ entry }) => entry.derives !== undefined)
    for (const [derived, [from, to]] of Object.entries(part?.entry.derives ?? {})) {
      const path = [...part!.path, 'derives', derived]
      if (!catalogue.has(derived) || derived === name) {
        const message = { zh: `没有名为“${derived}”的其他数据类型`, en: `there is no other data type '${derived}'` }
        const hint = suggestion(derived, catalogue.keys())
        faults.push(part!.document.fault(path, 'POLICY_UNKNOWN_TYPE', message, { at: 'key', hint }))
      } else if (from >= to) {
        const message = { zh: '前一个数须小于后一个', en: 'the first number must be less than the second' }
        faults.push(part!.document.fault(path, 'POLICY_VALUE', message))
      }
    }
  }
}
