/** What happens to accounts of the admin listener, as it is on record. */
import type { Duty } from './config/config.ts'

/** `not_done`: what the record before it says of the account came to nothing. `denied`: a call that the account's duty does not reach, or by its session from elsewhere. `locked`: too many failures, so that it has to wait. `ended`: all sessions begun so far. */
export const accountActions = [
  'added',
  'removed',
  'password',
  'totp',
  'unlocked',
  'ended',
  'not_done',
  'login',
  'logout',
  'failed',
  'locked',
  'denied',
] as const

export type AccountEvent = {
  readonly kind: 'account'
  readonly action: (typeof accountActions)[number]
  /** null: there is none of the name that was given, which can be anything and is not written down. */
  readonly account: string | null
  readonly duty: Duty | null
  /** From where; null: on the gateway's own machine. */
  readonly address: string | null
  /** Who did it: an account, or a user of the machine; null: nobody knows. */
  readonly operator: string | null
  /** Of the one-time code that was used up: thirty seconds each, from 1970. */
  readonly step?: number
}
