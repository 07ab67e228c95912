import { randomBytes } from 'node:crypto'
import { type Account, type AccountStore, sealTotp } from '../../gateway/access/accounts/account.ts'
import { type AccountDesk, openAccountDesk } from '../../gateway/access/accounts/desk.ts'
import { codeAt, makeTotpSecret } from '../../gateway/access/accounts/one-time-code.ts'
import { createSeal } from '../../gateway/access/seal.ts'
import type { AccountEvent } from '../../gateway/account-event.ts'

export const password = 'wide river, old stone 47'
export const seal = createSeal([randomBytes(32)])

/** A desk with one account, `li` of audit, on a clock of its own; passwords are compared as they are, and each look is counted. */
export type TestDesk = {
  readonly desk: AccountDesk
  readonly clock: { now: number }
  readonly accounts: Map<string, Account>
  /** Hashes that were looked at. */
  readonly looks: string[]
  readonly events: { event: AccountEvent; time: number }[]
  code(name?: string, steps?: number): string
  login(given?: { name?: string; password?: string; code?: string }, address?: string): ReturnType<AccountDesk['login']>
  /** The same after a restart: a new desk over the same accounts and records. */
  again(): Promise<TestDesk>
}

export async function testDesk(
  before?: Pick<TestDesk, 'clock' | 'accounts' | 'events'>,
  secrets = new Map<string, string>(),
): Promise<TestDesk> {
  const clock = before?.clock ?? { now: Date.parse('2026-11-21T09:00:00Z') }
  const accounts = before?.accounts ?? new Map<string, Account>()
  const events = before?.events ?? []
  const looks: string[] = []
  if (before === undefined)
    for (const [name, duty] of [
      ['li', 'audit'],
      ['wang', 'system'],
    ] as const) {
      secrets.set(name, makeTotpSecret())
      const period = { email: null, from: null, until: null, unlocked: null, initial: false }
      accounts.set(name, {
        name,
        duty,
        password: `hash of ${password}`,
        totp: sealTotp(seal, name, secrets.get(name)!),
        ...period,
      })
    }
  const store: AccountStore = {
    read: async () => accounts,
    async change(name, change) {
      const account = accounts.get(name)
      if (account !== undefined) accounts.set(name, change(account))
      return account !== undefined
    },
  }
  const passwords = {
    nobodys: 'hash of nobody',
    hash: async (text: string) => `hash of ${text}`,
    async matches(text: string, hash: string) {
      looks.push(hash)
      await new Promise(resolve => setImmediate(resolve))
      return hash === `hash of ${text}`
    },
  }
  const append = async (added: readonly AccountEvent[]) => {
    for (const event of added) events.push({ event, time: clock.now })
  }
  async function* past() {
    yield* [...events]
  }
  const desk = await openAccountDesk({ store, passwords, seal, append, now: () => clock.now }, past())
  const code = (name = 'li', steps = 0) => codeAt(secrets.get(name)!, clock.now + steps * 30_000)
  return {
    ...{ desk, clock, accounts, looks, events, code },
    login: (given = {}, address = '10.0.0.1') =>
      desk.login({ name: 'li', password, code: code(given.name === 'wang' ? 'wang' : 'li'), ...given }, address),
    again: () => testDesk({ clock, accounts, events }, secrets),
  }
}
