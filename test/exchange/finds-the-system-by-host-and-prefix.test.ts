import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import { findSystem } from '../../gateway/exchange/request/mounts.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const mounts = [
  { host: null, prefix: '/xg', system: 'xg' },
  { host: null, prefix: '/xg/new', system: 'xg-new' },
  { host: 'oa.example', prefix: null, system: 'oa' },
  { host: 'oa.example', prefix: '/hr', system: 'hr' },
]

const find = (host: string | undefined, path: string) => {
  try {
    const { system, path: rest } = findSystem(mounts, host, path)
    return `${system} ${rest}`
  } catch (error) {
    return (error as Refusal).code
  }
}

test('a named host comes before none, and a longer prefix before a shorter one', () => {
  assert.equal(find('any', '/xg'), 'xg /')
  assert.equal(find('any', '/xg/a'), 'xg /a')
  assert.equal(find('any', '/xgb'), 'SYSTEM_UNKNOWN')
  assert.equal(find('any', '/xg/new/a'), 'xg-new /a')
  assert.equal(find('OA.example:8080', '/hr/a'), 'hr /a')
  assert.equal(find('oa.example.', '/a'), 'oa /a')
  assert.equal(find('oa.example', '/xg/a'), 'oa /xg/a')
  assert.equal(find(undefined, '/xg/a'), 'xg /a')
  assert.equal(find(undefined, '/'), 'SYSTEM_UNKNOWN')
  assert.throws(
    () => findSystem(mounts.slice(2), 'other', '/'),
    error => error instanceof Refusal && error.code === 'HOST_UNKNOWN',
  )
})

test('prefix and base path come and go: on the way in, in redirects and in cookies', async () => {
  const upstream = await startUpstream((request, response) => {
    response.statusCode = 302
    response.setHeader('set-cookie', 'a=b; Path=/app/x')
    if (request.url === '/app/relative') response.setHeader('location', 'next?page=2')
    else if (request.url === '/app/outside') response.setHeader('location', '/other')
    else response.setHeader('location', `${upstream.url}/app/welcome`)
    response.end()
  })
  const gateway = await startTestGateway({
    upstream: `${upstream.url}/app`,
    system: { prefix: '/xg' },
    config: { publicUrl: 'https://xg.example.edu.cn' },
  })
  const get = (path: string) => fetch(`${gateway.url}${path}`, { redirect: 'manual' })
  const absolute = await get('/xg/login')
  assert.equal(upstream.calls[0]!.url, '/app/login')
  assert.equal(absolute.status, 302)
  assert.equal(absolute.headers.get('location'), 'https://xg.example.edu.cn/xg/welcome')
  assert.match(absolute.headers.getSetCookie()[0]!, /; Path=\/xg\/x; HttpOnly; Secure$/)
  assert.equal((await get('/xg/relative')).headers.get('location'), 'https://xg.example.edu.cn/xg/next?page=2')
  assert.equal((await get('/xg/outside')).status, 502)
  const unknown = await get('/elsewhere')
  assert.equal(unknown.status, 404)
  assert.partialDeepStrictEqual(await unknown.json(), { code: 'SYSTEM_UNKNOWN' })
  await gateway.close()
  await upstream.close()
})
