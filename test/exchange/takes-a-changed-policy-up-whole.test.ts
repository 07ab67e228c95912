import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const policy = (type: string) => `system: upstream\nfields:\n  thing: ${type}\nroutes:\n  - path: /**\n`
const body = '{"thing":"abc"}'

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
  await until('the request at the system', () => held !== null)

  await writeFile(file, policy('cn_mobile'))
  await until('the changed policy', async () => (await see(gateway)) !== body)
  assert.equal(await see(gateway), '{"thing":"***"}')
  held!.end(body)
  assert.equal(await (await inFlight).text(), body)
  const records = await gateway.records()
  const loaded = records.findLast(({ kind }) => kind === 'policy')!
  assert.partialDeepStrictEqual(loaded, { outcome: 'loaded', previous: first, faults: 0 })
  assert.equal(records.at(-1)!['policy'], first, 'the answer in flight')

  await writeFile(file, `${policy('cn_mobile')}unknown_key: 13800138000\n`)
  const refused = await until('a refused policy on record', async () =>
    (await gateway.records()).find(record => record['outcome'] === 'refused'),
  )
  assert.partialDeepStrictEqual(refused, { kind: 'policy', digest: null, faults: 1 })
  assert.equal(await see(gateway), '{"thing":"***"}')
  await until('the refusal in the log', () => gateway.log.some(line => line.includes('a changed policy is broken')))
  assert.ok(!gateway.log.join().includes('13800138000'))
  await gateway.close()
  await upstream.close()
})

test('of a refused policy the log names what is wrong, and not a warning that comes before it', async t => {
  const upstream = await startUpstream((_request, response) => void response.end())
  t.after(() => upstream.close())
  const gateway = await startTestGateway({
    upstream: upstream.url,
    policies: { 'systems/upstream.yaml': policy('A3') },
  })
  t.after(() => gateway.close())
  const folder = join(gateway.directory, 'policies')
  const turned = 'audiences:\n  public: { 4: clear, 3: redact, 2: partial, 1: clear }\n'
  await writeFile(join(folder, 'audiences.yaml'), turned)
  await writeFile(join(folder, 'systems/upstream.yaml'), `${policy('A3')}unknown_key: 1\n`)
  const line = await until('the refusal', () => gateway.log.find(one => one.includes('a changed policy is broken')))
  assert.partialDeepStrictEqual(JSON.parse(line), { code: 'POLICY_UNKNOWN_KEY', count: 1, line: 6 })
  const refused = await until('it is on record', async () =>
    (await gateway.records()).find(record => record['outcome'] === 'refused'),
  )
  assert.equal(refused['faults'], 1)
})
