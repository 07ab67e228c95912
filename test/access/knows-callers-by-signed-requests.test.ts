import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { consumer } from '../support/consumer.ts'
import { get } from '../support/https-client.ts'
import { signRequest } from '../support/sign-request.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

const pair = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const publicKey = pair.publicKey.export({ format: 'pem', type: 'spki' })
const oa = consumer('oa', {
  audience: 'staff',
  credentials: new Map([['http_signature', { key_id: 'oa-1', algorithm: 'ed25519', public_key: publicKey }]]),
  purposes: ['enrolment'],
})

const policy = `system: upstream
routes:
  - { path: /a }
  - { path: /b, methods: [POST] }
`

let upstream: Upstream
let gateway: TestGateway
let bodies: string[] = []

before(async () => {
  upstream = await startUpstream((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      bodies.push(body)
      response.setHeader('content-type', 'application/json').end('{"a":1}')
    })
    request.on('error', () => {})
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    policies: { 'systems/upstream.yaml': policy },
    config: { consumers: new Map([['oa', oa]]) },
  })
  await nextSecond()
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

/** What is signed in the second in which a gateway began does not count. */
async function nextSecond(): Promise<void> {
  const began = Math.floor(Date.now() / 1000)
  await until('the next second', () => Math.floor(Date.now() / 1000) > began)
}

const all = ['@method', '@path', '@query', '@authority']

type Asked = {
  readonly covers?: readonly string[]
  readonly headers?: Record<string, string>
  readonly parameters?: Record<string, string | number>
  readonly key?: typeof pair.privateKey
  readonly keyId?: string
  readonly target?: string
  readonly method?: string
}

function signed({
  covers = all,
  headers = {},
  parameters,
  key = pair.privateKey,
  keyId = 'oa-1',
  target = '/a?x=1',
  method = 'GET',
}: Asked = {}): Record<string, string> {
  const given = { host: `127.0.0.1:${gateway.port}`, ...headers }
  return { ...given, ...signRequest({ method, target, headers: given }, key, keyId, covers, parameters) }
}

const ask = (headers: Record<string, string>, target = '/a?x=1') => get(gateway.url + target, { headers })

test('a signed request names its consumer, and its operator where that is covered', async () => {
  const stated = { 'veilgate-operator': 'u1203', 'veilgate-purpose': 'enrolment' }
  const headers = signed({ headers: stated, covers: [...all, ...Object.keys(stated)] })
  assert.equal((await ask(headers)).status, 200)
  const last = (await gateway.records()).at(-1)!
  assert.deepEqual([last['consumer'], last['operator'], last['purpose']], ['oa', 'u1203', 'enrolment'])
})

test('the same request counts once, with the same signature or another by the same nonce', async () => {
  const headers = signed({ parameters: { nonce: 'once-and-never-again' } })
  assert.equal((await ask(headers)).status, 200)
  assert.equal((await ask(headers)).code, 'CREDENTIALS_WRONG')
  const again = signed({ parameters: { nonce: 'once-and-never-again', created: Math.floor(Date.now() / 1000) + 1 } })
  assert.equal((await ask(again)).code, 'CREDENTIALS_WRONG')
})

test('what is not signed, or signed too long ago, or by a stranger, is refused', async () => {
  const seconds = Math.floor(Date.now() / 1000)
  const wrong: Record<string, Record<string, string>> = {
    'another key': signed({ key: stranger.privateKey }),
    'a key that nobody knows': signed({ keyId: 'oa-2' }),
    'two minutes old': signed({ parameters: { created: seconds - 120 } }),
    'from the future': signed({ parameters: { created: seconds + 120 } }),
    expired: signed({ parameters: { expires: seconds - 1 } }),
    'another algorithm': signed({ parameters: { alg: 'hmac-sha256' } }),
    'no nonce to speak of': signed({ parameters: { nonce: 'short' } }),
    'no method': signed({ covers: ['@path', '@query', '@authority'] }),
    'no query': signed({ covers: ['@method', '@path', '@authority'] }),
    'no authority': signed({ covers: ['@method', '@path', '@query'] }),
    'an operator that is not covered': { ...signed(), 'veilgate-operator': 'u1203' },
    'preferences that are not covered': { ...signed(), prefer: 'handling=lenient' },
    'an input without a signature': { ...signed(), signature: '' },
    'the signature of another label': { ...signed(), signature: 'sig2=:AA==:' },
    'a bad list': { ...signed(), 'signature-input': 'sig1=(' },
  }
  for (const [name, headers] of Object.entries(wrong))
    assert.equal((await ask(headers)).code, 'CREDENTIALS_WRONG', name)
  assert.equal((await ask(signed(), '/a?x=2')).code, 'CREDENTIALS_WRONG')
  assert.equal((await get(`${gateway.url}/a?x=1`, { method: 'HEAD', headers: signed() })).status, 401)
})

test('signature headers that come twice, or as hop-by-hop ones, are refused', async () => {
  const headers = signed()
  const twice = { ...headers, signature: [headers['signature']!, headers['signature']!] }
  assert.equal((await get(`${gateway.url}/a?x=1`, { headers: twice })).code, 'HEADER_MALFORMED')
  for (const name of ['signature', 'signature-input', 'content-digest'])
    assert.equal((await ask({ ...signed(), connection: `close, ${name}` })).code, 'HEADER_MALFORMED', name)
})

test('the signature of a proxy beside it does no harm, and is nobody alone', async () => {
  const mine = signed()
  const other = signRequest({ target: '/a?x=1', headers: mine }, stranger.privateKey, 'proxy', all)
  const both = {
    ...mine,
    'signature-input': `${mine['signature-input']}, ${other['signature-input']!.replace('sig1', 'proxy')}`,
    signature: `${mine['signature']}, ${other['signature']!.replace('sig1', 'proxy')}`,
  }
  assert.equal((await ask(both)).status, 200)
  assert.equal((await ask({ host: mine['host']!, ...other })).code, 'CREDENTIALS_WRONG')
})

const body = '{"hello": "world"}'
const digestOf = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`

function post(sent: string, headers: Record<string, string>, covers = [...all, 'content-digest']) {
  const given = { 'content-type': 'text/plain', 'content-length': String(sent.length), ...headers }
  const all = signed({ method: 'POST', target: '/b', headers: given, covers })
  return get(`${gateway.url}/b`, { method: 'POST', headers: all, body: sent })
}

test('a body is held to what was signed of it', async () => {
  bodies = []
  assert.equal((await post(body, { 'content-digest': digestOf(body) })).status, 200)
  assert.deepEqual(bodies, [body])
  assert.equal((await post(body, { 'content-digest': digestOf('{"hello": "wörld"}') })).code, 'CREDENTIALS_WRONG')
  assert.equal((await post(body, { 'content-digest': 'md5=:AAAA:' })).code, 'CREDENTIALS_WRONG')
  assert.equal((await post(body, {}, all)).code, 'CREDENTIALS_WRONG')
  assert.equal((await post(body, { 'content-digest': digestOf(body) }, all)).code, 'CREDENTIALS_WRONG')
  const long = 'x'.repeat(300_000)
  assert.equal((await post(long, { 'content-digest': digestOf(`${long.slice(1)}y`) })).status, 401)
  assert.deepEqual(bodies, [body])
})
