/** What happens to lockdowns, as it is on record. */

/** All that is named must fit; nothing named: everything. `operator`: as records have it. */
export type Scope = {
  readonly consumer: string | null
  readonly operator: string | null
  readonly system: string | null
  /** The policy's template, of the system. */
  readonly route: string | null
}

/** `block`: refused. `slow_down`: so many requests a minute. `mask_harder`: shown as if nothing was presented, and one form stricter. */
export const effects = ['block', 'slow_down', 'mask_harder'] as const
export type Effect = (typeof effects)[number]

/** `lifting`: one person has signed that it may end; with the second, of another group, it has ended. `ended`: its time was over. */
export const lockdownActions = ['locked', 'lifting', 'ended'] as const

/** Signed by the person, but for what the gateway does itself (`lockdown` in gateway/records/README.md). */
export type LockdownEvent = {
  readonly kind: 'lockdown'
  readonly action: (typeof lockdownActions)[number]
  readonly lockdown: string
  readonly scope: Scope
  /** It stops nothing. */
  readonly drill: boolean
  /** Left out: `block`. */
  readonly effect?: Effect | null
  /** Requests a minute, of `slow_down`. */
  readonly rate?: number | null
  /** UTC; left out: until people lift it. */
  readonly until?: string | null
  /** null: the gateway, by an alert, or as its time was over. */
  readonly person: string | null
  readonly group: string | null
  /** UTC: the time in the text that was signed; and the signature, in base64. */
  readonly signed: string | null
  readonly signature: string | null
}
