import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway, type TestRecord } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const lax = 'alerts:\n  many: { watch: rows, per: consumer, over: 500 }\n'
const strict = lax.replace('500', '5')
let [upstream, gateway]: [Upstream, TestGateway] = [] as never

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(Array.from({ length: 7 }, (_, nth) => ({ tel: `1380013800${nth}` }))))
  })
  const policies = { 'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /a }]\n', 'alerts.yaml': lax }
  gateway = await startTestGateway({ upstream: upstream.url, policies })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const write = (text: string) => writeFile(join(gateway.directory, 'policies/alerts.yaml'), text)

const record = (what: string, is: (one: TestRecord) => boolean) =>
  until(`a record of ${what}`, async () => (await gateway.records()).find(is))

/** It says so in the log once it is on record. */
const logged = (what: RegExp) => until(`${what} in the log`, () => what.test(gateway.log.join('')))

test('changed rules notice without a restart, and a broken file leaves those before in force', async () => {
  await write(strict)
  const taken = await record('changed rules', one => one.kind === 'alert_rules' && one['previous'] !== null)
  assert.deepEqual([taken['outcome'], taken['wider']], ['loaded', undefined])
  await write('alerts:\n  many: { watch: nothing }\n')
  const refused = await record('refused rules', one => one['outcome'] === 'refused')
  assert.partialDeepStrictEqual(refused, { kind: 'alert_rules', digest: null, previous: taken['digest'], faults: 1 })
  await logged(/changed alert rules are broken/)
  await (await fetch(`${gateway.url}/a`)).text()
  const alert = await record('an alert', ({ kind }) => kind === 'alert')
  assert.partialDeepStrictEqual(alert, { rule: 'many', amount: 7, limit: 5 })
})

test('without approvers weaker rules are in force at once, on record with what they notice less of', async () => {
  await write(lax)
  const taken = await record('weaker rules', one => one['wider'] !== undefined)
  assert.partialDeepStrictEqual(taken, { kind: 'alert_rules', outcome: 'loaded', wider: ['many:over:5-500'] })
  await logged(/notice less/)
})
