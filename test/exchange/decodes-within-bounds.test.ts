import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { decodeBody } from '../../gateway/exchange/response/decode.ts'
import { type Body, BodyQueue } from '../../gateway/exchange/upstream/body.ts'

const limits = { expansion: 200, answerBody: 8 * 1024 * 1024 }
const encoders = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['DEFLATE', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const

function bodyOf(...chunks: Uint8Array[]): Body {
  const queue = new BodyQueue({ pause() {}, resume() {}, cancel() {} })
  for (const chunk of chunks) queue.push(chunk)
  queue.end()
  return queue
}

async function readAll(body: Body): Promise<Buffer> {
  const all: Uint8Array[] = []
  for (;;) {
    const chunk = body.take()
    if (chunk === null) return Buffer.concat(all)
    if (chunk === undefined) await body.ready()
    else all.push(chunk)
  }
}

function refusal(code: string): (error: unknown) => boolean {
  return error => error instanceof Refusal && error.code === code
}

for (const [name, encode] of encoders) {
  const text = Buffer.from(JSON.stringify({ name: '张三', rows: Array.from({ length: 500 }, (_, at) => at * 7919) }))

  test(`a body in ${name} is decoded at every split`, async () => {
    const encoded = encode(text)
    const cuts = fc.array(fc.nat({ max: encoded.length }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(cuts, async at => {
        const points = [0, ...at.toSorted((one, other) => one - other), encoded.length]
        const chunks = points.slice(1).map((end, index) => encoded.subarray(points[index]!, end))
        assert.deepEqual(await readAll(decodeBody(bodyOf(...chunks), name, limits)), text)
      }),
      { numRuns: 30 },
    )
  })

  test(`bytes after the end of a body in ${name} are a fault`, async () => {
    const trailing = Buffer.concat([encode(text), Buffer.from('{"idCard":"11010519491231002X"}')])
    await assert.rejects(readAll(decodeBody(bodyOf(trailing), name, limits)), refusal('ENCODING_MALFORMED'))
    const apart = decodeBody(bodyOf(encode(text), Buffer.from('x')), name, limits)
    await assert.rejects(readAll(apart), refusal('ENCODING_MALFORMED'))
  })

  test(`a body in ${name} that is cut short is a fault`, async () => {
    const encoded = encode(text)
    for (const length of [0, 1, 5, encoded.length >> 1, encoded.length - 1]) {
      const cut = decodeBody(bodyOf(encoded.subarray(0, length)), name, limits)
      await assert.rejects(readAll(cut), refusal('ENCODING_MALFORMED'), `${length} bytes`)
    }
  })

  test(`a bomb in ${name} is stopped`, async () => {
    const bomb = encode(Buffer.alloc(64 * 1024 * 1024))
    await assert.rejects(readAll(decodeBody(bodyOf(bomb), name, limits)), refusal('ANSWER_TOO_LARGE'))
  })
}

test('an encoding that cannot be undone is withheld, and so are more than two', () => {
  const many = Array(1000).fill('gzip').join(',')
  for (const name of ['compress', 'gzip, exi', 'gzip, gzip, gzip', many, 'dcb', 'gzip;q=1', 'aes128gcm', 'aws-chunked'])
    assert.throws(() => decodeBody(bodyOf(), name, limits), refusal('ENCODING_UNKNOWN'), name)
})

test('two encodings are undone in the order they were applied, and identity is none', async () => {
  const text = Buffer.from('{"xm":"张三"}')
  const twice = brotliCompressSync(gzipSync(text))
  for (const name of ['gzip, br', 'gzip,br,', 'identity, gzip , BR'])
    assert.deepEqual(await readAll(decodeBody(bodyOf(twice), name, limits)), text)
  await assert.rejects(readAll(decodeBody(bodyOf(twice), 'br, gzip', limits)), refusal('ENCODING_MALFORMED'))
  await assert.rejects(
    readAll(decodeBody(bodyOf(twice, Buffer.of(0)), 'gzip, br', limits)),
    refusal('ENCODING_MALFORMED'),
  )
  const inner = brotliCompressSync(Buffer.concat([gzipSync(text), Buffer.from('x')]))
  await assert.rejects(readAll(decodeBody(bodyOf(inner), 'gzip, br', limits)), refusal('ENCODING_MALFORMED'))
})

test('a bomb within a bomb is held to the same limits', async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(4 * 1024 * 1024)))
  await assert.rejects(readAll(decodeBody(bodyOf(bomb), 'gzip, gzip', limits)), refusal('ANSWER_TOO_LARGE'))
})

test('several members of gzip are one body', async () => {
  const members = Buffer.concat([gzipSync('{"a":'), gzipSync('1}')])
  assert.equal((await readAll(decodeBody(bodyOf(members), 'gzip', limits))).toString(), '{"a":1}')
})

test('a label that lies about the encoding is withheld', async () => {
  const plain = Buffer.from('{"idCard":"11010519491231002X"}')
  for (const name of ['gzip', 'deflate', 'br', 'zstd'])
    await assert.rejects(readAll(decodeBody(bodyOf(plain), name, limits)), refusal('ENCODING_MALFORMED'), name)
})

test('a plain body over the limit is withheld', async () => {
  const body = decodeBody(bodyOf(Buffer.alloc(limits.answerBody), Buffer.alloc(1)), null, limits)
  await assert.rejects(readAll(body), refusal('ANSWER_TOO_LARGE'))
})
