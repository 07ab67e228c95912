/** Where people sign in and out. What happens is on record, durably, before it counts. */
import type { AccountEvent } from '../../account-event.ts'
import { addressGroup } from '../../address.ts'
import type { Duty } from '../../config/config.ts'
import type { SessionMark } from '../../contracts.ts'
import { type Account, isInPeriod, revisionOf } from './account.ts'
import { type Credentials, LoginCheck, type LoginCheckParts, type LoginRefused } from './login-check.ts'
import { type Weakness, weaknessOf } from './password-floor.ts'
import { createSessions, type Session, type Sessions } from './sessions.ts'

export type AccountDeskParts = LoginCheckParts & {
  /** Whether somebody has ended it meanwhile (`veilgate accounts sign-out`); left out: nobody can. */
  readonly isEnded?: (session: SessionMark) => boolean
}

export type SignedIn = { readonly session: Session; readonly word: string }

export type AccountDesk = {
  login(given: Credentials, address: string): Promise<SignedIn | LoginRefused>
  /** Somebody whom an OpenID provider knows. */
  admit(account: string, duty: Duty, address: string): Promise<SignedIn>
  /** A sign-in that an OpenID provider has begun and that came to nothing. */
  turnAway(address: string): Promise<void>
  /** The session of a word while it and its account count. Asked from elsewhere than it began it is none, which is on record once. */
  find(word: string, address: string): Promise<Session | null>
  logout(session: Session, address: string): Promise<void>
  /** Another password, by who knows the old one and has a fresh code; ends all sessions of the account. */
  changePassword(
    session: Session,
    given: Omit<Credentials, 'name'> & { readonly next: string },
    address: string,
  ): Promise<'changed' | LoginRefused | { readonly why: Weakness }>
  /** A call that the duty of a session does not reach; each kind of call on record once. */
  deny(session: Session, call: string, address: string): Promise<void>
  /** Failures of an account do not count any more; `by` is another account. false: there is none of that name. */
  unlock(name: string, by: Session, address: string): Promise<boolean>
  accounts(): Promise<readonly Account[]>
}

/** `past`: what is on record, oldest first, so that neither a lock-out nor a used code ends with a restart. */
export async function openAccountDesk(
  parts: AccountDeskParts,
  past: AsyncIterable<{ readonly event: AccountEvent; readonly time: number }>,
): Promise<AccountDesk> {
  const logins = new LoginCheck(parts)
  for await (const { event, time } of past) logins.replay(event, time)
  return new Desk(parts, logins)
}

class Desk implements AccountDesk {
  readonly #parts: AccountDeskParts
  readonly #logins: LoginCheck
  readonly #sessions: Sessions

  constructor(parts: AccountDeskParts, logins: LoginCheck) {
    this.#parts = parts
    this.#logins = logins
    this.#sessions = createSessions(parts.now)
  }

  async login(given: Credentials, address: string): Promise<SignedIn | LoginRefused> {
    const checked = await this.#logins.check(given, address)
    if ('why' in checked) return checked
    const { account, step } = checked
    const { name, duty, initial } = account
    await this.#record({ action: 'login', account: name, duty, address, operator: name, step })
    return this.#sessions.begin({
      account: name,
      duty,
      initial,
      revision: revisionOf(account),
      from: addressGroup(address),
    })
  }

  async admit(account: string, duty: Duty, address: string): Promise<SignedIn> {
    await this.#record({ action: 'login', account, duty, address, operator: account })
    return this.#sessions.begin({ account, duty, initial: false, revision: null, from: addressGroup(address) })
  }

  async turnAway(address: string): Promise<void> {
    // counted by address, so that records are not filled by one
    if (!this.#logins.countStranger(address)) return
    await this.#record({ action: 'failed', account: null, duty: null, address, operator: null })
  }

  async find(word: string, address: string): Promise<Session | null> {
    const session = this.#sessions.find(word)
    if (session === null) return null
    if (session.from !== addressGroup(address)) {
      await this.deny(session, 'elsewhere', address)
      return null
    }
    if (!(await this.#isStill(session))) {
      this.#sessions.end(session)
      return null
    }
    this.#sessions.used(session)
    return session
  }

  /** Whether the account is what it was when the session began, and nobody has ended it. */
  async #isStill({ id, account: name, revision, began }: Session): Promise<boolean> {
    const { isEnded, now } = this.#parts
    if (isEnded?.({ id, person: name, began }) === true) return false
    if (revision === null) return true
    const account = (await this.#logins.accounts()).get(name)
    return account !== undefined && revisionOf(account) === revision && isInPeriod(account, now())
  }

  async logout(session: Session, address: string): Promise<void> {
    const { account, duty } = session
    this.#sessions.end(session)
    await this.#record({ action: 'logout', account, duty, address, operator: account })
  }

  async changePassword(
    session: Session,
    { password, code, next }: Parameters<AccountDesk['changePassword']>[1],
    address: string,
  ): ReturnType<AccountDesk['changePassword']> {
    const { account, duty } = session
    const weakness = weaknessOf(next, account)
    if (weakness !== null) return { why: weakness }
    const checked = await this.#logins.check({ name: account, password, code }, address)
    if ('why' in checked) return checked
    const hash = await this.#logins.hash(next)
    if (hash === null) return { why: 'busy' }
    const who = { account, duty, address, operator: account } as const
    await this.#record({ ...who, action: 'password', step: checked.step })
    try {
      await this.#keepPassword(account, hash)
    } catch (error) {
      await this.#record({ ...who, action: 'not_done' })
      throw error
    }
    this.#sessions.endOf(account)
    return 'changed'
  }

  async #keepPassword(name: string, hash: string): Promise<void> {
    const { store } = this.#parts
    const isThere = await store?.change(name, one => ({ ...one, password: hash, initial: false }))
    if (isThere === false) throw new Error('the account is not there any more')
  }

  async deny(session: Session, call: string, address: string): Promise<void> {
    if (session.denied.has(call)) return
    session.denied.add(call)
    const { account, duty } = session
    try {
      await this.#record({ action: 'denied', account, duty, address, operator: account })
    } catch (error) {
      // the next one is on record in its place
      session.denied.delete(call)
      throw error
    }
  }

  async unlock(name: string, by: Session, address: string): Promise<boolean> {
    const account = (await this.#logins.accounts()).get(name)
    if (account === undefined) return false
    const { duty } = account
    await this.#record({ action: 'unlocked', account: name, duty, address, operator: by.account })
    this.#logins.forgive(name)
    return true
  }

  async accounts(): Promise<readonly Account[]> {
    return [...(await this.#logins.accounts()).values()]
  }

  async #record(event: Omit<AccountEvent, 'kind'>): Promise<void> {
    await this.#parts.append([{ kind: 'account', ...event }])
  }
}
