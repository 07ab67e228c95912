import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = JSON.stringify(person)

/** Ways to put a value into a body of parts: in a part, its head, ahead of the first, behind the last, under another boundary. */
const bodies: Record<string, string> = {
  'in a part of JSON': `--b\r\ncontent-type: application/json\r\n\r\n${body}\r\n--b--\r\n`,
  'in a part without a label': `--b\r\n\r\n${body}\r\n--b--\r\n`,
  'in a picture': `--b\r\ncontent-type: image/png\r\n\r\n\x89PNG\r\n\x1a\n${sentinel.id}\r\n--b--\r\n`,
  'in base64': `--b\r\ncontent-type: application/json\r\ncontent-transfer-encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n--b--\r\n`,
  'in a file name': `--b\r\ncontent-disposition: form-data; name="f"; filename="${sentinel.id}.txt"\r\n\r\n{}\r\n--b--\r\n`,
  'in a header of a part': `--b\r\nx-user: ${sentinel.mobile}\r\ncontent-type: application/json\r\n\r\n{}\r\n--b--\r\n`,
  'ahead of the first part': `tel ${sentinel.mobile}\r\n--b\r\n\r\n{}\r\n--b--\r\n`,
  'behind the last part': `--b\r\n\r\n{}\r\n--b--\r\ntel ${sentinel.mobile}\r\n`,
  'without an end': `--b\r\ncontent-type: application/json\r\n\r\n${body}\r\n`,
  'under another boundary': `--c\r\ncontent-type: application/json\r\n\r\n${body}\r\n--c--\r\n`,
}

for (const [where, text] of Object.entries(bodies)) {
  for (const type of ['multipart/mixed', 'multipart/form-data', 'multipart/related', 'multipart/byteranges']) {
    test(`nothing passes ${where} of ${type}`, async () => {
      const got = await ask(answer(text, { 'content-type': `${type}; boundary=b` }))
      assert.ok([200, 502].includes(got.status), String(got.status))
    })
  }
}

test('without a boundary, or with two, it is withheld', async () => {
  for (const type of ['multipart/mixed', 'multipart/mixed; boundary=b; boundary=c', 'multipart/mixed; boundary=""']) {
    const got = await ask(answer(bodies['in a part of JSON']!, { 'content-type': type }))
    assert.equal(got.status, 502, type)
  }
})
