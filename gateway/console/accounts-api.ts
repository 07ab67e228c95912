/** What the system duty may do with accounts. It makes none: who makes an account of another duty would have both. */
import type { FastifyInstance } from 'fastify'
import type { Account } from '../access/accounts/account.ts'
import type { AccountDesk } from '../access/accounts/desk.ts'
import { addressOf } from './guard.ts'
import { sessionOf } from './sessions-gate.ts'
import { ApiFault, addJsonApi, bodyLimit } from './signed-api.ts'

/** Adds `/api/accounts`. */
export function addAccountsApi(app: FastifyInstance, desk: AccountDesk): void {
  addJsonApi(app, api => {
    api.get('/api/accounts', async () => ({ accounts: (await desk.accounts()).map(viewOf) }))

    api.post<{ Params: { name: string } }>('/api/accounts/:name/unlock', { bodyLimit }, async request => {
      if (!(await desk.unlock(request.params.name, sessionOf(request)!, addressOf(request))))
        throw new ApiFault(404, 'unknown')
      return { unlocked: true }
    })
  })
}

function viewOf({ name, duty, email, initial, from, until }: Account) {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return { name, duty, email, from: time(from), until: time(until), change_password: initial }
}
