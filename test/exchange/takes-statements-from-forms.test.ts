import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { keys } from '../access/people.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway
const bodies: Buffer[] = []

before(async () => {
  upstream = await startUpstream((asked, response) => {
    const chunks: Buffer[] = []
    asked.on('data', chunk => chunks.push(chunk))
    asked.on('end', () => {
      bodies.push(Buffer.concat(chunks))
      response.setHeader('content-type', 'application/json').end('{"a":1}')
    })
  })
  const trusted = { audience: 'staff', namesOperators: true, purposes: ['enrolment'], bases: ['work_order' as const] }
  const old = consumer('old', { ...trusted, credentials: withKey(keys.oa), saysInForm: true, saysInQuery: true })
  const oa = consumer('oa', { ...trusted, credentials: withKey(keys.portal) })
  gateway = await startTestGateway({
    upstream: upstream.url,
    closed: true,
    limits: { requestBody: 1_000_000 },
    policies: {
      'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /a, methods: [GET, POST, PUT] }]\n',
      'audiences.yaml': 'audiences: { staff: { 4: partial, 3: partial, 2: clear, 1: clear } }\n',
    },
    config: { consumers: new Map([old, oa].map(one => [one.name, one])) },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const urlencoded = 'application/x-www-form-urlencoded'
async function post(body: string | Buffer, headers: Record<string, string> = {}, key = keys.oa, query = '') {
  const answer = await fetch(`${gateway.url}/a${query}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { authorization: `Bearer ${key}`, 'content-type': urlencoded, ...headers },
  })
  const said = (await answer.json()) as { code?: string }
  return { status: answer.status, code: said.code }
}

const said = 'veilgate_operator=u1203&veilgate_purpose=enrolment&veilgate_basis=work_order%3Bref%3D%22WO-2026-1%22'
const part = (name: string, value: string, more = '') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`

async function checkRecord(): Promise<void> {
  const last = (await gateway.records()).at(-1)!
  assert.deepEqual([last['operator'], last['purpose']], ['u1203', 'enrolment'])
  assert.deepEqual(last['basis'], { kind: 'work_order', ref: 'WO-2026-1', verified: false })
}

test('an old client says by fields of its form what others say by headers, and the system sees none of it', async () => {
  for (const [body, left] of [
    [`page=2&${said}&b=%E5%BC%A0`, 'page=2&b=%E5%BC%A0'],
    [said, ''],
    [said.replaceAll('_', '%5F'), ''],
  ] as const) {
    assert.equal((await post(body)).status, 200)
    assert.equal(bodies.at(-1)!.toString(), left)
    await checkRecord()
  }
})

test('also in a form with files, of which nothing else changes', async () => {
  const [before, after] = part('f', 'FILE', '; filename="a.bin"').split('FILE') as [string, string]
  const file = Buffer.concat([Buffer.from(before), Buffer.from([0, 255, 13, 10, 45, 45, 99]), Buffer.from(after)])
  const body = (own: string[]) =>
    Buffer.concat([
      ...[Buffer.from(own[0] ?? ''), Buffer.from(part('page', '2')), Buffer.from(own[1] ?? ''), file],
      ...[Buffer.from(own[2] ?? ''), Buffer.from('--b--\r\n')],
    ])
  const own = [
    part('veilgate_operator', 'u1203'),
    part('veilgate_purpose', 'enrolment'),
    part('veilgate_basis', 'work_order;ref="WO-2026-1"'),
  ]
  assert.equal((await post(body(own), { 'content-type': 'multipart/form-data; boundary=b' })).status, 200)
  assert.deepEqual(bodies.at(-1), body([]))
  await checkRecord()
})

test('the same is held to the same shapes, may not be said twice, and is nobody else s to say', async () => {
  const before = bodies.length
  assert.equal((await post('veilgate_operator=u%201')).code, 'OPERATOR_MALFORMED')
  assert.equal((await post('veilgate_basis=work_order%3Bref%3D%22WO-13800138000%22')).code, 'BASIS_MALFORMED')
  assert.equal((await post('veilgate_operator=u1', { 'veilgate-operator': 'u1' })).code, 'HEADER_MALFORMED')
  assert.equal((await post('veilgate_operator=u1&veilgate_operator=u2')).code, 'HEADER_MALFORMED')
  assert.equal((await post('veilgate_operator=u1', {}, keys.oa, '?veilgate_operator=u1')).code, 'HEADER_MALFORMED')
  for (const body of ['veilgate_other=1', 'veilgate-operator=u1', 'Veilgate_operator=u1', 'VEILGATE%5foperator=u1'])
    assert.equal((await post(body)).code, 'PARAMETER_UNDECLARED', body)
  for (const body of ['veilgate_operator=u1', 'page=1&%76eilgate_operator=u1'])
    assert.equal((await post(body, {}, keys.portal)).code, 'PARAMETER_UNDECLARED', body)
  assert.equal(
    (
      await post(
        `${part('veilgate_operator', 'u1')}--b--\r\n`,
        { 'content-type': 'multipart/form-data; boundary=b' },
        keys.portal,
      )
    ).code,
    'PARAMETER_UNDECLARED',
  )
  assert.equal(bodies.length, before)
  assert.ok(!JSON.stringify(await gateway.records()).includes('13800138000'))
})

test('a body that is no form says nothing, and goes on as it came', async () => {
  const json = '{"veilgate_operator":"u1203"}'
  assert.equal((await post(json, { 'content-type': 'application/json' })).status, 200)
  assert.equal(bodies.at(-1)!.toString(), json)
  assert.equal((await gateway.records()).at(-1)!['operator'], null)
  assert.equal((await post('a=1', { 'content-type': 'multipart/form-data; boundary=b' })).code, 'REQUEST_MALFORMED')
})

test('a long form is taken whole', async () => {
  const long = 'x'.repeat(300_000)
  assert.equal((await post(`${said}&text=${long}`)).status, 200)
  assert.equal(
    createHash('sha256').update(bodies.at(-1)!).digest('hex'),
    createHash('sha256').update(`text=${long}`).digest('hex'),
  )
})

test('one that is over the limit on its way, or ends in the middle, is refused, and the gateway goes on', async () => {
  const before = bodies.length
  const pieces = async function* () {
    for (let nth = 0; nth < 40; nth++) yield Buffer.from(`&a${nth}=${'x'.repeat(30_000)}`)
  }
  const answer = await fetch(`${gateway.url}/a`, {
    method: 'POST',
    body: ReadableStream.from(pieces()) as never,
    duplex: 'half',
    headers: { authorization: `Bearer ${keys.oa}`, 'content-type': urlencoded },
  } as RequestInit)
  assert.equal(answer.status, 413)
  await answer.text()
  const socket = connect(gateway.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(
    `POST /a HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.oa}\r\ncontent-type: ${urlencoded}\r\ncontent-length: 100\r\n\r\nveilgate_op`,
  )
  await sleep(100)
  socket.destroy()
  assert.equal(bodies.length, before)
  assert.equal((await post(`page=3&${said}`)).status, 200)
  await checkRecord()
})
