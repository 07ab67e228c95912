import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id } = sentinel

const bodies = [
  `{"tel":"${mobile}","tel":"x"}`,
  `{"tel":"x","tel":"${mobile}"}`,
  `{"tel":"x","TEL":"${mobile}","t_e_l":"${mobile}","\\u0074el":"${mobile}"}`,
  `{"a":{"idCard":null,"idCard":{"idCard":["${id}"]}}}`,
  `{"idCard":"${id}","idCard":{},"idCard":[${id.slice(0, 17)}]}`,
  `{${Array(1000).fill(`"xm":"${sentinel.name}"`).join()}}`,
  `{"tel":"***","tel":null,"tel":"${mobile}","tel":true}`,
]

for (const body of bodies) {
  test(`each of several members of one name is masked: ${body.slice(0, 50)}`, async () => {
    const got = await ask(answer(body))
    assert.equal(got.status, 200)
    JSON.parse(got.text)
  })
}
