import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { send, standsIn } from '../campaigns/fuzz/bodies.ts'
import { type Finding, findingsFolder } from '../campaigns/fuzz/findings.ts'
import { assertNoSentinel } from '../support/sentinels.ts'
import { wayAround } from '../support/way-around.ts'

const { ask } = wayAround()

for (const file of readdirSync(findingsFolder)) {
  const { why, headers, body } = JSON.parse(readFileSync(findingsFolder + file, 'utf8')) as Finding
  const bytes = Buffer.from(body, 'base64')
  if (headers['content-type'] === 'http') {
    test(`${file}: ${why}`, async () => {
      const got = await ask(socket => socket.end(bytes))
      assert.equal(standsIn(got.body), null)
    })
    continue
  }
  test(`${file}: ${why}, no more, in one piece or byte by byte`, async () => {
    const whole = await send({ headers, bytes })
    assertNoSentinel(whole.bytes, 'what is sent')
    const cuts = Array.from({ length: bytes.length - 1 }, (_, at) => at + 1)
    const parted = await send({ headers, bytes }, cuts)
    assert.equal(parted.code === null, whole.code === null)
    assert.deepEqual(parted.bytes, whole.bytes)
  })
}
