/** What commands are asked about a policy: a system, an audience, and what a request presents. */
import type { Bilingual } from '../../contracts.ts'
import type { Presentable } from '../../policy/plan.ts'
import type { Audience, Policy, SystemPolicy } from '../../policy/policy.ts'
import { presentables } from '../../policy/schema-parts.ts'
import { suggestion } from '../../policy/spelling.ts'
import { UsageError } from '../command.ts'

const words = {
  with: {
    zh: `--with 是以逗号分隔的 ${presentables.join('、')}。`,
    en: `--with is a list of ${presentables.join(', ')}, separated by commas.`,
  },
  noSystem: (name: string) => ({ zh: `没有名为“${name}”的系统`, en: `there is no system '${name}'` }),
  noAudience: (name: string) => ({ zh: `没有名为“${name}”的受众`, en: `there is no audience '${name}'` }),
}

/** What `--with` names; nothing where it is left out. Throws UsageError. */
export function presentedBy(list = ''): ReadonlySet<Presentable> {
  const named = list.split(',').filter(one => one !== '')
  const presented = new Set(presentables.filter(one => named.includes(one)))
  if (presented.size !== new Set(named).size) throw new UsageError(words.with)
  return presented
}

/** The system of this name in the policy. Throws UsageError, with the nearest there is. */
export function systemNamed({ systems }: Policy, name: string): SystemPolicy {
  return pick(systems, name, words.noSystem)
}

/** The audience of this name in the policy. Throws UsageError, with the nearest there is. */
export function audienceNamed({ audiences }: Policy, name: string): Audience {
  return pick(audiences, name, words.noAudience)
}

function pick<Value>(from: ReadonlyMap<string, Value>, name: string, missing: (name: string) => Bilingual): Value {
  const found = from.get(name)
  if (found !== undefined) return found
  const hint = suggestion(name, from.keys())
  const { zh, en } = missing(name)
  throw new UsageError(hint === null ? { zh, en } : { zh: `${zh}；${hint.zh}`, en: `${en}; ${hint.en}` })
}
