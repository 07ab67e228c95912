/** Tests of alert rules: sample records as alerts.yaml writes them, and who is to be noticed. Pure. */
import type { LocalTime } from '../clock.ts'
import type { Rule } from './rules.ts'
import type { Seen } from './seen.ts'
import { AlertWatch } from './watch.ts'

/** Some records, written short. */
export type Sample = {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly times: number
  readonly every: number
  /** On so many days from there on. */
  readonly days: number
  readonly kind: string
  readonly consumer: string
  readonly operator: string | null
  readonly address: string
  readonly people: number
  /** Whether each answer is of others. */
  readonly same: boolean
  readonly rows: number
  readonly clear: number
  readonly status: number
  readonly code: string | null
  readonly searched: boolean
  readonly grant: string | null
  readonly reference: string | null
  readonly canary: boolean
}

export type AlertTest = {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly samples: readonly Sample[]
  /** `rule operator`, or `rule` with the consumer or address, in the order they are raised; what is done may follow: `: notify, block`. */
  readonly expect: readonly string[]
}

const canary = 'C'.repeat(22)
const day = 86_400_000

/** What the rules notice in the samples, as `expect` writes it. */
export function runAlertTest(
  { samples, expect }: AlertTest,
  rules: readonly Rule[],
  clock: (time: number) => LocalTime,
): string[] {
  const watch = new AlertWatch(rules, { clock, isCanary: subject => subject === canary })
  const all = samples.flatMap((sample, nth) => expand(sample, nth)).sort((one, other) => one.time - other.time)
  const actions = new Map(rules.map(rule => [rule.name, rule.actions]))
  return all
    .flatMap(seen => watch.take(seen))
    .map(({ rule, operator, consumer, address }, nth) => {
      const raised = `${rule} ${operator ?? consumer ?? address ?? ''}`.trim()
      const saysWhatIsDone = expect[nth]?.includes(': ') === true
      return saysWhatIsDone ? `${raised}: ${actions.get(rule)!.join(', ')}` : raised
    })
}

function expand(sample: Sample, nth: number): Seen[] {
  const seen: Seen[] = []
  for (let onDay = 0; onDay < sample.days; onDay++)
    for (let time = 0; time < sample.times; time++) {
      const of = `sample-${nth}:${onDay * sample.times + time}`
      const { consumer, operator, address, kind, rows, people, clear, status, code, grant, reference } = sample
      const others = Array.from({ length: people }, (_, one) => `${sample.same ? nth : of}-${one}`)
      const subjects = sample.canary ? [...others, canary] : others
      seen.push({
        ...{ consumer, operator, address, network: address, kind, rows, people, clear, status, code, grant, reference },
        ...{ of, time: sample.at + onDay * day + time * sample.every, times: 1, searchedHigh: sample.searched },
        ...{ subjects, known: subjects },
      })
    }
  return seen
}
