/**
 * Who was shown the people of a leaked list, and how well each explains it. Pure. The statistics are described in
 * README.md under Tracing.
 */
import type { Form } from '../contracts.ts'
import { rankOf } from '../forms.ts'
import { accessorOf } from './query/people.ts'
import { textOf } from './query/query.ts'
import type { MonthReach, Sighting } from './query/source.ts'

/** Of the list, this share is taken to come from elsewhere than the one who leaked it: lists are often merged. */
const foreignShare = 0.05

export type Accessor = {
  readonly consumer: string | null
  readonly operator: string | null
  /** People of the list who were shown to this one; of these, in clear. */
  readonly people: number
  readonly clear: number
  /** How many of the list one who saw as many people, but others by chance, would have seen. */
  readonly expected: number
  /** log10 of how much likelier the list is if it was drawn from what this one saw than if from everybody. Ranks. */
  readonly weightLog10: number
  /** log10 of the probability, 0 at most, that any one of all accessors would have seen so many by chance. */
  readonly chanceLog10: number
  readonly records: number
  readonly first: string
  readonly last: string
  /** People by the most visible form in which they were shown. */
  readonly forms: ReadonlyMap<Form, number>
  /** Kinds of basis that were stated, with how many records each. */
  readonly bases: ReadonlyMap<string, number>
  /** From where, with how many records each; the first thousand. */
  readonly addresses: ReadonlyMap<string, number>
  /** The first records in which somebody on the list was shown. */
  readonly occasions: readonly Occasion[]
}

/** One record in which people of the list were shown. */
export type Occasion = Pick<Sighting, 'entry' | 'context'> & {
  /** People of the list in it; of these, in clear. */
  readonly people: Set<number>
  readonly clear: Set<number>
}

/** So many of an accessor's records are kept to be told one by one. */
const mostOccasions = 20
const mostAddresses = 1000

export type Trace = {
  /** People on the list who were in any answer. */
  readonly known: number
  /** The likeliest first. */
  readonly accessors: readonly Accessor[]
}

type Gathered = {
  readonly consumer: string | null
  readonly operator: string | null
  readonly shown: Map<number, Form>
  /** Persons by month: in how many months each was shown tells how many people there are behind the sums of months. */
  readonly shownIn: Set<string>
  records: number
  /** Number of the last; those of one record come one after the other. */
  lastRecord: string
  readonly bases: Map<string, number>
  readonly addresses: Map<string, number>
  readonly occasions: Occasion[]
  first: string
  last: string
}

/** Takes sightings one by one, as a source gives them. `personOf`: numbers of people on the list, by blind index. */
export class Tracing {
  readonly #personOf: ReadonlyMap<string, number>
  readonly #accessors = new Map<string, Gathered>()
  readonly #known = new Set<number>()
  readonly #knownIn = new Set<string>()

  constructor(personOf: ReadonlyMap<string, number>) {
    this.#personOf = personOf
  }

  add({ entry, context, index, mostVisible }: Sighting): void {
    const person = this.#personOf.get(index)
    if (person === undefined) return
    this.#known.add(person)
    const one = this.#gathered(accessorOf(context), context)
    const inMonth = `${entry.time.slice(0, 7)} ${person}`
    this.#knownIn.add(inMonth)
    one.shownIn.add(inMonth)
    const before = one.shown.get(person)
    if (before === undefined || rankOf[mostVisible] < rankOf[before]) one.shown.set(person, mostVisible)
    if (entry.time < one.first) one.first = entry.time
    if (entry.time > one.last) one.last = entry.time
    const id = `${entry.log}:${entry.seq}`
    const isNew = id !== one.lastRecord
    if (isNew) {
      one.lastRecord = id
      one.records++
      if (one.records <= mostOccasions) one.occasions.push({ entry, context, people: new Set(), clear: new Set() })
    }
    if (one.records <= mostOccasions) {
      // several values of one person may be on the list
      const { people, clear } = one.occasions.at(-1)!
      people.add(person)
      if (mostVisible === 'clear') clear.add(person)
    }
    if (!isNew) return
    const address = textOf(context, 'address')
    if (address !== null && (one.addresses.has(address) || one.addresses.size < mostAddresses))
      one.addresses.set(address, (one.addresses.get(address) ?? 0) + 1)
    const basis = (context['basis'] as { kind?: unknown } | null | undefined)?.kind
    const kind = typeof basis === 'string' ? basis : 'none'
    one.bases.set(kind, (one.bases.get(kind) ?? 0) + 1)
  }

  /** `reach`: of the months that were looked through. */
  result(reach: readonly MonthReach[]): Trace {
    const known = this.#known.size
    const all = [...this.#accessors.values()]
    const usual = sumOf(all, one => one.shownIn.size) / sumOf(all, one => one.shown.size)
    const accessors = [...this.#accessors].map(([key, one]): Accessor => {
      const people = one.shown.size
      const share = shareOf(
        reachOf(key, reach),
        { people, months: one.shownIn.size },
        usual,
        this.#knownIn.size / known,
      )
      const forms = new Map<Form, number>()
      for (const form of one.shown.values()) forms.set(form, (forms.get(form) ?? 0) + 1)
      return {
        consumer: one.consumer,
        operator: one.operator,
        people,
        clear: forms.get('clear') ?? 0,
        expected: share * known,
        weightLog10: weightOf(people, known, share),
        chanceLog10: Math.min(0, binomialTail(people, known, share) + Math.log10(this.#accessors.size)),
        records: one.records,
        first: one.first,
        last: one.last,
        forms,
        bases: one.bases,
        addresses: one.addresses,
        occasions: one.occasions,
      }
    })
    accessors.sort((one, other) => other.weightLog10 - one.weightLog10 || other.clear - one.clear)
    return { known, accessors }
  }

  #gathered(key: string, context: Sighting['context']): Gathered {
    let one = this.#accessors.get(key)
    if (one === undefined) {
      const [consumer, operator] = [textOf(context, 'consumer'), textOf(context, 'operator')]
      one = {
        consumer,
        operator,
        shown: new Map(),
        shownIn: new Set(),
        records: 0,
        lastRecord: '',
        bases: new Map(),
        addresses: new Map(),
        occasions: [],
        first: '\uffff',
        last: '',
      }
      this.#accessors.set(key, one)
    }
    return one
  }
}

/** How many people an accessor was shown, of how many in the records: sums of what each month says. */
export type Reach = { readonly seen: number; readonly people: number }

function reachOf(accessor: string, months: readonly MonthReach[]): Reach {
  const seen = sumOf(months, ({ people, sampled, seenBy }) => ((seenBy.get(accessor) ?? 0) / sampled) * people)
  return { seen, people: sumOf(months, ({ people }) => people) }
}

/** Accessors of few people on the list are taken to meet them in as many months as all do, as if of so many more. */
const usualPeople = 5

/**
 * The share of all people that an accessor saw in any month. Indexes of different months cannot be joined, but those on
 * the list are known in each: in how many months one of them was shown, to this accessor (`met`) and to anybody
 * (`monthsOfAll`), says how many people there are behind the sums of `reach`.
 */
function shareOf(
  { seen, people }: Reach,
  met: { readonly people: number; readonly months: number },
  usual: number,
  monthsOfAll: number,
): number {
  const each = (met.months + usual * usualPeople) / (met.people + usualPeople)
  const share = ((seen + 0.5) / each / (people + 1)) * monthsOfAll
  return Math.min(share, 1 - 1e-9)
}

function sumOf<One>(all: readonly One[], of: (one: One) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0)
}

/** log10 likelihood ratio: a list drawn from those that one saw, but for a foreign share, against one drawn from all. */
export function weightOf(seen: number, known: number, share: number): number {
  const [ifSeen, ifUnseen] = [(1 - foreignShare) / share + foreignShare, foreignShare]
  return seen * Math.log10(ifSeen) + (known - seen) * Math.log10(ifUnseen)
}

/** log10 of the probability of at least `k` of `n` with probability `p` each. */
export function binomialTail(k: number, n: number, p: number): number {
  if (k <= 0 || p >= 1) return 0
  let term = logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p)
  const first = term
  let sum = 1
  for (let i = k; i < n; i++) {
    term += Math.log(((n - i) * p) / ((i + 1) * (1 - p)))
    const part = Math.exp(term - first)
    sum += part
    if (i > n * p && part < sum * 1e-17) break
  }
  return Math.min(0, (first + Math.log(sum)) / Math.LN10)
}

const factorials: number[] = [0]

function logFactorial(n: number): number {
  for (let i = factorials.length; i <= n; i++) factorials.push(factorials[i - 1]! + Math.log(i))
  return factorials[n]!
}
