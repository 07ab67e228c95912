import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hashApiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const person = { tel: '13800138000', email: 'zhangsan@example.edu.cn', address: '浙江省杭州市西湖区文三路 138 号' }
const keys = { insurer: makeApiKey(), bank: makeApiKey() }
let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(person))
  })
  const consumers = Object.entries(keys).map(([name, key]) => {
    const credentials = new Map([['api_key', hashApiKey(key)]])
    const limits = { requires: [], rate: null, from: null, until: null }
    return [name, { name, audience: 'partner', credentials, addresses: [], ...limits, ...trusted }] as const
  })
  gateway = await startTestGateway({ upstream: upstream.url, config: { consumers: new Map(consumers) } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const trusted = {
  namesOperators: false,
  purposes: null,
  bases: [],
  saysInQuery: false,
  saysInForm: false,
  audiences: new Map(),
  terminals: [],
  ports: [],
  hours: [],
  macs: [],
}

async function seenBy(who: keyof typeof keys): Promise<Record<string, string>> {
  const answer = await fetch(`${gateway.url}/people/1`, { headers: { authorization: `Bearer ${keys[who]}` } })
  return (await answer.json()) as Record<string, string>
}

test('what is sensitive reaches a partner as tokens, the same each time, which no other partner can join', async () => {
  const [first, again, other] = [await seenBy('insurer'), await seenBy('insurer'), await seenBy('bank')]
  assert.deepEqual(first, again)
  const tokens = Object.entries(first).filter(([, value]) => value.startsWith('vg1.'))
  assert.ok(
    tokens.some(([name]) => name === 'tel'),
    JSON.stringify(first),
  )
  for (const [name, value] of tokens) assert.notEqual(other[name], value, name)
  assert.ok(!Object.values(person).some(value => JSON.stringify([first, other]).includes(value)))
})
