import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = JSON.stringify(person)
const parts = `--b\r\ncontent-type: application/json\r\ncontent-range: bytes 0-9/300\r\n\r\n${body}\r\n--b--\r\n`

for (const range of ['bytes=0-9', 'bytes=-20', 'bytes=0-1,5-6', `bytes=${'0-0,'.repeat(1000)}1-1`, 'items=0-5']) {
  test(`a range is not asked of the system: ${range.slice(0, 20)}`, async () => {
    let seen = ''
    const got = await ask(
      (socket, head) => {
        seen = head
        socket.write(answer(body, { 'accept-ranges': 'bytes' }))
      },
      { headers: [`range: ${range}`, 'if-range: "x"'] },
    )
    assert.equal(got.status, 200)
    assert.doesNotMatch(seen, /range/i)
    assert.doesNotMatch(got.head, /range/i)
  })
}

test('a part of an answer that nobody asked for is withheld', async () => {
  for (const bytes of [
    answer(body, {}, '206 Partial Content'),
    answer(body, { 'content-range': 'bytes 0-9/300' }),
    answer(body, { 'content-range': 'bytes 0-9/300' }, '206 Partial Content'),
    answer(parts, { 'content-type': 'multipart/byteranges; boundary=b' }, '206 Partial Content'),
  ]) {
    const got = await ask(bytes, { headers: ['range: bytes=0-9'] })
    assert.deepEqual([got.status, got.code], [502, 'ANSWER_PARTIAL'])
  }
})
