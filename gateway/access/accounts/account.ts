/** People who sign in at the admin listener. Each has one duty: who runs the gateway, who guards it and who looks on are three. */
import { createHash } from 'node:crypto'
import type { Duty } from '../../config/config.ts'
import type { Seal } from '../seal.ts'

export type Account = {
  readonly name: string
  readonly duty: Duty
  /** `$scrypt$…` */
  readonly password: string
  /** Whether somebody else has set it, so that nothing but a new one is taken from its owner. */
  readonly initial: boolean
  /** The secret of its one-time codes, sealed. */
  readonly totp: string
  readonly email: string | null
  /** Milliseconds since 1970; `until` is the first moment at which it counts no more. */
  readonly from: number | null
  readonly until: number | null
  /** Failures up to here are forgiven. */
  readonly unlocked: number | null
}

/** Where accounts are kept. */
export type AccountStore = {
  /** Those there are now, by name. Rejects where what is kept cannot be read: then nobody is known. */
  read(): Promise<ReadonlyMap<string, Account>>
  /** Puts another in the place of one, durably. false: there is none of that name. Rejects where it cannot be written. */
  change(name: string, change: (account: Account) => Account): Promise<boolean>
}

/** scrypt at rest. */
export type Passwords = {
  /** A hash that no password has, and that takes as long to find wrong. */
  readonly nobodys: string
  hash(password: string): Promise<string>
  matches(password: string, hash: string): Promise<boolean>
}

/** What a session is bound to: whoever signs in again after any of it has changed is somebody else. */
export function revisionOf({ duty, password, totp }: Account): string {
  return createHash('sha256').update(`${duty}\0${password}\0${totp}`).digest('base64url')
}

export function isInPeriod({ from, until }: Pick<Account, 'from' | 'until'>, now: number): boolean {
  return (from === null || now >= from) && (until === null || now < until)
}

/** The secret of one-time codes as it is kept, and back: bound to the account's name. */
export function sealTotp(seal: Seal, name: string, secret: string): string {
  return seal.seal(secret, `account totp ${name}`)
}

/** null: not sealed by these keys for this account, or no secret (128 bits at least: RFC 4226, 4). */
export function openTotp(seal: Seal, { name, totp }: Pick<Account, 'name' | 'totp'>): string | null {
  const secret = seal.open(totp, `account totp ${name}`)
  return secret !== null && /^[A-Z2-7]{26,128}$/.test(secret) ? secret : null
}

/** The key of that seal: see KeyRing. */
export const totpPurpose = 'account totp'
