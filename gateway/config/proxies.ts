/** Who may stand in front of a listener, of callers or of those who run the gateway. */
import type { ValuePath } from '../policy/yaml.ts'
import type { TrustedProxies } from './config.ts'
import { networksFrom } from './consumers.ts'
import type { Findings } from './findings.ts'

export type WrittenProxies = {
  readonly trusted_hops?: number
  readonly trusted_proxies?: readonly string[]
}

/** Who may stand in front where nobody is named: what is not reachable from the Internet. */
const privateNetworks = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7']

/** `at`: where these keys are; left out: they are those of the listener for callers. */
export function proxiesFrom(findings: Findings, written: WrittenProxies, at: ValuePath = []): TrustedProxies {
  const hops = written.trusted_hops ?? 0
  const networks = networksFrom(findings, [...at, 'trusted_proxies'], written.trusted_proxies).map(({ text }) => text)
  if (written.trusted_proxies !== undefined || hops === 0) return { hops, networks }
  findings.wrong(
    [...at, 'trusted_hops'],
    'CONFIG_PROXIES_GUESSED',
    { zh: '未设 trusted_proxies：任何内网地址都会被当作代理', en: 'any caller on a private network counts as a proxy' },
    {
      severity: 'warning',
      hint: { zh: '请在 trusted_proxies 中列出代理的地址', en: 'list the proxies under `trusted_proxies`' },
    },
  )
  return { hops, networks: privateNetworks }
}
