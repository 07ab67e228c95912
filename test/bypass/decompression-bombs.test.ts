import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const size = 32 << 20
/** Well-formed, and nothing in it is over a limit but the expansion. */
const plain = Buffer.alloc(size, ' ')
plain.write(`[{"tel":"${sentinel.mobile}"}`)
plain.write(']', size - 1)
const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }
const bombs = {
  gzip: gzipSync(plain, { level: 1 }),
  br: brotliCompressSync(plain, fast),
  zstd: zstdCompressSync(plain),
}

for (const [encoding, bytes] of Object.entries(bombs)) {
  test(`ten bombs in ${encoding} at one time are withheld, and take little memory`, async () => {
    assert.ok(bytes.length * 200 < size, `${bytes.length} bytes`)
    const before = process.memoryUsage.rss()
    const all = await Promise.all(
      Array.from({ length: 10 }, () => ask(answer(bytes, { 'content-encoding': encoding }))),
    )
    for (const got of all) assert.deepEqual([got.status, got.code], [502, 'ANSWER_TOO_LARGE'])
    const grown = process.memoryUsage.rss() - before
    assert.ok(grown < 128 << 20, `${grown >> 20} MiB`)
  })
}

test('a bomb inside gzip is no more than bytes that nobody can read', async () => {
  const got = await ask(answer(gzipSync(bombs.gzip), { 'content-encoding': 'gzip' }))
  assert.equal(got.status, 502)
})
