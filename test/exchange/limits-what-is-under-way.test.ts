import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

test('beyond the limit of exchanges at one time a caller is told to come back, and the others are served', async t => {
  const held: ServerResponse[] = []
  const answer = (response: ServerResponse) => void response.setHeader('content-type', 'application/json').end('{}')
  const upstream = await startUpstream((_request, response) => {
    if (held.push(response) === 4) held.forEach(answer)
    else if (held.length > 4) answer(response)
  })
  const gateway = await startTestGateway({ upstream: upstream.url, limits: { inFlight: 4 } })
  t.after(() => Promise.all([gateway.close(), upstream.close()]))
  const first = Array.from({ length: 3 }, () => fetch(`${gateway.url}/a`))
  await until('three at the system', () => held.length === 3)
  const more = await Promise.all(Array.from({ length: 20 }, () => fetch(`${gateway.url}/a`)))
  const statuses = more.map(({ status }) => status).sort()
  assert.deepEqual(new Set(statuses), new Set([200, 503]))
  const refused = more.find(({ status }) => status === 503)!
  assert.equal(refused.headers.get('retry-after'), '1')
  assert.partialDeepStrictEqual(await refused.json(), { code: 'OVERLOADED', retry_after: 1 })
  for (const answer of await Promise.all(first)) assert.equal(answer.status, 200)
})

test('a flood of callers that are nobody is one entry with a count', async t => {
  const upstream = await startUpstream((_request, response) => void response.end())
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  const limits = { failedAuthentications: 5 }
  const gateway = await startTestGateway({ upstream: upstream.url, closed: true, limits, directory })
  t.after(async () => {
    await Promise.all([gateway.close(), upstream.close()])
    await removeFolder(directory)
  })
  const statuses: number[] = []
  for (let again = 0; again < 20; again++) {
    const answer = await fetch(`${gateway.url}/a`)
    statuses.push(answer.status)
    const problem = (await answer.json()) as Record<string, unknown>
    assert.equal(problem['record'], undefined)
  }
  assert.deepEqual(statuses, [...Array(5).fill(401), ...Array(15).fill(429)])
  assert.equal(upstream.calls.length, 0)
  await gateway.running.close()
  const counted = (await gateway.records()).filter(({ kind }) => kind === 'refused')
  assert.deepEqual(
    counted.map(({ code, count, address, consumer }) => ({ code, count, address, consumer })),
    [
      { code: 'CREDENTIALS_MISSING', count: 5, address: '127.0.0.1', consumer: null },
      { code: 'RATE_LIMITED', count: 15, address: '127.0.0.1', consumer: null },
    ],
  )
})

test('of refusals that anybody can cause, a minute has so many records and then one with a count', async t => {
  const upstream = await startUpstream((_request, response) => void response.end())
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  const gateway = await startTestGateway({ upstream: upstream.url, directory })
  t.after(async () => {
    await Promise.all([gateway.close(), upstream.close()])
    await removeFolder(directory)
  })
  for (let again = 0; again < 75; again++) assert.equal((await fetch(`${gateway.url}/a?tel=1`)).status, 403)
  const headers = { authorization: `Bearer ${gateway.keys.staff}` }
  for (let again = 0; again < 75; again++) await fetch(`${gateway.url}/a?tel=1`, { headers })
  await gateway.running.close()
  const refused = (await gateway.records()).filter(({ kind }) => kind === 'refused')
  assert.equal(refused.filter(({ consumer }) => consumer === 'anonymous').length, 60)
  assert.equal(refused.filter(({ consumer }) => consumer === 'staff').length, 75)
  assert.equal(refused.find(({ count }) => count !== undefined)?.['count'], 15)
})
