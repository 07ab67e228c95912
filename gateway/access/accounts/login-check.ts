/** Whether a password and a code are right. Every wrong way takes as long, counts as a failure, and is on record. */
import type { AccountEvent } from '../../account-event.ts'
import type { Seal } from '../seal.ts'
import { type Account, type AccountStore, isInPeriod, openTotp, type Passwords, sealTotp } from './account.ts'
import { createLockOut } from './lock-out.ts'
import { makeTotpSecret, stepOfCode } from './one-time-code.ts'
import { createPlaces, type Places } from './places.ts'

export type LoginCheckParts = {
  /** null: people are known by an OpenID provider, and there are no passwords here. */
  readonly store: AccountStore | null
  readonly passwords: Passwords
  /** Of one-time codes: see `sealTotp`. */
  readonly seal: Seal
  /** Resolves when they are durable. */
  readonly append: (events: readonly AccountEvent[]) => Promise<unknown>
  readonly now: () => number
}

export type Credentials = { readonly name: string; readonly password: string; readonly code: string }
/** `step`: of the code, which is used from now on (`stepOfCode`). */
export type Proven = { readonly account: Account; readonly step: number }
export type LoginRefused =
  | { readonly why: 'credentials' | 'busy' }
  | { readonly why: 'locked'; readonly seconds: number }

/** Passwords looked at at one time, of 128 MiB each; how many more may wait. */
const [mostAtOnce, mostWaiting] = [2, 8]

export class LoginCheck {
  readonly #parts: LoginCheckParts
  readonly #lockOut = createLockOut()
  /** The last step of which a code was used, by account. */
  readonly #used = new Map<string, number>()
  readonly #places: Places = createPlaces(mostAtOnce, mostWaiting)
  /** A name that nobody has costs what one costs that somebody has. */
  readonly #nobody: Pick<Account, 'name' | 'password' | 'totp'>

  constructor(parts: LoginCheckParts) {
    const { passwords, seal } = parts
    this.#parts = parts
    this.#nobody = { name: '', password: passwords.nobodys, totp: sealTotp(seal, '', makeTotpSecret()) }
  }

  /** Something that is on record from before a start; to be called oldest first. */
  replay({ action, account, address, step }: AccountEvent, time: number): void {
    if ((action === 'failed' || action === 'login') && address !== null) {
      const attempt = this.#lockOut.begin({ name: account ?? '', known: account !== null, address, now: time })
      if (action === 'login' && 'succeeded' in attempt) attempt.succeeded()
    }
    if (account === null) return
    if (action === 'unlocked') this.#lockOut.forgive(account, time)
    if (step !== undefined) this.#used.set(account, Math.max(step, this.#used.get(account) ?? 0))
  }

  /** Those there are now, by name. */
  async accounts(): Promise<ReadonlyMap<string, Account>> {
    return this.#parts.store?.read() ?? new Map()
  }

  /** The account that these are right for. */
  async check(given: Credentials, address: string): Promise<Proven | LoginRefused> {
    const name = given.name.normalize('NFC')
    const account = (await this.accounts()).get(name)
    if (account?.unlocked != null) this.#lockOut.forgive(account.name, account.unlocked)
    const tried = { name, known: account !== undefined, address, now: this.#parts.now() }
    const attempt = this.#lockOut.begin(tried)
    if ('wait' in attempt) return { why: 'locked', seconds: attempt.wait }
    const isPassword = await this.#isPassword(given.password, account)
    if (isPassword === null) {
      attempt.withdrawn()
      return { why: 'busy' }
    }
    const step = this.#unusedStep(given.code, account)
    if (account !== undefined && isPassword && step !== null && isInPeriod(account, this.#parts.now())) {
      this.#used.set(account.name, step)
      attempt.succeeded()
      return { account, step }
    }
    await this.#recordFailure(account, address, attempt.locks)
    return { why: 'credentials' }
  }

  /** null: too many others are looked at. */
  #isPassword(password: string, account: Account | undefined): Promise<boolean | null> {
    const { password: hash } = account ?? this.#nobody
    return this.#places(() => this.#parts.passwords.matches(password, hash))
  }

  /** null: no code of now, or one that was used. */
  #unusedStep(code: string, account: Account | undefined): number | null {
    const { seal, now } = this.#parts
    const looked = account ?? this.#nobody
    const secret = openTotp(seal, looked)
    const step = stepOfCode(secret ?? openTotp(seal, this.#nobody)!, code, now())
    const isUnused = secret !== null && step !== null && step > (this.#used.get(looked.name) ?? 0)
    return isUnused ? step : null
  }

  async #recordFailure(account: Account | undefined, address: string, locks: boolean): Promise<void> {
    const who = { account: account?.name ?? null, duty: account?.duty ?? null, address, operator: null }
    const failed = { kind: 'account', action: 'failed', ...who } as const
    await this.#parts.append(locks ? [failed, { ...failed, action: 'locked' }] : [failed])
  }

  /** The hash of a password; null: too many others are looked at. */
  hash(password: string): Promise<string | null> {
    return this.#places(() => this.#parts.passwords.hash(password))
  }

  /** Failures of an account so far do not count any more. */
  forgive(name: string): void {
    this.#lockOut.forgive(name, this.#parts.now())
  }

  /** Counts a failure that is nobody's by its address alone. false: the address has to wait, and nothing is counted. */
  countStranger(address: string): boolean {
    return !('wait' in this.#lockOut.begin({ name: `at ${address}`, known: false, address, now: this.#parts.now() }))
  }
}
