/** Where people sign in and out. What happens is on record, durably, before it counts. */
import type { AccountEvent } from '../../account-event.ts'
import { addressGroup } from '../../address.ts'
import type { Duty } from '../../config/config.ts'
import type { SessionMark } from '../../contracts.ts'
import type { Seal } from '../seal.ts'
import {
  type Account,
  type AccountStore,
  isInPeriod,
  openTotp,
  type Passwords,
  revisionOf,
  sealTotp,
} from './account.ts'
import { createLockOut } from './lock-out.ts'
import { makeTotpSecret, stepOfCode } from './one-time-code.ts'
import { type Weakness, weaknessOf } from './password-floor.ts'
import { createSessions, type Session } from './sessions.ts'

export type AccountDeskParts = {
  /** null: people are known by an OpenID provider, and there are no passwords here. */
  readonly store: AccountStore | null
  readonly passwords: Passwords
  /** Of one-time codes: see `sealTotp`. */
  readonly seal: Seal
  /** Resolves when they are durable. */
  readonly append: (events: readonly AccountEvent[]) => Promise<unknown>
  readonly now: () => number
  /** Whether somebody has ended it meanwhile (`veilgate accounts sign-out`); left out: nobody can. */
  readonly isEnded?: (session: SessionMark) => boolean
}

export type Credentials = { readonly name: string; readonly password: string; readonly code: string }
export type SignedIn = { readonly session: Session; readonly word: string }
export type LoginRefused =
  | { readonly why: 'credentials' | 'busy' }
  | { readonly why: 'locked'; readonly seconds: number }

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

/** Passwords looked at at one time, of 128 MiB each; how many more may wait. */
const [mostAtOnce, mostWaiting] = [2, 8]

/** `past`: what is on record, oldest first, so that neither a lock-out nor a used code ends with a restart. */
export async function openAccountDesk(
  parts: AccountDeskParts,
  past: AsyncIterable<{ readonly event: AccountEvent; readonly time: number }>,
): Promise<AccountDesk> {
  const { store, passwords, seal, append, now } = parts
  const lockOut = createLockOut()
  const sessions = createSessions(now)
  /** The last step of which a code was used, by account. */
  const used = new Map<string, number>()
  for await (const { event, time } of past) replay(event, time)

  // a name that nobody has costs what one costs that somebody has
  const nobody = { name: '', password: passwords.nobodys, totp: sealTotp(seal, '', makeTotpSecret()) }
  const turns = createPlaces(mostAtOnce, mostWaiting)
  const known = async () => (store === null ? new Map<string, Account>() : store.read())

  function replay({ action, account, address, step }: AccountEvent, time: number): void {
    if ((action === 'failed' || action === 'login') && address !== null) {
      const attempt = lockOut.begin({ name: account ?? '', known: account !== null, address, now: time })
      if (action === 'login' && 'succeeded' in attempt) attempt.succeeded()
    }
    if (account === null) return
    if (action === 'unlocked') lockOut.forgive(account, time)
    if (step !== undefined) used.set(account, Math.max(step, used.get(account) ?? 0))
  }

  /** The account that these are right for; every wrong way takes as long. */
  const check = async (
    given: Credentials,
    address: string,
  ): Promise<{ account: Account; step: number } | LoginRefused> => {
    const account = (await known()).get(given.name.normalize('NFC'))
    if (account?.unlocked != null) lockOut.forgive(account.name, account.unlocked)
    const tried = { name: given.name.normalize('NFC'), known: account !== undefined, address, now: now() }
    const attempt = lockOut.begin(tried)
    if ('wait' in attempt) return { why: 'locked', seconds: attempt.wait }
    const looked = account ?? nobody
    const isPassword = await turns(() => passwords.matches(given.password, looked.password))
    if (isPassword === null) {
      attempt.withdrawn()
      return { why: 'busy' }
    }
    const secret = openTotp(seal, looked)
    const step = stepOfCode(secret ?? openTotp(seal, nobody)!, given.code, now())
    const isUnused = secret !== null && step !== null && step > (used.get(looked.name) ?? 0)
    if (account !== undefined && isPassword && isUnused && isInPeriod(account, now())) {
      used.set(account.name, step)
      attempt.succeeded()
      return { account, step }
    }
    const who = { account: account?.name ?? null, duty: account?.duty ?? null, address, operator: null }
    const failed = { kind: 'account', action: 'failed', ...who } as const
    await append(attempt.locks ? [failed, { ...failed, action: 'locked' }] : [failed])
    return { why: 'credentials' }
  }

  const endsWith = async (session: Session, event: Pick<AccountEvent, 'action' | 'address'>): Promise<void> => {
    const { account, duty } = session
    sessions.end(session)
    await append([{ kind: 'account', account, duty, operator: account, ...event }])
  }

  /** Whether the account is what it was when the session began, and nobody has ended it. */
  const isStill = async ({ id, account: name, revision, began }: Session): Promise<boolean> => {
    if (parts.isEnded?.({ id, person: name, began }) === true) return false
    if (revision === null) return true
    const account = (await known()).get(name)
    return account !== undefined && revisionOf(account) === revision && isInPeriod(account, now())
  }

  const deny: AccountDesk['deny'] = async (session, call, address) => {
    if (session.denied.has(call)) return
    session.denied.add(call)
    const { account, duty } = session
    try {
      await append([{ kind: 'account', action: 'denied', account, duty, address, operator: account }])
    } catch (error) {
      // the next one is on record in its place
      session.denied.delete(call)
      throw error
    }
  }

  return {
    async login(given, address) {
      const checked = await check(given, address)
      if ('why' in checked) return checked
      const { account, step } = checked
      const { name, duty, initial } = account
      await append([{ kind: 'account', action: 'login', account: name, duty, address, operator: name, step }])
      return sessions.begin({
        account: name,
        duty,
        initial,
        revision: revisionOf(account),
        from: addressGroup(address),
      })
    },

    async admit(account, duty, address) {
      await append([{ kind: 'account', action: 'login', account, duty, address, operator: account }])
      return sessions.begin({ account, duty, initial: false, revision: null, from: addressGroup(address) })
    },

    async turnAway(address) {
      // counted by address, so that records are not filled by one
      if ('wait' in lockOut.begin({ name: `at ${address}`, known: false, address, now: now() })) return
      await append([{ kind: 'account', action: 'failed', account: null, duty: null, address, operator: null }])
    },

    async find(word, address) {
      const session = sessions.find(word)
      if (session === null) return null
      if (session.from !== addressGroup(address)) {
        await deny(session, 'elsewhere', address)
        return null
      }
      if (!(await isStill(session))) {
        sessions.end(session)
        return null
      }
      sessions.used(session)
      return session
    },

    logout: (session, address) => endsWith(session, { action: 'logout', address }),

    async changePassword(session, { password, code, next }, address) {
      const weakness = weaknessOf(next, session.account)
      if (weakness !== null) return { why: weakness }
      const checked = await check({ name: session.account, password, code }, address)
      if ('why' in checked) return checked
      const hash = await turns(() => passwords.hash(next))
      if (hash === null) return { why: 'busy' }
      const { account, duty } = session
      const { step } = checked
      const event = { kind: 'account', account, duty, address, operator: account } as const
      await append([{ ...event, action: 'password', step }])
      try {
        const isThere = await store?.change(account, one => ({ ...one, password: hash, initial: false }))
        if (isThere === false) throw new Error('the account is not there any more')
      } catch (error) {
        await append([{ ...event, action: 'not_done' }])
        throw error
      }
      sessions.endOf(account)
      return 'changed'
    },

    deny,

    async unlock(name, by, address) {
      const account = (await known()).get(name)
      if (account === undefined) return false
      const { duty } = account
      await append([{ kind: 'account', action: 'unlocked', account: name, duty, address, operator: by.account }])
      lockOut.forgive(name, now())
      return true
    },

    accounts: async () => [...(await known()).values()],
  }
}

/** Runs so many at a time, and lets so many wait; null: there was no place to wait. */
function createPlaces(atOnce: number, waiting: number): <Result>(act: () => Promise<Result>) => Promise<Result | null> {
  let running = 0
  const queue: (() => void)[] = []
  return async act => {
    if (running >= atOnce) {
      if (queue.length >= waiting) return null
      await new Promise<void>(resolve => queue.push(resolve))
    } else running++
    try {
      return await act()
    } finally {
      // who waits takes the place as it is
      const next = queue.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
