import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
/** An ID number without a letter at its end, and with 15 digits as until 1999. */
const { id, mobile, card } = sentinel

const bodies = [
  `{"x":${id}}`,
  `{"x":${mobile}}`,
  `{"x":${card}}`,
  `{"idCard":${id},"tel":${mobile},"bankCard":${card}}`,
  `{"x":1.3912340987e10}`,
  `{"x":13912340987.0}`,
  `{"x":139123409870E-1}`,
  `{"x":-${mobile}}`,
  `[${mobile},[${id},[${card}]]]`,
  `${mobile}`,
  `"${mobile}"`,
  `{"tel":[${mobile},-0,1e400,0.1]}`,
]

for (const body of bodies) {
  test(`a number is read by its digits: ${body}`, async () => {
    const got = await ask(answer(body))
    assert.equal(got.status, 200)
    JSON.parse(got.text)
  })
}

test('numbers that say nothing keep every digit', async () => {
  const body = '{"a":12345678901234567890,"b":1e400,"c":-0,"d":0.1000000000000000055511151231257827,"e":1E+2}'
  assert.equal((await ask(answer(body))).text, body)
})
