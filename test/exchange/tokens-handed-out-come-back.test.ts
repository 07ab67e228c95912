import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { createSeal } from '../../gateway/access/seal.ts'
import { sealedToken } from '../../gateway/exchange/handed-out.ts'
import { PageStates } from '../../gateway/exchange/page-states.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJsb2dpbl91c2VyX2tleSI6IjlmMmEifQ.0ZrQ2Y5qGk1rWm3w-dXv_8Qk'
const refresh = 'r-7c1f0c0e4d6b4a7fb8d2'
const policy = `system: upstream
routes:
  - path: /login
    methods: [POST]
    body: data
    hands_out: [token, data.access_token, data.refresh_token]
  - { path: /list, methods: [GET, POST] }
  - { path: /save, methods: [POST], body: data }
  - { path: /refresh, methods: [POST], hands_out: [data.access_token] }
  - { path: /tokens, hands_out: [data.token, token] }
  - path: /export
`
type Call = { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }

let gateway: TestGateway
let other: TestGateway
let system: Upstream
const calls: Call[] = []
before(async () => {
  system = await startUpstream(async (request, response) => {
    calls.push({ url: request.url!, headers: request.headers, body: await text(request) })
    response.setHeader('content-type', 'application/json')
    if (request.url === '/login?wrong') response.statusCode = 500
    if (request.url === '/login?xml')
      return void response.setHeader('content-type', 'text/xml').end(`<a><token>${jwt}</token></a>`)
    if (request.url === '/tokens')
      return void response.end(
        JSON.stringify({ data: [{ token: jwt }], token: [jwt, { token: jwt }], rows: [{ token: jwt }] }),
      )
    if (request.url?.startsWith('/login') || request.url === '/refresh')
      return void response.end(
        JSON.stringify({ code: 200, token: jwt, data: { access_token: jwt, refresh_token: refresh, token: jwt } }),
      )
    response.end('{"code":200,"rows":[{"remark":"好"}]}')
  })
  const options = { upstream: system.url, policies: { 'systems/upstream.yaml': policy } }
  gateway = await startTestGateway(options)
  other = await startTestGateway({
    upstream: system.url,
    policies: { 'systems/upstream.yaml': policy.replace(/^ +(?:- .*)?hands_out.*\n|, hands_out: \[.*?\]/gm, '') },
  })
})
after(async () => {
  await other.close()
  await gateway.close()
  await system.close()
})

type Given = {
  readonly token: string
  readonly data: { readonly access_token: string; readonly refresh_token: string; readonly token?: string }
}

async function signedIn(headers: Record<string, string> = {}, path = '/login'): Promise<Given> {
  const answer = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"username":"admin","password":"x"}',
  })
  return (await answer.json()) as Given
}

async function asked(path: string, headers: Record<string, string>, body?: string) {
  const before = calls.length
  const method = body === undefined ? 'GET' : 'POST'
  const answer = await fetch(`${gateway.url}${path}`, { method, headers, ...(body !== undefined && { body }) })
  return { status: answer.status, text: await answer.text(), call: calls.length > before ? calls.at(-1)! : null }
}

test('the answer to a login hands its caller the tokens it is for sealed, and no other', async () => {
  const { token, data } = await signedIn()
  for (const one of [token, data.access_token, data.refresh_token]) assert.match(one, /^vgt1\.[\w-]{40,}$/)
  assert.equal(data.token, undefined)
  const records = await gateway.records()
  for (const held of [token, data.refresh_token, jwt, refresh]) assert.ok(!JSON.stringify(records).includes(held))
  assert.partialDeepStrictEqual(records.at(-1), { fields: { 'access_token@A4': { token: 3, remove: 1 } } })
})

test('it comes back opened in Authorization, with a scheme or without, and the caller is who it was', async () => {
  const { token } = await signedIn()
  for (const [sent, got] of [
    [`Bearer ${token}`, `Bearer ${jwt}`],
    [token, jwt],
    [`JWT ${token}`, `JWT ${jwt}`],
  ] as const) {
    const { status, call } = await asked('/list', { authorization: sent })
    assert.equal(status, 200)
    assert.equal(call!.headers.authorization, got)
  }
})

test('it comes back opened in other headers, in queries, forms and JSON under names of tokens', async () => {
  const { token, data } = await signedIn()
  for (const name of ['x-access-token', 'token', 'admin-token', 'x-csrf-token'])
    assert.equal((await asked('/list', { [name]: token })).call!.headers[name], jwt)
  assert.equal((await asked(`/export?token=${token}&page=1`, {})).call!.url, `/export?token=${jwt}&page=1`)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.equal((await asked('/list', form, `page=1&access_token=${token}`)).call!.body, `page=1&access_token=${jwt}`)
  const json = { 'content-type': 'application/json' }
  const sent = JSON.stringify({ note: 'a":"b', refreshToken: data.refresh_token, 页: 1 })
  assert.equal((await asked('/refresh', json, sent)).call!.body, sent.replace(data.refresh_token, refresh))
})

test('it opens under no name of another thing, where the system might show it', async () => {
  const { token } = await signedIn()
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const [path, headers, body] of [
    [`/export?note=${token}`, {}, undefined],
    ['/save', form, `note=${token}`],
    ['/list', { 'user-agent': token }, undefined],
  ] as const) {
    const { status, call } = await asked(path, headers, body)
    assert.equal(status, 403)
    assert.equal(call, null)
  }
  const json = { 'content-type': 'application/json' }
  const quoted = JSON.stringify({ note: `{"token":"${token}"}`, text: `"token":"${token}` })
  assert.equal((await asked('/save', json, quoted)).call!.body, quoted)
})

test('a token of another consumer, a forged one and one of nobody sends the application to its login page', async () => {
  const { token } = await signedIn({ authorization: `Bearer ${gateway.keys.staff}` })
  const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`
  for (const one of [token, forged, `vgt1.${'A'.repeat(80)}`])
    for (const [path, headers, body] of [
      ['/list', { authorization: `Bearer ${one}` }, undefined],
      ['/list', { 'x-access-token': one }, undefined],
      [`/export?token=${one}`, {}, undefined],
      ['/refresh', { 'content-type': 'application/json' }, `{"refreshToken":"${one}"}`],
    ] as const) {
      const { status, call, text } = await asked(path, headers, body)
      assert.equal(status, 401)
      assert.equal(JSON.parse(text).code, 'CREDENTIALS_WRONG')
      assert.equal(call, null)
    }
  const own = { authorization: `Bearer ${gateway.keys.staff}`, 'x-access-token': token }
  assert.equal((await asked('/list', own)).call!.headers['x-access-token'], jwt)
  const records = await gateway.records()
  assert.ok(records.some(one => JSON.stringify(one).includes('CREDENTIALS_WRONG')))
  assert.ok(!JSON.stringify([records, gateway.log]).includes(one(token)))
})

const one = (token: string) => token.slice(5, 60)

test('only what was sealed passes by Authorization, once, and where the system hands anything out', async () => {
  const { token } = await signedIn()
  for (const value of [
    `Bearer ${jwt}`,
    jwt,
    `Basic ${token}`,
    `Bearer ${token} x`,
    `Bearer ${token}, Bearer ${token}`,
    'vgt1.short',
  ]) {
    const { status, call } = await asked('/list', { authorization: value })
    assert.equal(status, 401)
    assert.equal(call, null)
  }
  const elsewhere = await fetch(`${other.url}/list`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(elsewhere.status, 401)
  for (const lines of [
    [`Authorization: Bearer ${token}`, `Authorization: Bearer ${gateway.keys.staff}`],
    [`X-Access-Token: ${token}`, 'X-Access-Token: of-its-own'],
    [`Authorization: Bearer ${token}`, 'Connection: close, authorization'],
  ])
    assert.match(await raw(lines), /HEADER_MALFORMED/)
})

test('what stands in a list, in an error or in no JSON is masked as ever', async () => {
  for (const body of [
    (await asked('/tokens', {})).text,
    (await asked('/login?wrong', { 'content-type': 'application/json' }, '{}')).text,
    (await asked('/login?xml', { 'content-type': 'application/json' }, '{}')).text,
  ])
    assert.ok(!body.includes('vgt1.') && !body.includes('eyJ'), body)
})

test('it opens for no other system, consumer or operator, and no state of a page opens as one', () => {
  const seal = createSeal([randomBytes(32)])
  const scope = { system: 's', consumer: 'c', operator: 'u1', page: '/' }
  const states = new PageStates(seal, scope)
  const token = states.sealHandedOut(jwt)!
  assert.equal(states.openHeader('authorization', `Bearer ${token}`), `Bearer ${jwt}`)
  for (const one of [{ system: 't' }, { consumer: 'd' }, { operator: 'u2' }, { operator: null }])
    assert.throws(() => new PageStates(seal, { ...scope, ...one }).openHeader('authorization', token), wrong)
  for (const state of [states.seal('__VIEWSTATE', jwt)!, states.sealToken('token', jwt)!]) {
    assert.equal(sealedToken.inHeader.test(`Bearer ${state}`), false)
    assert.throws(() => states.openHeader('authorization', state.replace('vgs1', 'vgt1')), wrong)
  }
  assert.equal(states.sealHandedOut('x'.repeat(8193)), null)
  assert.equal(states.sealHandedOut('令牌'), null)
})

const wrong = { code: 'CREDENTIALS_WRONG' }

/** What is answered to a GET with these lines in its head. */
async function raw(lines: readonly string[]): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.write(['GET /list HTTP/1.1', 'Host: x', ...lines, 'Connection: close', '', ''].join('\r\n'))
  return text(socket)
}
