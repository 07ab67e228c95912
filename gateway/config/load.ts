import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { IdentityPlugin } from '../contracts.ts'
import { codeIn } from '../error-code.ts'
import { type Fault, fileFault, hasErrors, sortFaults } from '../policy/fault.ts'
import { nearest } from '../policy/spelling.ts'
import { validator } from '../policy/validate.ts'
import { readYaml, yamlLimits } from '../policy/yaml.ts'
import { isTimezone } from '../timezone.ts'
import { signInFrom, warnOpenAdmin } from './admin.ts'
import { checkAgainst, type PolicySummary } from './against-policy.ts'
import { basesFrom, type WrittenBases } from './bases.ts'
import { type Config, leastRetentionDays, usualExpiryNotice, usualKeyOverlap } from './config.ts'
import { anonymousFrom, checkLearnt, consumersFrom, type WrittenAnonymous, type WrittenConsumer } from './consumers.ts'
import { type Findings, findingsOf } from './findings.ts'
import { amountOf, type LimitRule, limitRules, limitsFrom, poolRules, reviewRules, timeoutRules } from './limits.ts'
import { listenFrom, tlsFrom, type WrittenListener, warnOpenListener } from './listener.ts'
import { originOf } from './origin.ts'
import { controlFrom, postgresFrom, type WrittenControl, type WrittenPostgres } from './postgres.ts'
import { proxiesFrom } from './proxies.ts'
import { reviewsFrom, type WrittenReviews } from './reviews.ts'
import { configSchema } from './schema.ts'
import { checkShape } from './sound-part.ts'
import { systemsFrom, type WrittenSystem } from './systems.ts'
import {
  approversFrom,
  requestersFrom,
  type WrittenApprover,
  type WrittenRequester,
  type WrittenWitness,
  witnessesFrom,
} from './witnesses.ts'

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
  /** What is in the file; left out: what is there now. */
  readonly bytes?: Uint8Array
  /** What `url_env` reads; the process's, where left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** gateway.yaml as it is written, or what of it is sound; its shape has been checked against the schema. */
type Written = WrittenListener & {
  readonly policies?: string
  readonly records?: string | { readonly folder?: string; readonly postgres?: WrittenPostgres }
  readonly control?: WrittenControl
  readonly keys?: string
  readonly contact?: string
  readonly workers?: number
  readonly witnesses?: Readonly<Record<string, WrittenWitness>>
  readonly approvers?: Readonly<Record<string, WrittenApprover>>
  readonly requesters?: Readonly<Record<string, WrittenRequester>>
  readonly reviews?: WrittenReviews
  readonly bases?: WrittenBases
  readonly trace_authority?: string
  readonly retention_days?: number
  readonly expiry_notice_days?: number
  readonly key_overlap_days?: number
  readonly timezone?: string
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
  const bytes = options.bytes ?? (await readBounded(file))
  if (typeof bytes === 'string') return { faults: [unreadable(shown, bytes)] }
  const read = readYaml(shown, bytes)
  if ('faults' in read) return { faults: sortFaults(read.faults) }
  const { document } = read
  const { faults: misshapen, sound } = checkShape(document, validator(configSchema(options.identities), 'CONFIG'))
  if (misshapen.length > 0 && sound === null) return { faults: sortFaults(misshapen) }
  const findings = findingsOf(document, dirname(resolve(file)))
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const value = (sound?.value ?? document.value) as Written
  const parts = configFrom(findings, value, { file: resolve(file), digest }, options)
  const config = { ...parts, renewableFiles: renewableOf(findings) }
  if (sound !== null) return { faults: sortFaults([...misshapen, ...findings.errorsBut(sound.mayFollow)]) }
  const faults = sortFaults(findings.faults)
  if (hasErrors(faults)) return { faults }
  return { config, warnings: faults, against: policy => checkAgainst(document, config, policy) }
}

function configFrom(
  findings: Findings,
  written: Written,
  source: { readonly file: string; readonly digest: string },
  { identities, now, env = process.env }: LoadOptions,
): Omit<Config, 'renewableFiles'> {
  const timezone = timezoneFrom(findings, written.timezone ?? 'Asia/Shanghai')
  const proxies = proxiesFrom(findings, written)
  checkLimits(findings, ['limits'], limitRules, written.limits)
  checkLimits(findings, ['reviews'], reviewRules, written.reviews)
  for (const [name, system] of Object.entries(written.systems)) {
    checkLimits(findings, ['systems', name, 'timeouts'], timeoutRules, system.timeouts)
    checkLimits(findings, ['systems', name, 'pool'], poolRules, system.pool)
  }
  const addresses = listenFrom(findings, written)
  const tls = tlsFrom(findings, written, now)
  const consumers = consumersFrom(findings, written.consumers ?? {}, identities, timezone)
  checkLearnt(findings, consumers, written.systems)
  const signIn = signInFrom(findings, written.admin, now)
  warnOpenListener(findings, addresses.listen, tls !== null || proxies.hops > 0)
  warnOpenAdmin(findings, addresses.admin, signIn)
  const approvers = approversFrom(findings, written.approvers)
  const beside = findings.absolute('policies')
  const records = typeof written.records === 'string' ? { folder: written.records } : (written.records ?? {})
  return {
    ...source,
    namedFiles: findings.files,
    ...addresses,
    tls,
    signIn,
    publicUrl: originOf(findings, ['public_url'], written.public_url),
    policies: written.policies !== undefined ? findings.absolute(written.policies) : existsSync(beside) ? beside : null,
    records: findings.absolute(records.folder ?? 'records'),
    postgres: postgresFrom(findings, ['records', 'postgres'], records.postgres, now, env),
    control: controlFrom(findings, written.control, approvers, now, env),
    keys: findings.absolute(written.keys ?? 'keys'),
    contact: written.contact ?? null,
    witnesses: witnessesFrom(findings, written.witnesses),
    approvers,
    requesters: requestersFrom(findings, written.requesters, approvers),
    reviews: reviewsFrom(findings, written.reviews, approvers),
    bases: basesFrom(findings, written.bases, approvers),
    traceAuthority: written.trace_authority ?? null,
    retentionDays: written.retention_days ?? leastRetentionDays,
    expiryNoticeDays: written.expiry_notice_days ?? usualExpiryNotice,
    keyOverlapDays: written.key_overlap_days ?? usualKeyOverlap,
    timezone,
    workers: written.workers ?? null,
    proxies,
    limits: limitsFrom(limitRules, written.limits),
    systems: systemsFrom(findings, written.systems, now, timezone),
    consumers,
    anonymous: anonymousFrom(findings, written.anonymous),
  }
}

/** What something else is read from too is read at a start only. */
function renewableOf({ files, renewable }: Findings): string[] {
  const times = (all: readonly string[], path: string) => all.filter(one => one === path).length
  return [...new Set(renewable)].filter(path => times(files, path) === times(renewable, path))
}

/** As the time of China is called by those who do not know its name in the tables of zones, which have no Beijing. */
const ofChina = /beijing|peking|北京|^中国|^china|^(?:utc|gmt)?\s*\+0?8(?::?00)?$/i

function timezoneFrom(findings: Findings, name: string): string {
  if (isTimezone(name)) return name
  const meant = ofChina.test(name) ? 'Asia/Shanghai' : nearest(name, Intl.supportedValuesOf('timeZone'))
  const hint = meant === null ? null : { zh: `您是否想写“${meant}”？`, en: `did you mean '${meant}'?` }
  findings.wrong(['timezone'], 'CONFIG_TIMEZONE', { zh: '没有这个时区', en: 'there is no such time zone' }, { hint })
  return 'UTC'
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
    return codeIn(error) ?? 'unknown'
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
