import { Refusal } from '../../errors.ts'
import type { Plan } from '../../policy/plan.ts'
import type { RouteMatch, RoutePolicy } from '../../policy/policy.ts'
import type { Target } from './target.ts'
import { isChinese, otherReading, readInChinese } from './target-charset.ts'

type Pair = { readonly name: string; readonly value: string | null }

/**
 * Whether the system reads a target as the gateway does. Throws TARGET_MALFORMED where it is escaped in a charset that the
 * system does not say is its own; and where a path, fine as UTF-8 and as GBK, in GBK names another route: nobody can tell
 * which the system reads. `path`: under the system, as it matched `route`.
 */
export function checkReading(
  { charset, pathCharset }: Target,
  { charset: own }: Pick<Plan, 'charset'>,
  path: string,
  route: RoutePolicy,
  match: (path: string) => RouteMatch,
): void {
  if (!isChinese(own)) {
    if ((charset ?? pathCharset) !== undefined) throw new Refusal('TARGET_MALFORMED')
    return
  }
  const other = pathCharset === undefined ? otherReading(path) : null
  const found = other === null ? null : match(other)
  // a name that comes of misreading UTF-8 is nobody's, and leads to no route that is written in Chinese
  if (found === null || !('route' in found) || found.route === route) return
  if (/[^\x20-\x7e]/.test(found.route.template.text)) throw new Refusal('TARGET_MALFORMED')
}

/**
 * What pairs of UTF-8 say to a system that reads them as GBK; those that say the same are left out. A policy need not say
 * that its system is one, as its pages may.
 */
export function readOtherwise(pairs: readonly Pair[]): Pair[] {
  return pairs.flatMap(({ name, value }) => {
    const other = { name: readInChinese(name), value: value === null ? null : readInChinese(value) }
    return other.name === name && other.value === value ? [] : [other]
  })
}
