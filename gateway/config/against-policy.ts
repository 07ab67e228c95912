import type { Bilingual } from '../contracts.ts'
import type { Fault } from '../policy/fault.ts'
import type { Policy, RoutePolicy } from '../policy/policy.ts'
import { suggestion } from '../policy/spelling.ts'
import type { ValuePath, YamlDocument } from '../policy/yaml.ts'
import type { Config } from './config.ts'

/** What of a policy a configuration must agree with. */
export type PolicySummary = Pick<Policy, 'audiences'> & {
  readonly systems: {
    has(name: string): boolean
    get?(name: string): { readonly routes: readonly RouteSummary[] } | undefined
  }
}

type RouteSummary = Pick<RoutePolicy, 'unlisted' | 'review'> & { readonly template?: RoutePolicy['template'] }

/**
 * Everything that is wrong between a configuration and the policy it is to run under: an audience there is not, a system
 * without a policy, callers without credentials that would see level 3 or 4 in the clear, answers that wait for nobody, routes
 * that no request has.
 */
export function checkAgainst(document: YamlDocument, config: Config, policy: PolicySummary): Fault[] {
  const faults: Fault[] = []
  const audience = (path: ValuePath, name: string): void => {
    if (policy.audiences.has(name)) return
    const message = { zh: `策略中没有受众“${name}”`, en: `the policy has no audience '${name}'` }
    const hint = suggestion(name, policy.audiences.keys())
    faults.push(document.fault(path, 'CONFIG_AUDIENCE_UNKNOWN', message, { hint }))
  }
  for (const { name, audience: usual, audiences } of config.consumers.values()) {
    audience(['consumers', name, 'audience'], usual)
    for (const [role, other] of audiences) audience(['consumers', name, 'audiences', role], other)
  }
  if (config.anonymous !== null) {
    audience(['anonymous', 'audience'], config.anonymous.audience)
    if (seesTooMuch(policy, config.anonymous.audience)) {
      const message = {
        zh: '无凭据的调用方会看到 3 级或 4 级的明文',
        en: 'callers without credentials would see level 3 or 4 in the clear',
      }
      const hint = { zh: '请换一个受众', en: 'give them another audience' }
      faults.push(document.fault(['anonymous', 'audience'], 'CONFIG_ANONYMOUS_SEES_CLEAR', message, { hint }))
    }
  }
  for (const system of config.systems.values()) {
    if (system.shippedPolicy || policy.systems.has(system.name)) continue
    const message = { zh: `系统“${system.name}”没有策略`, en: `the system '${system.name}' has no policy` }
    const hint = {
      zh: '请写一份 systems/*.yaml，或设 policy: shipped',
      en: 'write one under systems/ in the policies, or set `policy: shipped`',
    }
    faults.push(document.fault(['systems', system.name], 'CONFIG_POLICY_MISSING', message, { at: 'key', hint }))
  }
  for (const { name, prefix } of config.systems.values()) {
    const { routes = [] } = policy.systems.get?.(name) ?? {}
    if (prefix !== null && routes.length > 0 && routes.every(route => route.template?.text.startsWith(`${prefix}/`)))
      faults.push(document.fault(['systems', name, 'prefix'], 'CONFIG_PREFIX_TWICE', twice.message(prefix), twice))
    if (config.reviews !== null || !routes.some(one => one.review === 'three' || one.unlisted === 'hold')) continue
    const message = {
      zh: `系统“${name}”的策略要求应答等待审核，但没有写 reviews`,
      en: `the policy of the system '${name}' has answers wait for review, and there is no \`reviews\``,
    }
    const hint = { zh: '请写明初审、复核、签发的分组', en: 'name the groups that pass, check and release' }
    faults.push(document.fault(['systems', name], 'CONFIG_REVIEWS_MISSING', message, { at: 'key', hint }))
  }
  return faults
}

const twice = {
  severity: 'warning',
  message: (prefix: string): Bilingual => ({
    zh: `策略中的路由都以 ${prefix}/ 开头，而前缀在匹配路由之前已去掉：没有请求会匹配`,
    en: `all routes of its policy begin with ${prefix}/, and the prefix is taken off before routes are matched: no request has one`,
  }),
  hint: { zh: '请在策略中去掉前缀', en: 'leave the prefix out in the policy' },
} as const

function seesTooMuch(policy: PolicySummary, name: string): boolean {
  const audience = policy.audiences.get(name)
  return audience?.forms.get(4) === 'clear' || audience?.forms.get(3) === 'clear'
}
