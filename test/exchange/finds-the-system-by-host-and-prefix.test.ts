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

test('a system that knows the name callers know it by redirects to itself, and to no other place', async t => {
  const upstream = await startUpstream((request, response) => {
    const location = new URL(request.url!, 'http://x').searchParams.get('to')!
    response.writeHead(302, { location }).end()
  })
  t.after(() => upstream.close())
  const byUrl = await startTestGateway({
    upstream: `${upstream.url}/app`,
    system: { prefix: '/xg' },
    config: { publicUrl: 'https://xg.example.edu.cn' },
  })
  t.after(() => byUrl.close())
  const byHost = await startTestGateway({ upstream: upstream.url, system: { host: 'localhost' } })
  t.after(() => byHost.close())
  const asked = async (url: string, to: string) => {
    const answer = await fetch(`${url}?to=${encodeURIComponent(to)}`, { redirect: 'manual' })
    return answer.headers.get('location') ?? ((await answer.json()) as { code: string }).code
  }
  const xg = `${byUrl.url}/xg/a`
  assert.equal(await asked(xg, 'https://xg.example.edu.cn/xg/b?c=1'), 'https://xg.example.edu.cn/xg/b?c=1')
  for (const to of [
    'https://xg.example.edu.cn/oa/b',
    'http://xg.example.edu.cn/xg/b',
    'https://xg.example.edu.cn:8443/xg/b',
  ])
    assert.equal(await asked(xg, to), 'LOCATION_WITHHELD', to)
  const named = `${byHost.url.replace('127.0.0.1', 'localhost')}/a`
  const own = new URL(named).host
  for (const to of [`http://${own}/b?c=1`, 'https://localhost/b?c=1'])
    assert.equal(await asked(named, to), '/b?c=1', to)
  for (const to of ['http://localhost:1/b', 'http://other/b', `http://${own}/u/13800138000`, 'ftp://localhost/b'])
    assert.equal(await asked(named, to), 'LOCATION_WITHHELD', to)
})
