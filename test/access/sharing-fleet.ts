/** What the tests of gateways that share a database have in common: a server of their own, and grants of the next hour. */
import assert from 'node:assert/strict'
import { afterEach, before } from 'node:test'
import type { Terms } from '../../gateway/access/grants/terms.ts'
import type { PostgresSettings } from '../../gateway/config/config.ts'
import { databaseOn } from '../records/copying.ts'
import { type Postgres, startPostgres, withoutPostgres } from '../support/start-postgres.ts'
import { at, attempt, hour, terms } from './grants.ts'
import { ask, openSharing, type SharingGateway, say } from './sharing-gateway.ts'

let server: Postgres
let [databases, grants] = [0, 0]
const open: SharingGateway[] = []
export const now = Date.now()

before(async t => {
  if (!withoutPostgres) server = await startPostgres(t as Parameters<typeof startPostgres>[0])
})
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close()
})

/** An empty database. */
export const fresh = () => databaseOn(server.url, `shared_${++databases}`)

/** A gateway that is closed when the test ends. */
export async function gatewayOn(
  database: PostgresSettings,
  name: string,
  more: Parameters<typeof openSharing>[1] = {},
): Promise<SharingGateway> {
  const gateway = await openSharing(database, { name, ...more })
  open.push(gateway)
  return gateway
}

export function wanted(): Terms {
  const hours = { from: at(now - hour), until: at(now + hour), made: at(now) }
  return terms({ id: `G${String(++grants).padStart(21, '0')}`, ...hours })
}

/** A grant that was asked for, and approved by two. */
export async function ready(gateway: SharingGateway, given = wanted()): Promise<Terms> {
  assert.ok('grant' in (await ask(gateway, given)))
  for (const by of ['wang', 'zhang']) assert.ok('grant' in (await say(gateway, 'approve', by, given, now)))
  return given
}

export const use = (gateway: SharingGateway, given: Terms) => gateway.grants.use(attempt(given))

export const unusable = { code: 'GRANTS_UNUSABLE' }
export const blocking = { effect: 'block', rate: null, drill: false, until: null } as const
