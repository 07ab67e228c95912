import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSeal } from '../../gateway/access/seal.ts'
import { type CookieScope, openCookies, sealCookies } from '../../gateway/exchange/response/cookies.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const seal = createSeal([new Uint8Array(32).fill(7)])
const scope: CookieScope = {
  system: 'xg',
  consumer: 'anonymous',
  publicPath: '/xg',
  upstreamBase: '/app',
  secure: false,
  mayShow: text => !text.includes('13800138000'),
}

test('what the upstream set comes back to it as it was, and nothing of it can be read', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!-:<-~\x80-\xff]{0,60}$/), value => {
      const [cookie] = sealCookies([`SID=${value}; Path=/app/x; Domain=legacy.local`], scope, seal)
      const sent = cookie!.split(';')[0]!
      assert.ok(value.length < 4 || !cookie!.includes(value))
      assert.equal(openCookies([sent], scope, seal), `SID=${value}`)
    }),
  )
})

test('a name in GBK that a system keeps in a cookie comes back to it byte for byte', async t => {
  const upstream = await startUpstream((request, response) => {
    if (request.url === '/set') response.setHeader('set-cookie', 'user=\xd5\xc5\xc8\xfd; path=/')
    // a text would have Node write the head in UTF-8 with it
    response.setHeader('content-type', 'application/json').end(Buffer.from('{}'))
  })
  t.after(() => upstream.close())
  const gateway = await startTestGateway({ upstream: upstream.url })
  t.after(() => gateway.close())
  const [cookie] = (await fetch(`${gateway.url}/set`)).headers.getSetCookie()
  assert.equal((await fetch(`${gateway.url}/get`, { headers: { cookie: cookie!.split(';')[0]! } })).status, 200)
  assert.equal(upstream.calls.at(-1)!.headers.cookie, 'user=\xd5\xc5\xc8\xfd')
})

test('attributes are read and made again; the domain is left out', () => {
  const given =
    'SID=1; domain=legacy.local; PATH=/app/x; max-age=60; expires=Sat, 21 Nov 2026 09:30:00 GMT; SameSite=lax; secure; x=13800138000'
  const [cookie] = sealCookies([given], scope, seal)
  assert.match(
    cookie!,
    /^SID=[\w-]+; Path=\/xg\/x; Max-Age=60; Expires=Sat, 21 Nov 2026 09:30:00 GMT; SameSite=Lax; HttpOnly$/,
  )
  const path = (attribute: string) => /Path=([^;]*)/.exec(sealCookies([`a=b; ${attribute}`], scope, seal)[0]!)![1]
  assert.equal(path('Path=/'), '/xg')
  assert.equal(path('Path=/app'), '/xg')
  assert.equal(path('Path=/elsewhere'), '/xg')
  assert.equal(path('Path=/app/13800138000'), '/xg')
  assert.equal(path('Path=/app/../x'), '/xg')
  assert.equal(path('Path=x'), '/xg')
  assert.match(
    sealCookies(['a=b; SameSite=None'], { ...scope, secure: true }, seal)[0]!,
    /SameSite=None; Path=\/xg; HttpOnly; Secure$/,
  )
  assert.match(sealCookies(['__Host-a=b'], scope, seal)[0]!, /Path=\/;/)
})

test('cookies that cannot be read, or tell something by their name, are left out', () => {
  for (const bad of ['', 'noequals', '=x', 'a b=c', 'x13800138000=1', 'a=\x01', `a=${'b'.repeat(4000)}`])
    assert.deepEqual(sealCookies([bad], scope, seal), [], bad.slice(0, 20))
})

test('cookies of others, changed ones, and those of another system, consumer or name do not get through', () => {
  const [sent] = sealCookies(['SID=1'], scope, seal)[0]!.split(';')
  const value = sent!.slice(4)
  assert.equal(openCookies([`other=plain; ${sent}; theme=dark`], scope, seal), 'SID=1')
  assert.equal(openCookies([`SID=1; SID=${value}`], scope, seal), 'SID=1')
  assert.equal(openCookies([`SIE=${value}`], scope, seal), null)
  assert.equal(openCookies([sent!], { system: 'oa', consumer: 'anonymous' }, seal), null)
  assert.equal(openCookies([sent!], { system: 'xg', consumer: 'staff' }, seal), null)
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
    if (value.endsWith(last)) continue
    assert.equal(openCookies([`SID=${value.slice(0, -1)}${last}`], scope, seal), null)
  }
  assert.equal(openCookies(['SID'], scope, seal), null)
})

test('an old session works through the gateway', async () => {
  const upstream = await startUpstream((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/login') response.setHeader('set-cookie', ['SID=13800138000; Path=/', 'b=2; HttpOnly'])
    response.end(JSON.stringify({ cookie: request.headers.cookie?.length ?? 0 }))
  })
  const gateway = await startTestGateway({ upstream: upstream.url })
  const login = await fetch(`${gateway.url}/login`)
  const cookies = login.headers.getSetCookie()
  assert.equal(cookies.length, 2)
  assert.ok(!cookies.join().includes('138'))
  const cookie = `${cookies.map(text => text.split(';')[0]).join('; ')}; _ga=tracking`
  await fetch(`${gateway.url}/x`, { headers: { cookie } })
  assert.equal(upstream.calls.at(-1)!.headers.cookie, 'SID=13800138000; b=2')
  await gateway.close()
  await upstream.close()
})
