import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { isTerminal } from '../../gateway/access/terminals.ts'
import { keys } from '../access/people.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const skip = process.platform === 'linux' ? false : 'needs more than one address on the loopback interface'
let upstream: Upstream
let gateway: TestGateway
before(async () => {
  upstream = await startUpstream((_asked, response) => {
    response.setHeader('content-type', 'application/json').end('{"tel":"13800138000"}')
  })
  const oa = consumer('oa', {
    audience: 'office',
    credentials: withKey(keys.oa),
    namesOperators: true,
    terminals: ['127.0.0.9/32', '10.9.0.0/24'],
  })
  gateway = await startTestGateway({
    upstream: upstream.url,
    closed: true,
    policies: {
      'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /a }]\n',
      'audiences.yaml':
        'audiences: { office: { 4: partial, 3: partial, 2: clear, 1: clear, clear_with: { 3: [operator, terminal] } } }\n',
    },
    config: { consumers: new Map([['oa', oa]]) },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

function get(localAddress: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      port: gateway.port,
      path: '/a',
      localAddress,
      headers: { authorization: `Bearer ${keys.oa}`, ...headers },
    }
    const asked = request(options, answer => {
      let text = ''
      answer.on('data', chunk => (text += chunk)).once('end', () => resolve(text))
    })
    asked.once('error', reject).end()
  })
}

const operator = { 'veilgate-operator': 'u1203' }
const clear = '{"tel":"13800138000"}'

test('a level that asks for a terminal is clear from one of them and from nowhere else, whatever a header says', {
  skip,
}, async () => {
  assert.equal(await get('127.0.0.9', operator), clear)
  assert.equal(await get('127.0.0.9', {}), '{"tel":"138****8000"}')
  assert.equal(await get('127.0.0.1', operator), '{"tel":"138****8000"}')
  assert.equal(await get('127.0.0.1', { ...operator, 'x-forwarded-for': '127.0.0.9' }), '{"tel":"138****8000"}')
  const strict = await get('127.0.0.1', { ...operator, prefer: 'handling=strict' })
  assert.partialDeepStrictEqual(JSON.parse(strict), { code: 'STATEMENT_MISSING', missing: ['terminal'] })
})

test('of networks and certificates that are both named, both must fit', () => {
  const [one, other] = ['ab'.repeat(32), 'cd'.repeat(32)]
  const at = (address: string, certificate: string | null) => ({ address, certificate: () => certificate })
  const both = ['10.1.0.0/16', `cert:${one}`]
  assert.ok(isTerminal(both, at('10.1.2.3', one)))
  assert.ok(!isTerminal(both, at('10.1.2.3', other)))
  assert.ok(!isTerminal(both, at('10.1.2.3', null)))
  assert.ok(!isTerminal(both, at('10.2.0.1', one)))
  assert.ok(isTerminal([`cert:${one}`, `cert:${other}`], at('192.0.2.1', other)))
  assert.ok(!isTerminal([], at('10.1.2.3', one)))
})
