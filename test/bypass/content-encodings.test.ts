import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { person } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = Buffer.from(JSON.stringify(person))
const gzip = gzipSync(body)
const encoded = (bytes: Uint8Array, encoding: string | readonly string[]) =>
  answer(bytes, { 'content-encoding': encoding })

const read: Record<string, Buffer> = {
  gzip: encoded(gzip, 'gzip'),
  'GZIP in capitals': encoded(gzip, ' GZip '),
  'x-gzip': encoded(gzip, 'x-gzip'),
  deflate: encoded(deflateSync(body), 'deflate'),
  br: encoded(brotliCompressSync(body), 'br'),
  zstd: encoded(zstdCompressSync(body), 'zstd'),
  identity: encoded(body, 'identity'),
}

for (const [what, bytes] of Object.entries(read)) {
  test(`what is sent as ${what} is read and masked`, async () => {
    const got = await ask(bytes)
    assert.equal(got.status, 200)
    assert.equal(JSON.parse(got.text).tel, '***')
    assert.doesNotMatch(got.head, /content-encoding/i)
  })
}

const withheld: Record<string, Buffer> = {
  'plain bytes labelled gzip': encoded(body, 'gzip'),
  'gzip bytes without a label': answer(gzip),
  'gzip labelled br': encoded(gzip, 'br'),
  'deflate labelled gzip': encoded(deflateSync(body), 'gzip'),
  compress: encoded(body, 'compress'),
  dcb: encoded(brotliCompressSync(body), 'dcb'),
  'aws-chunked': encoded(body, 'aws-chunked'),
  'an unknown one': encoded(body, 'x-secret'),
  'one with a parameter': encoded(gzip, 'gzip;q=1'),
  'a thousand on top of one another': encoded(gzip, Array(1000).fill('gzip').join(',')),
  'several gzip members': encoded(Buffer.concat([gzipSync('{}'), gzip]), 'gzip'),
  'bytes behind the end of gzip': encoded(Buffer.concat([gzipSync('{}'), body]), 'gzip'),
  'bytes behind the end of br': encoded(Buffer.concat([brotliCompressSync('{}'), body]), 'br'),
  'bytes behind the end of deflate': encoded(Buffer.concat([deflateSync('{}'), body]), 'deflate'),
  'bytes behind the end of zstd': encoded(Buffer.concat([zstdCompressSync('{}'), body]), 'zstd'),
  'gzip cut short': encoded(gzip.subarray(0, -9), 'gzip'),
  'gzip with a wrong checksum': encoded(Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8)]), 'gzip'),
}

for (const [what, bytes] of Object.entries(withheld)) {
  test(`what is sent as ${what} is withheld`, async () => {
    const got = await ask(bytes)
    assert.equal(got.status, 502, got.text)
    assert.match(got.code!, /^(ENCODING|FORMAT)_/)
  })
}

test('two layers, an empty name, two headers and raw deflate are read whole or withheld', async () => {
  for (const bytes of [
    encoded(gzipSync(gzip), 'gzip, gzip'),
    encoded(gzipSync(gzip), ['gzip', 'gzip']),
    encoded(gzip, ['gzip', 'identity']),
    encoded(gzip, 'gzip,'),
    encoded(body, ''),
    encoded(body, ','),
    encoded(deflateRawSync(body), 'deflate'),
  ]) {
    const got = await ask(bytes)
    if (got.status === 200) assert.equal(JSON.parse(got.text).tel, '***')
    else assert.equal(got.status, 502)
  }
})

test('what the caller accepts decides nothing: the answer is read all the same', async () => {
  for (const accepted of ['gzip, br', 'identity;q=0, *;q=0', 'compress', 'gzip'.repeat(500)]) {
    let seen = ''
    const got = await ask(
      (socket, head) => {
        seen = head
        socket.write(encoded(gzip, 'gzip'))
      },
      { headers: [`accept-encoding: ${accepted}`] },
    )
    assert.equal(got.status, 200)
    assert.match(seen, /accept-encoding: identity, gzip;q=0\.5/i)
  }
})
