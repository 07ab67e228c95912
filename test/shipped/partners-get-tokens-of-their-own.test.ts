import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeApiKey } from '../../plugins/identities/api-key.ts'
import { consumer, withKey } from '../support/consumer.ts'
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
  const consumers = new Map(
    Object.entries(keys).map(([name, key]) => [
      name,
      consumer(name, { audience: 'partner', credentials: withKey(key) }),
    ]),
  )
  gateway = await startTestGateway({ upstream: upstream.url, config: { consumers } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

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
