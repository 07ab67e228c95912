import type { Access } from '../access/access.ts'
import type { Barrier } from '../access/lockdown/barrier.ts'
import type { RefusalCounter } from '../access/refusal-counter.ts'
import type { Seal } from '../access/seal.ts'
import type { NamedDetector } from '../access/statement.ts'
import type { Config, SystemSettings } from '../config/config.ts'
import type { PathBase } from '../contracts.ts'
import type { ProblemCode } from '../errors.ts'
import type { OperationalLog } from '../log.ts'
import type { Masking } from '../masking/engine.ts'
import type { Policy } from '../policy/policy.ts'
import type { BlindIndex } from '../records/blind-index/blind-index.ts'
import type { Outcome } from '../records/entry.ts'
import type { RecordLog } from '../records/log/log.ts'
import type { Reviews } from './held/holding.ts'
import type { Grants } from './request/granted.ts'
import type { HeldBodies } from './request/held-bodies.ts'
import type { Links } from './response/links.ts'
import type { Viewer } from './response/watermark.ts'
import type { Revocations } from './revocations.ts'
import type { UpstreamFaults } from './upstream/faults.ts'
import type { UpstreamClient } from './upstream/upstream.ts'

/** What the gateway is made of, by those who start it. */
export type GatewayParts = {
  readonly config: Config
  readonly policy: Policy
  readonly access: Access
  readonly masking: Masking
  readonly records: RecordLog
  readonly index: BlindIndex
  readonly seal: Seal
  readonly log: OperationalLog
  /** Secrets that go with every request to a system, by its name: header in lower case, value. */
  readonly proofs: ReadonlyMap<string, { readonly header: string; readonly secret: string }>
  readonly meter?: Meter
  /** Left out: there are none, and a request that presents one is refused. */
  readonly grants?: Grants
  /** Left out: nobody reviews answers, and one that would have to wait is withheld. */
  readonly reviews?: Reviews
  /** What is locked down, slowed down or masked harder; left out: nothing ever is. */
  readonly barrier?: Pick<Barrier, 'isEmpty' | 'stops' | 'slows' | 'hardens'>
}

/** What metrics may know of an exchange: names from the configuration, codes and numbers. */
export type Summary = {
  readonly system: string | null
  readonly audience: string | null
  readonly outcome: Outcome
  readonly code: ProblemCode | null
  readonly status: number
  /** From the request's head to the end of the answer. */
  readonly seconds: number
  /** Until the upstream's answer began; null where it was not called. */
  readonly upstreamSeconds: number | null
  /** Bytes masked, bytes sent. */
  readonly bytes: readonly [number, number]
}

/** Each exchange that began ends once. */
export type Meter = {
  exchangeBegan(): void
  exchangeEnded(summary: Summary): void
  /** Seconds until the entries of an exchange were durable. */
  recorded(seconds: number): void
}

export const noMeter: Meter = { exchangeBegan() {}, exchangeEnded() {}, recorded() {} }

/** A system as it is served: settings and connections. Its policy is looked up by name, as that can change. */
export type ServedSystem = {
  readonly settings: SystemSettings
  readonly client: UpstreamClient
  /** Where callers reach it: public_url and prefix, or the prefix alone. */
  readonly publicBase: string
  /** Of a caller's headers those that go to it, in lower case. */
  readonly headerNames: readonly string[]
  /** For each of its bodies: links to it become links to where callers reach it. */
  readonly links: () => Links
  /** Where its paths begin; null: for callers as for itself. */
  readonly pathBase: PathBase | null
  /** What is written behind its pages; null: nothing. */
  readonly watermark: ((viewer: Viewer) => Buffer) | null
}

/** The state that all exchanges share. */
export type Shared = Omit<GatewayParts, 'policy' | 'meter'> & {
  /** The one in force; an exchange keeps the one it began with. */
  policy: Policy
  stopping: boolean
  inFlight: number
  readonly counter: RefusalCounter
  /** Bodies of requests that are read whole. */
  readonly held: HeldBodies
  readonly secure: boolean
  readonly meter: Meter
  readonly faults: UpstreamFaults
  /** null: no list of revoked certificates is watched. */
  revocations: Revocations | null
}

export const faultWords = {
  zh: '处理请求时出现内部错误，应答已扣留',
  en: 'An exchange failed inside the gateway; its answer is withheld',
}

const named = new WeakMap<Policy, readonly NamedDetector[]>()

/** The policy's detectors by the names of their types; `types` of any of its plans. */
export function namedDetectors(policy: Policy, types: readonly { readonly name: string }[]): readonly NamedDetector[] {
  let list = named.get(policy)
  if (list === undefined) {
    list = policy.detectors.map(({ type, detector }) => ({ dataType: types[type]!.name, detector }))
    named.set(policy, list)
  }
  return list
}
