import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const several = ['/1', '/2', '/3', '/4']

/** Answers none before all of them have come. */
async function startPatientUpstream() {
  const waiting: (() => void)[] = []
  return startUpstream((request, response) => {
    response.setHeader('content-type', 'application/json')
    waiting.push(() => response.end(`{"asked":"${request.url}"}`))
    if (waiting.length === several.length) for (const answer of waiting.splice(0)) answer()
  })
}

test('with pipelining, requests share a connection, and each gets its own answer', async () => {
  const upstream = await startPatientUpstream()
  const gateway = await startTestGateway({ upstream: upstream.url, pool: { connections: 1, pipelining: 4 } })
  const answers = await Promise.all(several.map(async path => (await fetch(gateway.url + path)).json()))
  assert.deepEqual(
    answers,
    several.map(asked => ({ asked })),
  )
  assert.equal(upstream.connections(), 1)
  await gateway.close()
  await upstream.close()
})

test('without it a connection has one request at a time', async () => {
  const upstream = await startPatientUpstream()
  const timeouts = { headers: 300 }
  const gateway = await startTestGateway({ upstream: upstream.url, pool: { connections: 1 }, timeouts })
  const [status] = await Promise.all(several.map(async path => (await fetch(gateway.url + path)).status))
  assert.equal(status, 504)
  await gateway.close()
  await upstream.close()
})
