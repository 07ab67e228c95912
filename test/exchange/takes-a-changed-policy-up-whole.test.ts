import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const policy = (type: string) => `system: upstream\nfields:\n  thing: ${type}\nroutes:\n  - path: /**\n`
const body = '{"thing":"abc"}'

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await what()) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.fail('it did not happen')
}

const see = async (gateway: TestGateway) => (await fetch(`${gateway.url}/now`)).text()

test('a changed policy is taken up whole; answers in flight finish under the one they began with', async () => {
  let held: ServerResponse | null = null
  const upstream = await startUpstream((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/held') held = response
    else response.end(body)
  })
  const gateway = await startTestGateway({
    upstream: upstream.url,
    policies: { 'systems/upstream.yaml': policy('{ not_personal: a thing }') },
  })
  const file = join(gateway.directory, 'policies/systems/upstream.yaml')
  const first = gateway.running.policy.digest
  assert.equal(await see(gateway), body)
  const inFlight = fetch(`${gateway.url}/held`)
  await until(async () => held !== null)

  await writeFile(file, policy('cn_mobile'))
  await until(async () => (await see(gateway)) !== body)
  assert.equal(await see(gateway), '{"thing":"***"}')
  held!.end(body)
  assert.equal(await (await inFlight).text(), body)
  const records = await gateway.records()
  const loaded = records.findLast(({ kind }) => kind === 'policy')!
  assert.partialDeepStrictEqual(loaded, { outcome: 'loaded', previous: first, faults: 0 })
  assert.equal(records.at(-1)!['policy'], first, 'the answer in flight')

  await writeFile(file, `${policy('cn_mobile')}unknown_key: 13800138000\n`)
  const refused = async () => (await gateway.records()).find(record => record['outcome'] === 'refused')
  await until(async () => (await refused()) !== undefined)
  assert.partialDeepStrictEqual((await refused())!, { kind: 'policy', digest: null, faults: 1 })
  assert.equal(await see(gateway), '{"thing":"***"}')
  assert.ok(gateway.log.some(line => line.includes('a changed policy is broken')))
  assert.ok(!gateway.log.join().includes('13800138000'))
  await gateway.close()
  await upstream.close()
})
