/** Holds records against alert rules, as they come. Pure but for what it remembers; the same records raise the same alarms. */
import { addressGroup } from '../../address.ts'
import { Counting, daysNeeded, medianOf } from './counting.ts'
import { type Circumstances, measure } from './measures.ts'
import type { Alarm, Rule } from './rules.ts'
import type { Seen } from './seen.ts'

/** Keys of one rule that are remembered; beyond, the one not heard of for longest is forgotten. */
const mostKeys = 20_000
/** What is usual for peers changes slowly, and costs a look at all. */
const peersEvery = 3_600_000
const mostNetworks = 64
const day = 86_400_000

type Tracked = { readonly counting: Counting; quietUntil: number }
/** Networks that somebody has used, and on how many days there was anything. */
type Networks = { readonly known: Set<string>; days: number; last: number }

export class AlertWatch {
  readonly #rules: readonly RuleWatch[]

  /** `clock` and `isCanary` as in `Circumstances`. */
  constructor(rules: readonly Rule[], circumstances: Omit<Circumstances, 'hours'>) {
    this.#rules = rules.map(rule => new RuleWatch(rule, { ...circumstances, hours: rule.hours }))
  }

  /** The alarms that a record raises. Records of one log come in order; those of several may interleave. */
  take(seen: Seen): Alarm[] {
    return this.#rules.flatMap(rule => rule.take(seen) ?? [])
  }

  /** An alarm was raised before, by a watch that is no more: it is not said again at once. */
  remember({ rule, time, ...who }: Pick<Alarm, 'rule' | 'time' | 'consumer' | 'operator' | 'address'>): void {
    this.#rules.find(one => one.rule.name === rule)?.remember(who, time)
  }
}

class RuleWatch {
  readonly rule: Rule
  readonly #circumstances: Circumstances
  readonly #keys = new Map<string, Tracked>()
  readonly #networks = new Map<string, Networks>()
  #peers: { readonly at: number; readonly usual: number } = { at: Number.NEGATIVE_INFINITY, usual: 0 }

  constructor(rule: Rule, circumstances: Circumstances) {
    this.rule = rule
    this.#circumstances = circumstances
  }

  take(seen: Seen): Alarm | null {
    const { rule } = this
    const { amount, ids = [] } = measure(rule.watch, seen, this.#circumstances)
    if (amount === 0 && ids.length === 0) return null
    const key = this.#keyOf(seen)
    if (rule.watch === 'new_address') return this.#newNetwork(key, seen, ids[0]!)
    const tracked = this.#tracked(key)
    const now = tracked.counting.add(seen.time, amount, ids)
    if (now <= rule.over || seen.time < tracked.quietUntil) return null
    const limit = this.#limit(tracked, seen.time)
    if (now <= limit) return null
    tracked.quietUntil = seen.time + quietOf(rule)
    return this.#alarm(seen, now, limit)
  }

  remember(who: Pick<Alarm, 'consumer' | 'operator' | 'address'>, time: number): void {
    const tracked = this.#tracked(keyOf(this.rule.per, who))
    tracked.quietUntil = Math.max(tracked.quietUntil, time + quietOf(this.rule))
  }

  #keyOf(seen: Seen): string {
    if (this.rule.watch === 'reference') return `ref ${seen.reference}`
    return this.rule.watch === 'gap' ? 'gap' : keyOf(this.rule.per, seen)
  }

  #tracked(key: string): Tracked {
    const known = this.#keys.get(key)
    if (known !== undefined) {
      this.#keys.delete(key)
      this.#keys.set(key, known)
      return known
    }
    if (this.#keys.size >= mostKeys) this.#keys.delete(this.#keys.keys().next().value!)
    const made = { counting: new Counting(this.rule.within), quietUntil: Number.NEGATIVE_INFINITY }
    this.#keys.set(key, made)
    return made
  }

  #limit({ counting }: Tracked, time: number): number {
    const { over, timesOwn, timesPeers } = this.rule
    const own = timesOwn === null ? 0 : timesOwn * (counting.usual(time) ?? 0)
    return Math.max(over, own, timesPeers === null ? 0 : timesPeers * this.#usualOfPeers(time))
  }

  #usualOfPeers(time: number): number {
    if (time - this.#peers.at < peersEvery) return this.#peers.usual
    const all = [...this.#keys.values()].map(({ counting }) => counting.usual(time)).filter(usual => usual !== null)
    this.#peers = { at: time, usual: all.length < 3 ? 0 : medianOf(all) }
    return this.#peers.usual
  }

  /** Somebody who has been seen on some days, from a network that nobody has seen them in. */
  #newNetwork(key: string, seen: Seen, network: string): Alarm | null {
    const known = this.#networks.get(key) ?? { known: new Set<string>(), days: 0, last: 0 }
    this.#networks.set(key, known)
    if (this.#networks.size > mostKeys) this.#networks.delete(this.#networks.keys().next().value!)
    const today = Math.floor(seen.time / day)
    if (today > known.last) {
      known.days++
      known.last = today
    }
    if (known.known.has(network)) return null
    if (known.known.size < mostNetworks) known.known.add(network)
    const tracked = this.#tracked(key)
    if (known.known.size === 1 || known.days <= daysNeeded || seen.time < tracked.quietUntil) return null
    tracked.quietUntil = seen.time + quietOf(this.rule)
    return this.#alarm(seen, 1, 0)
  }

  #alarm({ consumer, operator, address, of, time }: Seen, amount: number, limit: number): Alarm {
    const { name, watch } = this.rule
    return { rule: name, watch, consumer, operator, address, amount, limit: Math.floor(limit), of, time }
  }
}

/** What was done ends with its time: whoever goes on then is noticed again, however quiet the rule is. */
function quietOf({ quiet, actions, lasts }: Rule): number {
  const ends = !actions.includes('block') && (actions.includes('slow_down') || actions.includes('mask_harder'))
  return ends ? Math.min(quiet, lasts) : quiet
}

/** Consumers that name no operator stand for one. Logins in other case are the same person's, or nobody could be counted. */
function keyOf(per: Rule['per'], who: Pick<Alarm, 'consumer' | 'operator' | 'address'>): string {
  if (per === 'address') return `address ${who.address === null ? '' : addressGroup(who.address)}`
  return per === 'operator' && who.operator !== null
    ? `operator ${who.operator.toLowerCase()}`
    : `consumer ${who.consumer ?? ''}`
}
