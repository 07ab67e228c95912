import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const impatient = wayAround({ timeouts: { headers: 1000 } })
const { mobile } = sentinel
const last = answer(JSON.stringify(person))
const interim = (status: string, header = `link: </u/${mobile}>; rel=preload`) =>
  Buffer.from(`HTTP/1.1 ${status}\r\n${header}\r\n\r\n`)

for (const status of ['100 Continue', '102 Processing', '103 Early Hints', '104 Odd', '199 Odd']) {
  test(`what is said with ${status} ahead of the answer stays behind`, async () => {
    const got = await ask(Buffer.concat([interim(status), interim(status), last]))
    assert.ok([200, 502].includes(got.status))
    assert.doesNotMatch(got.head, /^HTTP\/1\.1 1|^link/m)
  })
}

test('more of them than any server has reason to send, and one that comes after, withhold the answer', async () => {
  const many = await ask(Buffer.concat([...Array(50).fill(interim('103 Early Hints')), last]))
  assert.deepEqual([many.status, many.code], [502, 'UPSTREAM_BROKEN'])
  const only = await impatient.ask(interim('103 Early Hints'))
  assert.equal(only.status, 504)
})

test('a caller that waits for 100 gets no word of the system ahead of its answer', async () => {
  const got = await ask(Buffer.concat([interim('100 Continue', `x-tel: ${mobile}`), last]), {
    headers: ['expect: 100-continue'],
  })
  assert.ok([200, 502].includes(got.status) || got.head.startsWith('HTTP/1.1 100 Continue'))
  assert.doesNotMatch(got.head, /x-tel/)
})
