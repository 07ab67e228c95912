import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { consumer } from '../support/consumer.ts'
import { freePort } from '../support/free-port.ts'
import { get } from '../support/https-client.ts'
import { Browser } from '../support/signing-in.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startProvider, type TestProvider } from '../support/start-provider.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let provider: TestProvider
let cas: Server
let [byOidc, byCas]: TestGateway[] = []
/** Tickets of the CAS server, with what they were asked for. */
const tickets = new Map<string, { service: string; user: string }>()

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"a":1}')
  })
  cas = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://cas')
    const service = searchParams.get('service') ?? ''
    if (pathname === '/cas/login') {
      const ticket = `ST-${tickets.size}-x`
      tickets.set(ticket, { service, user: 'u1203' })
      return response.writeHead(302, { location: `${service}&ticket=${ticket}` }).end()
    }
    const found = tickets.get(searchParams.get('ticket') ?? '')
    tickets.delete(searchParams.get('ticket') ?? '')
    const attributes = '<cas:attributes><cas:role>teacher</cas:role><cas:role>party</cas:role></cas:attributes>'
    const inner =
      found?.service === service
        ? `<cas:authenticationSuccess><cas:user>${found.user}</cas:user>${attributes}</cas:authenticationSuccess>`
        : '<cas:authenticationFailure code="INVALID_TICKET"><cas:authenticationSuccess><cas:user>admin</cas:user></cas:authenticationSuccess></cas:authenticationFailure>'
    response.end(`<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">${inner}</cas:serviceResponse>`)
  })
  await new Promise<void>(resolve => cas.listen(0, '127.0.0.1', resolve))
  const ports = [await freePort(), await freePort()]
  const [first, second] = ports.map(port => `http://127.0.0.1:${port}`) as [string, string]
  provider = await startProvider(`${first}/.veilgate/callback`)
  const server = `http://127.0.0.1:${(cas.address() as AddressInfo).port}/cas`
  byOidc = await start(ports[0]!, {
    at: first,
    oidc: { issuer: provider.issuer, client_id: 'browsers' },
    operator: 'sub',
  })
  byCas = await start(ports[1]!, { at: second, cas: { server }, operator: 'user', roles: 'role' })
})

after(async () => {
  await byOidc?.close()
  await byCas?.close()
  await provider?.stop()
  cas.closeAllConnections()
  cas.close()
  await upstream.close()
})

function start(port: number, signIn: object): Promise<TestGateway> {
  const browsers = consumer('browsers', {
    audience: 'public',
    audiences: new Map([['teacher', 'staff']]),
    credentials: new Map([['sign_in', signIn]]),
  })
  return startTestGateway({
    upstream: upstream.url,
    closed: true,
    config: { consumers: new Map([['browsers', browsers]]), listen: { host: '127.0.0.1', port } },
  })
}

const last = async (gateway: TestGateway) => (await gateway.records()).findLast(({ kind }) => kind === 'access')

test('by OpenID Connect: a browser signs in, comes back to where it was going, and its login is the operator', async () => {
  const browser = new Browser()
  const login = await browser.open(`${byOidc!.url}/a?page=2`)
  assert.match(login.url, /\/interaction\//)
  const consent = await browser.open(login.url, { prompt: 'login', login: 'u1203', password: 'x' })
  const back = await browser.open(consent.url, { prompt: 'consent' })
  assert.deepEqual([back.url, back.status, back.body], [`${byOidc!.url}/a?page=2`, 200, '{"a":1}'])
  const record = await last(byOidc!)
  assert.deepEqual([record!['consumer'], record!['operator']], ['browsers', 'u1203'])
  assert.ok(!JSON.stringify(upstream.calls).includes('veilgate_session'))
})

test('by CAS: likewise, with the audience of a role; and a ticket is good once, for this browser', async () => {
  const browser = new Browser()
  assert.deepEqual((await browser.open(`${byCas!.url}/a`)).status, 200)
  const record = await last(byCas!)
  assert.deepEqual([record!['consumer'], record!['operator']], ['browsers', 'u1203'])
  const sent = await get(`${byCas!.url}/a`, { headers: { accept: 'text/html' } })
  const [cookie = ''] = [sent.headers['set-cookie'] ?? []].flat() as string[]
  const login = await get(String(sent.headers['location']))
  const callback = String(login.headers['location'])
  // another browser has begun nothing: somebody was sent a link
  assert.equal((await get(callback)).code, 'CREDENTIALS_WRONG')
  const mine = { cookie: cookie.split(';')[0]! }
  assert.equal((await get(callback.replace(/state=[^&]*/, 'state=x'), { headers: mine })).code, 'CREDENTIALS_WRONG')
  assert.equal(
    (await get(callback.replace(/ticket=.*/, 'ticket=ST-none'), { headers: mine })).code,
    'CREDENTIALS_WRONG',
  )
  assert.equal((await get(callback, { headers: mine })).status, 303)
  assert.equal((await get(callback, { headers: mine })).code, 'CREDENTIALS_WRONG')
})

test('a session is its own browser s: no other site writes by it, no other value opens, and it can be ended', async () => {
  const browser = new Browser()
  await browser.open(`${byCas!.url}/a`)
  const cookie = browser.cookies(byCas!.url)
  const ask = (headers: Record<string, string>, method = 'GET') =>
    get(`${byCas!.url}/a`, { method, headers: { cookie, ...headers } })
  assert.equal((await ask({})).status, 200)
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, {}] as Record<
    string,
    string
  >[])
    assert.equal((await ask(headers, 'POST')).code, 'CREDENTIALS_WRONG')
  assert.equal((await ask({ origin: byCas!.url }, 'POST')).code, 'METHOD_NOT_ALLOWED')
  assert.equal((await ask({ cookie: `${cookie}; ${cookie}` })).code, 'CREDENTIALS_WRONG')
  assert.equal((await ask({ cookie: `${cookie.slice(0, -2)}AA` })).code, 'CREDENTIALS_MISSING')
  const out = await get(`${byCas!.url}/.veilgate/sign-out`, { headers: { cookie } })
  assert.deepEqual(
    [out.status, String(out.headers['set-cookie']).includes('veilgate_session=; Path=/; Max-Age=0')],
    [303, true],
  )
})

test('a script without a session is told so, not sent away; a provider that is down is said to be', async () => {
  const script = await get(`${byOidc!.url}/a`, { headers: { accept: 'application/json' } })
  assert.deepEqual([script.status, script.code], [401, 'CREDENTIALS_MISSING'])
  await provider.stop()
  const { now } = Date
  // what the provider said of itself is remembered for ten minutes
  Date.now = () => now() + 3_600_000
  try {
    const page = await get(`${byOidc!.url}/a`, { headers: { accept: 'text/html' } })
    assert.deepEqual([page.status, page.code], [503, 'IDENTITY_UNAVAILABLE'])
  } finally {
    Date.now = now
  }
  await provider.resume()
})
