/** What a lockdown stops, and the texts that people sign for it. Pure. */

/** All that is named must fit; nothing named: everything. `operator`: as records have it. */
export type Scope = {
  readonly consumer: string | null
  readonly operator: string | null
  readonly system: string | null
  /** The policy's template, of the system. */
  readonly route: string | null
}

/** An exchange, by what is known of it once its route is found. */
export type Known = Scope

export type Order = {
  /** 22 characters of base64url, random. */
  readonly id: string
  readonly scope: Scope
  /** Everything but the stopping. */
  readonly drill: boolean
  /** UTC, as in records. */
  readonly made: string
}

const keys = ['consumer', 'operator', 'system', 'route'] as const

export function covers(scope: Scope, known: Known): boolean {
  return keys.every(key => scope[key] === null || scope[key] === known[key])
}

/** Whether there is no more than one idea in it: a route is of a system. */
export function isScope(scope: Scope): boolean {
  const named = keys.filter(key => scope[key] !== null).join()
  return ['', 'consumer', 'operator', 'system', 'system,route'].includes(named)
}

export function orderText({ id, scope, drill, made }: Order): string {
  const named = keys.filter(key => scope[key] !== null).map(key => `${key} ${scope[key]}\n`)
  const what = named.length === 0 ? 'everything\n' : named.join('')
  return `veilgate: ${drill ? 'rehearse a lockdown' : 'lock down'}\nid ${id}\n${what}time ${made}\n`
}

export function liftText(id: string, time: string): string {
  return `veilgate: lift a lockdown\nid ${id}\ntime ${time}\n`
}
