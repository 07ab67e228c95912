/** What commands are asked about a policy: a system, an audience, and what a request presents. */
import type { Bilingual } from '../../contracts.ts'
import type { ProblemCode } from '../../errors.ts'
import type { Plan, Presentable } from '../../policy/plan.ts'
import type { Audience, Policy, SystemPolicy } from '../../policy/policy.ts'
import { presentables } from '../../policy/schema-parts.ts'
import { suggestion } from '../../policy/spelling.ts'
import { UsageError } from '../command.ts'

const words = {
  with: {
    zh: `--with 是以逗号分隔的 ${presentables.join('、')}。`,
    en: `--with is a list of ${presentables.join(', ')}, separated by commas.`,
  },
  charset: (name: string) => ({
    zh: `策略写明该系统的字符集为 ${name}，标准输入却不是；若它是 UTF-8，请加 --type 'application/json; charset=utf-8'（或相应的类型），或先转码：iconv -f utf-8 -t ${name}。`,
    en: `The policy says that the system is in ${name}, and what came on standard input is not. If that is UTF-8, add --type 'application/json; charset=utf-8' (or the type it has), or convert it first: iconv -f utf-8 -t ${name}.`,
  }),
  noSystem: (name: string) => ({ zh: `没有名为“${name}”的系统`, en: `there is no system '${name}'` }),
  noAudience: (name: string) => ({ zh: `没有名为“${name}”的受众`, en: `there is no audience '${name}'` }),
}

/** What to do where a sample was typed on a terminal in UTF-8, and the policy says the system is in GBK; null: something else is wrong. */
export function charsetHint(code: ProblemCode, { charset }: Plan): Bilingual | null {
  if (code !== 'CHARSET_MALFORMED' || charset === null) return null
  return words.charset(charset)
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
