import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { until } from '../support/until.ts'
import { digest, withAdmin } from './admin.ts'

test('health says that the process answers', async () => {
  await withAdmin(async origin => {
    const answer = await fetch(`${origin}/healthz`)
    assert.equal(answer.status, 200)
    assert.equal(await answer.text(), 'ok\n')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal((await fetch(`${origin}/healthz`, { method: 'HEAD' })).status, 200)
  })
})

test('ready is whoever can write records, has a policy and is not stopping', async () => {
  await withAdmin(async (origin, state) => {
    const ready = { records: 'usable', cause: null, policy: digest, listening: true, stopping: false } as const
    for (const [readiness, status] of [
      [ready, 200],
      [{ ...ready, records: 'unusable', cause: 'disk_full' }, 503],
      [{ ...ready, policy: null }, 503],
      [{ ...ready, listening: false }, 503],
      [{ ...ready, stopping: true }, 503],
    ] as const) {
      state.readiness = readiness
      const answer = await fetch(`${origin}/readyz`)
      assert.equal(answer.status, status)
      assert.deepEqual(await answer.json(), { ready: status === 200, ...readiness })
    }
  })
})

test('there is nothing else to be had, in no other way, and nothing asked for comes back', async () => {
  await withAdmin(async origin => {
    for (const [path, method] of [
      ['/marked-13800138000', 'GET'],
      ['/healthz/marked-13800138000', 'GET'],
      ['/healthz', 'POST'],
      ['/%', 'GET'],
    ] as const) {
      const answer = await fetch(`${origin}${path}`, { method, headers: { 'x-marked': '13800138000' } })
      assert.ok(answer.status === 404 || answer.status === 400, `${method} ${path}: ${answer.status}`)
      assert.ok(!(await answer.text()).includes('13800138000'))
    }
  })
})

test('whoever asks from the start on is told that it is ready once callers can connect', async () => {
  const [admin, port] = [await freePort(), await freePort()]
  const at = (port: number) => ({ host: '127.0.0.1', port })
  const gateway = startTestGateway({
    upstream: 'http://127.0.0.1:9',
    config: { admin: at(admin), listen: at(port) },
    loaded() {},
  })
  await until('ready', async () => {
    const answer = await fetch(`http://127.0.0.1:${admin}/readyz`).catch(() => null)
    return answer?.status === 200 ? true : undefined
  })
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 502)
  await (await gateway).close()
})
