import { type Network, overlaps, parseNetwork } from '../address.ts'
import type { IdentityPlugin } from '../contracts.ts'
import type { ValuePath } from '../policy/yaml.ts'
import { type BasisKind, basisKinds, type Consumer, type Rate, type Statable } from './config.ts'
import type { Findings } from './findings.ts'
import { periodFrom } from './period.ts'
import { parseHours, parsePorts } from './quantities.ts'

type WrittenRate = { readonly requests: number; readonly per?: 'second' | 'minute' | 'hour'; readonly burst?: number }

/** A consumer as gateway.yaml writes it; its shape has been checked against the schema. */
export type WrittenConsumer = {
  readonly audience: string
  readonly audiences?: Readonly<Record<string, string>>
  readonly addresses?: readonly string[]
  readonly terminals?: readonly string[]
  readonly ports?: readonly string[]
  readonly hours?: readonly string[]
  readonly macs?: readonly string[]
  readonly names_operators?: boolean
  readonly purposes?: readonly string[]
  readonly bases?: readonly BasisKind[]
  readonly query_statements?: boolean
  readonly form_statements?: boolean
  readonly requires?: readonly Statable[]
  readonly rate?: WrittenRate
  readonly from?: string
  readonly until?: string
  readonly [identity: string]: unknown
}

export type WrittenAnonymous = Pick<WrittenConsumer, 'audience' | 'addresses' | 'rate'>

/** The name that callers without credentials have in records. */
const anonymousName = 'anonymous'

/** All consumers; faults where one cannot be told from another, or from nobody. */
export function consumersFrom(
  findings: Findings,
  written: Readonly<Record<string, WrittenConsumer>>,
  identities: readonly IdentityPlugin[],
  timezone: string,
): ReadonlyMap<string, Consumer> {
  const consumers = new Map<string, Consumer>()
  const secrets = new Map<string, string>()
  const places: { readonly name: string; readonly network: Network }[] = []
  for (const [name, consumer] of Object.entries(written)) {
    const at = ['consumers', name]
    if (name === anonymousName) reservedName(findings, at)
    const credentials = new Map<string, unknown>()
    const learns = new Map<string, unknown>()
    for (const identity of identities) {
      if (consumer[identity.name] === undefined) continue
      if (identity.learn !== undefined) {
        learns.set(identity.name, consumer[identity.name])
        continue
      }
      credentials.set(identity.name, consumer[identity.name])
      requireOwn(findings, [...at, identity.name], name, consumer[identity.name], secrets)
    }
    const networks = networksFrom(findings, [...at, 'addresses'], consumer.addresses)
    // of addresses that are none a fault is told already
    const isWrong = networks.length < (consumer.addresses ?? []).length
    if (credentials.size === 0 && !isWrong) requirePlace(findings, at, name, networks, identities, places)
    const rest = statementsFrom(findings, at, consumer)
    const period = periodFrom(findings, at, consumer, timezone)
    const { audience } = consumer
    const roles = findings.document.keys([...at, 'audiences'])
    const audiences = new Map(roles.map(role => [String(role), consumer.audiences![role]!]))
    const terminals = terminalsFrom(findings, [...at, 'terminals'], consumer.terminals)
    const bindings = { addresses: networks.map(({ text }) => text), terminals, ...bindingsFrom(findings, at, consumer) }
    const rate = rateFrom(consumer.rate)
    const learnt = learns.size === 0 ? {} : { learns }
    consumers.set(name, { name, audience, audiences, credentials, ...learnt, ...bindings, ...rest, ...period, rate })
  }
  for (const identity of identities) checkDeclared(findings, identity, consumers)
  return consumers
}

/** Nobody would ever be learnt from a system that is not there. */
export function checkLearnt(
  findings: Findings,
  consumers: ReadonlyMap<string, Consumer>,
  systems: Readonly<Record<string, unknown>>,
): void {
  const words = { zh: 'systems 中没有此系统', en: 'there is no such system under `systems`' }
  for (const { name, learns = new Map<string, unknown>() } of consumers.values())
    for (const [identity, declared] of learns) {
      const { system } = declared as { readonly system?: string }
      if (system !== undefined && !Object.hasOwn(systems, system))
        findings.wrong(['consumers', name, identity, 'system'], 'CONFIG_IDENTITY', words)
    }
}

/** What only the identity itself can see to be wrong. */
function checkDeclared(
  findings: Findings,
  { name, check }: IdentityPlugin,
  consumers: ReadonlyMap<string, Consumer>,
): void {
  const declared = [...consumers.values()].flatMap(one => {
    const said = one.credentials.get(name) ?? one.learns?.get(name)
    return said === undefined ? [] : [[one.name, said] as const]
  })
  const wrong = declared.length === 0 ? null : (check?.({ consumers: Object.fromEntries(declared) }) ?? null)
  if (wrong !== null) findings.wrong(['consumers', wrong.consumer, name], 'CONFIG_IDENTITY', wrong.words)
}

/** Callers without credentials, as a consumer that is trusted to say nothing. */
export function anonymousFrom(findings: Findings, written: WrittenAnonymous | undefined): Consumer | null {
  if (written === undefined) return null
  const addresses = networksFrom(findings, ['anonymous', 'addresses'], written.addresses).map(({ text }) => text)
  return anonymous(written.audience, addresses, rateFrom(written.rate))
}

export function anonymous(audience: string, addresses: readonly string[], rate: Rate | null): Consumer {
  const nothing = {
    namesOperators: false,
    purposes: null,
    bases: [],
    saysInQuery: false,
    saysInForm: false,
    requires: [],
    from: null,
    until: null,
  }
  const anywhere = { audiences: new Map(), terminals: [], ports: [], hours: [], macs: [] }
  return { name: anonymousName, audience, credentials: new Map(), addresses, rate, ...nothing, ...anywhere }
}

/** Reads networks in CIDR; a fault for each that is none. */
export function networksFrom(findings: Findings, at: ValuePath, texts: readonly string[] = []): Network[] {
  return texts.flatMap((text, index) => {
    const network = parseNetwork(text)
    if (!('fault' in network)) return network
    const hint =
      network.fault === 'host_bits'
        ? { zh: `应为 ${network.meant}`, en: `write ${network.meant}` }
        : { zh: '写作 10.1.0.0/16 或 10.1.2.3', en: 'write it as 10.1.0.0/16 or 10.1.2.3' }
    findings.wrong([...at, index], 'CONFIG_ADDRESS', { zh: '不是网段或地址', en: 'not a network or address' }, { hint })
    return []
  })
}

/** Networks in CIDR, and `cert:` with the SHA-256 of a client certificate. */
function terminalsFrom(findings: Findings, at: ValuePath, texts: readonly string[] = []): string[] {
  const isCertificate = (text: string) => /^cert:[0-9a-f]{64}$/.test(text)
  const networks = texts.map(text => (isCertificate(text) ? '0.0.0.0/0' : text))
  return networksFrom(findings, at, networks).map(({ text }, nth) => (isCertificate(texts[nth]!) ? texts[nth]! : text))
}

/** From where and when it may call, beyond its addresses. */
function bindingsFrom(
  findings: Findings,
  at: ValuePath,
  { ports = [], hours = [], macs = [] }: WrittenConsumer,
): Pick<Consumer, 'ports' | 'hours' | 'macs'> {
  const read = <Value>(key: 'ports' | 'hours', texts: readonly string[], parse: (text: string) => Value | null) =>
    texts.flatMap((text, index) => {
      const value = parse(text)
      if (value !== null) return [value]
      findings.wrong([...at, key, index], 'CONFIG_BINDING', {
        zh: '没有这样的端口或时段',
        en: 'there is no such range',
      })
      return []
    })
  return {
    ports: read('ports', ports, parsePorts),
    hours: read('hours', hours, parseHours),
    macs: macs.map(mac => mac.toLowerCase()),
  }
}

/** What a consumer may state; bases are open to whoever may state anything, unless they are listed. */
function statementsFrom(
  findings: Findings,
  at: ValuePath,
  consumer: WrittenConsumer,
): Pick<Consumer, 'namesOperators' | 'purposes' | 'bases' | 'saysInQuery' | 'saysInForm' | 'requires'> {
  const namesOperators = consumer.names_operators ?? false
  const purposes = consumer.purposes ?? null
  const bases = consumer.bases ?? (namesOperators || purposes !== null ? basisKinds : [])
  const requires = consumer.requires ?? []
  const may = { operator: namesOperators, purpose: (purposes ?? []).length > 0, basis: bases.length > 0 }
  for (const [index, one] of requires.entries()) {
    if (may[one]) continue
    const message = { zh: '该调用方无权声明此项，却必须声明', en: 'must state what it is not trusted to state' }
    const hint = { zh: '请设 names_operators、purposes 或 bases', en: 'give it names_operators, purposes or bases' }
    findings.wrong([...at, 'requires', index], 'CONFIG_REQUIRES', message, { hint })
  }
  const { query_statements: saysInQuery = false, form_statements: saysInForm = false } = consumer
  return { namesOperators, purposes, bases, saysInQuery, saysInForm, requires }
}

function rateFrom(written: WrittenRate | undefined): Rate | null {
  if (written === undefined) return null
  const seconds = { second: 1, minute: 60, hour: 3600 }[written.per ?? 'second']
  return { requests: written.requests, seconds, burst: written.burst ?? 0 }
}

function requireOwn(
  findings: Findings,
  at: ValuePath,
  name: string,
  declared: unknown,
  secrets: Map<string, string>,
): void {
  for (const secret of [declared].flat().map(one => JSON.stringify(one))) {
    const key = `${at.at(-1)} ${secret}`
    const other = secrets.get(key)
    if (other !== undefined && other !== name) {
      const message = { zh: `与调用方“${other}”的凭据相同`, en: `the same credentials as consumer '${other}'` }
      const hint = { zh: '每个调用方须有自己的密钥', en: 'each consumer needs a key of its own' }
      findings.wrong(at, 'CONFIG_CONSUMER_AMBIGUOUS', message, { hint })
    }
    secrets.set(key, name)
  }
}

/** Without credentials a consumer is known by its address alone: it must have one, and share it with no other such. */
function requirePlace(
  findings: Findings,
  at: ValuePath,
  name: string,
  networks: readonly Network[],
  identities: readonly IdentityPlugin[],
  places: { readonly name: string; readonly network: Network }[],
): void {
  if (networks.length === 0) {
    const kinds = identities.map(identity => identity.name).join(', ')
    findings.wrong(
      at,
      'CONFIG_CONSUMER_UNKNOWABLE',
      { zh: '没有可据以识别的凭据或地址', en: 'has nothing to be known by' },
      { at: 'key', hint: { zh: `请设 ${kinds} 或 addresses`, en: `give it ${kinds} or addresses` } },
    )
  }
  for (const network of networks) {
    const other = places.find(place => place.name !== name && overlaps(place.network, network))
    places.push({ name, network })
    if (other === undefined) continue
    const message = {
      zh: `${network.text} 与调用方“${other.name}”重叠，二者都只凭地址识别`,
      en: `${network.text} overlaps with consumer '${other.name}', and both are known by address alone`,
    }
    findings.wrong([...at, 'addresses'], 'CONFIG_CONSUMER_AMBIGUOUS', message)
  }
}

function reservedName(findings: Findings, at: ValuePath): void {
  const message = { zh: '此名称留给无凭据的调用方', en: 'this name is kept for callers without credentials' }
  const hint = { zh: '改名，或使用顶层的 anonymous', en: 'rename it, or use `anonymous` at the top level' }
  findings.wrong(at, 'CONFIG_NAME_RESERVED', message, { at: 'key', hint })
}
