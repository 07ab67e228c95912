/** What a lockdown does and to whom, and the texts that people sign for it. Pure. */
import type { Effect, Scope } from '../../lockdown-event.ts'
import { personName } from '../../person-name.ts'

/** An exchange, by what is known of it once its route is found. */
export type Known = Scope

/** What it does. `rate`: requests a minute, of `slow_down` alone. */
export type Does = { readonly effect: Effect; readonly rate: number | null }

/** One that is in force, as the processes that serve have it. */
export type Restraint = Does & { readonly id: string; readonly scope: Scope }

export type Order = Restraint & {
  /** 22 characters of base64url, random. */
  readonly id: string
  /** Everything but the stopping. */
  readonly drill: boolean
  /** UTC, as in records: when it ends by itself; null: when people lift it. */
  readonly until: string | null
  /** UTC, as in records. */
  readonly made: string
}

/** Requests a minute, where nothing else is said. */
export const usualRate = 6

const keys = ['consumer', 'operator', 'system', 'route'] as const

/** Of an operator case and width do not count: many systems let people sign in as `u1203` and as `U1203`. */
export function covers(scope: Scope, known: Known): boolean {
  return keys.every(key => scope[key] === null || isSame(key, scope[key], known[key]))
}

function isSame(key: (typeof keys)[number], one: string, other: string | null): boolean {
  return one === other || (key === 'operator' && other !== null && personName(one) === personName(other))
}

/** Whether there is no more than one idea in it: a route is of a system. */
export function isScope(scope: Scope): boolean {
  const named = keys.filter(key => scope[key] !== null).join()
  return ['', 'consumer', 'operator', 'system', 'system,route'].includes(named)
}

/** Whether it has a rate where it needs one, and nowhere else. */
export function isDone({ effect, rate }: Does): boolean {
  if (effect !== 'slow_down') return rate === null
  return rate !== null && Number.isInteger(rate) && rate >= 1 && rate <= 6000
}

const orders: Readonly<Record<Effect, readonly [order: string, drill: string]>> = {
  block: ['lock down', 'rehearse a lockdown'],
  slow_down: ['slow down', 'rehearse slowing down'],
  mask_harder: ['mask harder', 'rehearse masking harder'],
}

export function orderText({ id, scope, effect, rate, drill, until, made }: Order): string {
  const named = keys.filter(key => scope[key] !== null).map(key => `${key} ${scope[key]}\n`)
  const what = named.length === 0 ? 'everything\n' : named.join('')
  const slow = rate === null ? '' : `requests a minute ${rate}\n`
  const end = until === null ? '' : `until ${until}\n`
  return `veilgate: ${orders[effect][drill ? 1 : 0]}\nid ${id}\n${what}${slow}${end}time ${made}\n`
}

export function liftText(id: string, time: string): string {
  return `veilgate: lift a lockdown\nid ${id}\ntime ${time}\n`
}
