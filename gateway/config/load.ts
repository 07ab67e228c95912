import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { IdentityPlugin } from '../contracts.ts'
import { type Fault, fileFault, hasErrors, sortFaults } from '../policy/fault.ts'
import { nearest } from '../policy/spelling.ts'
import { validator } from '../policy/validate.ts'
import { readYaml, yamlLimits } from '../policy/yaml.ts'
import { checkAgainst, type PolicySummary } from './against-policy.ts'
import type { Config, ListenAddress, ListenerTls, TrustedProxies } from './config.ts'
import { anonymousFrom, consumersFrom, networksFrom, type WrittenAnonymous, type WrittenConsumer } from './consumers.ts'
import { readCertificates, readPrivateKey } from './files.ts'
import { type Findings, findingsOf } from './findings.ts'
import { amountOf, type LimitRule, limitRules, limitsFrom, poolRules, timeoutRules } from './limits.ts'
import { isTimezone, parseListen } from './quantities.ts'
import { configSchema } from './schema.ts'
import { systemsFrom, type WrittenSystem } from './systems.ts'

export type Loaded = {
  readonly config: Config
  readonly warnings: readonly Fault[]
  /** What is wrong between this configuration and a policy: systems and audiences that one has and the other not. */
  against(policy: PolicySummary): Fault[]
}

export type LoadOptions = {
  readonly identities: readonly IdentityPlugin[]
  /** Milliseconds since 1970. */
  readonly now: number
  /** How the file is named in faults; as given where left out. */
  readonly shownAs?: string
}

/** gateway.yaml as it is written; its shape has been checked against the schema. */
type Written = {
  readonly listen?: string
  readonly tls?: { readonly certificate: string; readonly key: string; readonly client_ca?: string }
  readonly public_url?: string
  readonly admin?: string | boolean
  readonly policies?: string
  readonly records?: string
  readonly keys?: string
  readonly contact?: string
  readonly timezone?: string
  readonly trusted_hops?: number
  readonly trusted_proxies?: readonly string[]
  readonly limits?: Readonly<Record<string, string | number>>
  readonly systems: Readonly<Record<string, WrittenSystem>>
  readonly consumers?: Readonly<Record<string, WrittenConsumer>>
  readonly anonymous?: WrittenAnonymous
}

/** Reads gateway.yaml and the files it names. All faults at once; with warnings only, a configuration. */
export async function loadConfig(
  file: string,
  options: LoadOptions,
): Promise<Loaded | { readonly faults: readonly Fault[] }> {
  const shown = options.shownAs ?? file
  const bytes = await readBounded(file)
  if (typeof bytes === 'string') return { faults: [unreadable(shown, bytes)] }
  const read = readYaml(shown, bytes)
  if ('faults' in read) return { faults: sortFaults(read.faults) }
  const { document } = read
  const misshapen = validator(configSchema(options.identities), 'CONFIG')(document)
  if (misshapen.length > 0) return { faults: sortFaults(misshapen) }
  const findings = findingsOf(document, dirname(resolve(file)))
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const config = configFrom(findings, document.value as Written, { file: resolve(file), digest }, options)
  const faults = sortFaults(findings.faults)
  if (hasErrors(faults)) return { faults }
  return { config, warnings: faults, against: policy => checkAgainst(document, config, policy) }
}

function configFrom(
  findings: Findings,
  written: Written,
  source: { readonly file: string; readonly digest: string },
  { identities, now }: LoadOptions,
): Config {
  const timezone = timezoneFrom(findings, written.timezone ?? 'Asia/Shanghai')
  const proxies = proxiesFrom(findings, written)
  checkLimits(findings, ['limits'], limitRules, written.limits)
  for (const [name, system] of Object.entries(written.systems)) {
    checkLimits(findings, ['systems', name, 'timeouts'], timeoutRules, system.timeouts)
    checkLimits(findings, ['systems', name, 'pool'], poolRules, system.pool)
  }
  const addresses = listenFrom(findings, written)
  const tls = tlsFrom(findings, written, now)
  const consumers = consumersFrom(findings, written.consumers ?? {}, identities, timezone)
  warnOpenListener(findings, addresses.listen, tls, proxies)
  const beside = findings.absolute('policies')
  return {
    ...source,
    ...addresses,
    tls,
    publicUrl: publicUrlFrom(findings, written.public_url),
    policies: written.policies !== undefined ? findings.absolute(written.policies) : existsSync(beside) ? beside : null,
    records: findings.absolute(written.records ?? 'records'),
    keys: findings.absolute(written.keys ?? 'keys'),
    contact: written.contact ?? null,
    timezone,
    proxies,
    limits: limitsFrom(limitRules, written.limits),
    systems: systemsFrom(findings, written.systems, now),
    consumers,
    anonymous: anonymousFrom(findings, written.anonymous),
  }
}

function listenFrom(findings: Findings, written: Written): Pick<Config, 'listen' | 'admin'> {
  const read = (key: 'listen' | 'admin', preset: string): ListenAddress => {
    const given = written[key]
    const address = parseListen(typeof given === 'string' ? given : preset)
    if (address === null)
      findings.wrong([key], 'CONFIG_LISTEN', { zh: '端口至多 65535', en: 'a port is at most 65535' })
    return address ?? parseListen(preset)!
  }
  const listen = read('listen', '127.0.0.1:8080')
  if (written.admin === true) {
    findings.wrong(['admin'], 'CONFIG_LISTEN', { zh: '写作 主机:端口 或 false', en: 'write host:port, or false' })
  }
  const admin = written.admin === false ? null : read('admin', '127.0.0.1:8081')
  if (admin !== null && admin.port === listen.port && listen.port !== 0 && sameHost(listen.host, admin.host)) {
    const message = { zh: '与 listen 占用同一端口', en: 'takes the same port as `listen`' }
    findings.wrong(['admin'], 'CONFIG_LISTEN_CLASH', message)
  }
  return { listen, admin }
}

function sameHost(one: string, other: string): boolean {
  const everywhere = ['0.0.0.0', '::']
  return one.toLowerCase() === other.toLowerCase() || everywhere.includes(one) || everywhere.includes(other)
}

function tlsFrom(findings: Findings, { tls }: Written, now: number): ListenerTls | null {
  if (tls === undefined) return null
  const certificate = readCertificates(findings, ['tls', 'certificate'], tls.certificate, now)
  const key = readPrivateKey(findings, ['tls', 'key'], tls.key, certificate)
  const clientCa =
    tls.client_ca === undefined ? null : readCertificates(findings, ['tls', 'client_ca'], tls.client_ca, now)
  // Where one is null there is a fault, and no configuration comes of this.
  return certificate === null || key === null ? null : { certificate, key, clientCa }
}

/** API keys that pass in the clear can be read by all on the way; a proxy in front may do the encrypting. */
function warnOpenListener(
  findings: Findings,
  listen: ListenAddress,
  tls: ListenerTls | null,
  proxies: TrustedProxies,
): void {
  const isLocal = /^(?:127\.|::1$|localhost$)/.test(listen.host)
  if (isLocal || tls !== null || proxies.hops > 0 || findings.faults.some(({ code }) => code.startsWith('CONFIG_CERT')))
    return
  findings.wrong(
    ['listen'],
    'CONFIG_NO_TLS',
    { zh: '对外监听而未加密，密钥与个人信息可在途中被读取', en: 'open to the network without encryption' },
    {
      severity: 'warning',
      hint: {
        zh: '请设 tls，或在前面放一个加密的代理并设 trusted_hops',
        en: 'set `tls`, or put a proxy that encrypts in front and set `trusted_hops`',
      },
    },
  )
}

function publicUrlFrom(findings: Findings, text: string | undefined): string | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && /^https?:\/\/[^/?#]+\/?$/i.test(text)) {
    return url.origin
  }
  const message = { zh: '不是网址的源', en: 'not the origin of a web address' }
  const hint = { zh: '写作 https://主机，不含路径', en: 'write https://host, without a path' }
  findings.wrong(['public_url'], 'CONFIG_PUBLIC_URL', message, { hint })
  return null
}

function timezoneFrom(findings: Findings, name: string): string {
  if (isTimezone(name)) return name
  const meant = nearest(name, Intl.supportedValuesOf('timeZone'))
  const hint = meant === null ? null : { zh: `您是否想写“${meant}”？`, en: `did you mean '${meant}'?` }
  findings.wrong(['timezone'], 'CONFIG_TIMEZONE', { zh: '没有这个时区', en: 'there is no such time zone' }, { hint })
  return 'UTC'
}

/** Who may stand in front where nobody is named: what is not reachable from the Internet. */
const privateNetworks = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1/128', 'fc00::/7']

function proxiesFrom(findings: Findings, written: Written): TrustedProxies {
  const hops = written.trusted_hops ?? 0
  const networks = networksFrom(findings, ['trusted_proxies'], written.trusted_proxies).map(({ text }) => text)
  if (written.trusted_proxies !== undefined || hops === 0) return { hops, networks }
  findings.wrong(
    ['trusted_hops'],
    'CONFIG_PROXIES_GUESSED',
    { zh: '未设 trusted_proxies：任何内网地址都会被当作代理', en: 'any caller on a private network counts as a proxy' },
    {
      severity: 'warning',
      hint: { zh: '请在 trusted_proxies 中列出代理的地址', en: 'list the proxies under `trusted_proxies`' },
    },
  )
  return { hops, networks: privateNetworks }
}

function checkLimits(
  findings: Findings,
  at: readonly string[],
  rules: readonly LimitRule[],
  given: Readonly<Record<string, unknown>> = {},
): void {
  for (const { name, kind, least, most } of rules) {
    if (given[name] === undefined) continue
    const amount = amountOf(kind, given[name])
    if (amount !== null && amount >= amountOf(kind, least)! && amount <= amountOf(kind, most)!) continue
    const message = { zh: '超出允许的范围', en: 'out of bounds' }
    const hint = { zh: `从 ${least} 到 ${most}`, en: `from ${least} to ${most}` }
    findings.wrong([...at, name], 'CONFIG_LIMIT', message, { hint })
  }
}

async function readBounded(file: string): Promise<Uint8Array | string> {
  try {
    const handle = await open(file, 'r')
    try {
      const found = await handle.stat()
      if (!found.isFile()) return 'EISDIR'
      // One byte more than is allowed is enough for readYaml to say that it is too large.
      const bytes = Buffer.alloc(Math.min(found.size, yamlLimits.size) + 1)
      let length = 0
      for (;;) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
        length += bytesRead
        if (bytesRead === 0 || length === bytes.length) return bytes.subarray(0, length)
      }
    } finally {
      await handle.close()
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  }
}

function unreadable(file: string, code: string): Fault {
  const hint =
    code === 'ENOENT'
      ? {
          zh: '请用 --config 指明 gateway.yaml，或用 --upstream 直接指明上游',
          en: 'name gateway.yaml with --config, or an upstream with --upstream',
        }
      : null
  const message = { zh: `无法读取配置文件（${code}）`, en: `the configuration cannot be read (${code})` }
  return fileFault(file, 'CONFIG_FILE', message, hint)
}
