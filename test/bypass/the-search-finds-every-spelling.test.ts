import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { findSentinel, person, sentinel, sentinelParts, spellings } from '../support/sentinels.ts'

test('each sentinel is found in each spelling, wherever it stands', () => {
  for (const value of Object.values(sentinel)) {
    for (const [spelling, spell] of spellings) {
      for (const spelt of spell(value)) {
        for (const before of ['', 'x', 'xy']) {
          assert.notEqual(findSentinel(Buffer.from(`{"a":"${before}${spelt}"}`)), null, `${spelling} of ${value}`)
        }
      }
    }
    const base64 = ['', '1', '12'].map(before => Buffer.from(`${before}${value}zz`).toString('base64'))
    for (const text of base64) assert.notEqual(findSentinel(Buffer.from(text)), null, text)
  }
})

test('charsets, compression, separators and full-width digits hide none', () => {
  const text = JSON.stringify(person)
  const utf16 = Buffer.from(text, 'utf16le')
  const wide = sentinel.mobile.replace(/\d/g, digit => String.fromCharCode(0xff10 + Number(digit)))
  for (const [what, bytes] of Object.entries({
    'UTF-16LE': utf16,
    'UTF-16LE at an odd offset': Buffer.concat([Buffer.from('x'), utf16]),
    'UTF-16BE': Buffer.from(utf16).swap16(),
    gzip: gzipSync(text),
    'gzip in the middle': Buffer.concat([Buffer.from('{}'), gzipSync(text)]),
    'gzip twice': gzipSync(gzipSync(text)),
    zlib: deflateSync(text),
    brotli: brotliCompressSync(text),
    'GBK 慕容雪': Buffer.from('c4bdc8ddd1a9', 'hex'),
    'with dashes': Buffer.from('139-1234-0987'),
    'with blanks': Buffer.from('139 1234 0987'),
    'full width': Buffer.from(wide),
    'soft line breaks': Buffer.from('139123=\r\n40987'),
    'without width': Buffer.from([...sentinel.mobile].join('\u200b')),
  }))
    assert.notEqual(findSentinel(bytes), null, what)
})

test('nothing is found where nothing is', () => {
  const masked =
    '{"xm":"司****","idCard":"330***************","tel":"139****0987","email":"***","address":"浙江省杭州市***"}'
  assert.equal(findSentinel(Buffer.from(masked)), null)
  assert.equal(findSentinel(Buffer.from('Sat, 21 Nov 2026 09:30:00 GMT 2026-11-21T09:30:00.123Z gw1-0:1042')), null)
  assert.equal(sentinelParts.length, 7)
})
