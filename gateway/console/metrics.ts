import { type Aggregator, AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { type ProblemCode, problems } from '../errors.ts'
import type { Outcome } from '../records/entry.ts'
import type { RecordLog } from '../records/log/log.ts'
import type { Notary } from '../records/notary/notary.ts'
import { Distribution, type Series } from './distribution.ts'

/** One exchange that has ended, as metrics see it: names from the configuration and numbers. */
export type ExchangeReport = {
  /** null: it did not get that far. */
  readonly system: string | null
  readonly audience: string | null
  readonly outcome: Outcome
  readonly code: ProblemCode | null
  readonly seconds: number
  /** Until the upstream's answer began; null where it was not called. */
  readonly upstreamSeconds: number | null
  /** Of the body: from the upstream, to the caller. */
  readonly bytes: readonly [number, number]
}

export type Metrics = {
  exchangeBegan(): void
  exchangeEnded(report: ExchangeReport): void
  /** How long entries took to be durable. */
  recorded(seconds: number): void
  policyLoaded(outcome: 'loaded' | 'refused'): void
  /** In the text format of Prometheus. */
  render(): Promise<string>
  readonly contentType: string
}

/** A set, or a map by name. */
type Known = { has(word: string): boolean }

export type MetricsParts = {
  /** Only these become labels; whatever else arrives is `none`. */
  readonly systems: ReadonlySet<string>
  readonly audiences: () => Known
  readonly records: Pick<RecordLog, 'usable' | 'health' | 'counts'>
  readonly notary: Pick<Notary, 'backlog'>
  /** In a worker: they are also given to the primary, which adds them up. */
  readonly forPrimary?: boolean
}

const outcomes: ReadonlySet<string> = new Set<Outcome>(['released', 'withheld', 'refused', 'aborted', 'held'])
const codes: ReadonlySet<string> = new Set(Object.keys(problems))
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

/** Counts of one gateway. A label's value is never taken from a request: it must be one of a known set. */
export function createMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (parts.forPrimary === true) {
    AggregatorRegistry.setRegistries([registry])
    // it listens to the primary from here
    new AggregatorRegistry()
  }
  collectDefaultMetrics({ register: registry })
  const duration = new Distribution(
    'veilgate_exchange_seconds',
    'From the request head to the last byte released.',
    seconds,
    registry,
  )
  const upstream = new Distribution(
    'veilgate_upstream_seconds',
    "Until the upstream's answer began.",
    seconds,
    registry,
  )
  const recorded = new Distribution(
    'veilgate_records_seconds',
    'Until the entries of an exchange were durable.',
    seconds,
    registry,
  ).series({})
  const policies = new Counter({
    name: 'veilgate_policy_loads_total',
    help: 'Policies taken up, and policies refused while the old one stayed in force.',
    labelNames: ['outcome'] as const,
    registers,
  })
  let inFlight = 0
  new Gauge({
    name: 'veilgate_exchanges_in_flight',
    help: 'Exchanges that have not ended.',
    registers,
    collect() {
      this.set(inFlight)
    },
  })
  const ended = new Map<string, Ended>()
  exchangeCounters(ended, registers)
  recordGauges(parts, registers)

  const oneOf = (known: Known, word: string | null) => (word !== null && known.has(word) ? word : 'none')
  let last: Ended | null = null
  const endedAs = (report: ExchangeReport): Ended => {
    const system = oneOf(parts.systems, report.system)
    const audience = oneOf(parts.audiences(), report.audience)
    const outcome = oneOf(outcomes, report.outcome)
    const code = oneOf(codes, report.code)
    const { labels } = last ?? { labels: null }
    // most end as the one before: no text has to be made to find out
    if (labels?.system === system && labels.audience === audience && labels.outcome === outcome && labels.code === code)
      return last!
    const key = `${system}|${audience}|${outcome}|${code}`
    const made: Ended = ended.get(key) ?? {
      labels: { system, audience, outcome, code },
      duration: duration.series({ system, audience, outcome }),
      upstream: upstream.series({ system }),
      exchanges: 0,
      bytes: [0, 0],
    }
    ended.set(key, made)
    last = made
    return made
  }
  return {
    contentType: registry.contentType,
    exchangeBegan() {
      inFlight++
    },
    exchangeEnded(report) {
      const one = endedAs(report)
      inFlight--
      one.exchanges++
      one.duration.observe(report.seconds)
      if (report.upstreamSeconds !== null) one.upstream.observe(report.upstreamSeconds)
      one.bytes[0] += report.bytes[0]
      one.bytes[1] += report.bytes[1]
    },
    recorded: took => recorded.observe(took),
    policyLoaded: outcome => policies.inc({ outcome }),
    render: () => registry.metrics(),
  }
}

/** What ended under the same names. All of them are of known sets, so there are few. */
type Ended = {
  readonly labels: Readonly<Record<'system' | 'audience' | 'outcome' | 'code', string>>
  readonly duration: Series
  readonly upstream: Series
  exchanges: number
  /** In from upstreams, out to callers. */
  readonly bytes: [number, number]
}

function exchangeCounters(ended: ReadonlyMap<string, Ended>, registers: Registry[]): void {
  new Counter({
    name: 'veilgate_exchanges_total',
    help: 'Exchanges that have ended, by outcome and, where it was no success, code.',
    labelNames: ['system', 'audience', 'outcome', 'code'] as const,
    registers,
    collect() {
      this.reset()
      for (const { labels, exchanges } of ended.values()) this.inc(labels, exchanges)
    },
  })
  new Counter({
    name: 'veilgate_body_bytes_total',
    help: 'Bytes of answers: in from upstreams, out to callers.',
    labelNames: ['system', 'audience', 'direction'] as const,
    registers,
    collect() {
      this.reset()
      for (const { labels, bytes } of ended.values()) {
        const { system, audience } = labels
        this.inc({ system, audience, direction: 'in' }, bytes[0])
        this.inc({ system, audience, direction: 'out' }, bytes[1])
      }
    },
  })
}

/** Of all workers, added up, in their primary. */
export function workersMetrics(): Pick<Metrics, 'render' | 'contentType'> {
  const registry = new AggregatorRegistry()
  return { contentType: registry.contentType, render: () => registry.clusterMetrics() }
}

/** Read from the log and its notary when they are asked for, so that they cannot disagree with them. */
function recordGauges({ records, notary }: MetricsParts, registers: Registry[]): void {
  const gauge = (name: string, help: string, read: () => number, ofWorkers: Aggregator = 'sum'): void => {
    new Gauge({
      name,
      help,
      registers,
      aggregator: ofWorkers,
      collect() {
        this.set(read())
      },
    })
  }
  const [usable, lowSpace] = [() => Number(records.usable), () => Number(records.health.lowSpace)]
  gauge('veilgate_records_usable', 'Whether access records can be written: 1 or 0.', usable, 'min')
  gauge('veilgate_records_low_space', 'Whether little room is left for records: 1 or 0.', lowSpace, 'max')
  gauge('veilgate_records_entries', 'Entries written since the start.', () => records.counts.entries)
  gauge('veilgate_records_batches', 'Batches written since the start.', () => records.counts.batches)
  gauge('veilgate_records_bytes', 'Bytes written since the start.', () => records.counts.bytes)
  gauge('veilgate_records_queued', 'Entries that wait to be written.', () => records.counts.queued)
  gauge('veilgate_records_unsealed', 'Full log files that are not sealed yet.', () => notary.backlog.files)
  const behind = () => Number(notary.backlog.isBehind)
  gauge('veilgate_records_sealing_behind', 'Whether so many wait that the gateway seals them: 1 or 0.', behind, 'max')
}
