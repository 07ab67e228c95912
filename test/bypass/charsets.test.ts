import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const text = JSON.stringify(person)
const utf8 = Buffer.from(text)
const utf16 = Buffer.from(text, 'utf16le')
const utf32 = Buffer.concat([...text].map(letter => Buffer.from(Uint32Array.of(letter.codePointAt(0)!).buffer)))
const json = (charset: string) => ({ 'content-type': `application/json; charset=${charset}` })
/** The digits in EBCDIC (cp037). */
const ebcdic = Buffer.from([...sentinel.mobile].map(digit => 0xf0 + Number(digit)))
const utf7 = `{"tel":"+${Buffer.from(sentinel.mobile, 'utf16le').swap16().toString('base64').replaceAll('=', '')}-"}`

const withheld: Record<string, Buffer> = {
  'UTF-16LE, declared': answer(utf16, json('utf-16le')),
  'UTF-16BE, declared': answer(Buffer.from(utf16).swap16(), json('utf-16')),
  'UTF-16 with a mark, undeclared': answer(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])),
  'UTF-16 without a mark, undeclared': answer(utf16),
  'UTF-16 declared as UTF-8': answer(utf16, json('utf-8')),
  'UTF-32': answer(utf32, json('utf-32')),
  'UTF-7': answer(utf7, json('utf-7')),
  EBCDIC: answer(ebcdic, { 'content-type': 'text/plain; charset=cp037' }),
  'HZ-GB-2312': answer(text, json('hz-gb-2312')),
  'ISO-2022-CN': answer(text, json('iso-2022-cn')),
  'ISO-2022-JP': answer(`{"tel":"\x1b(J${sentinel.mobile}\x1b(B"}`, json('iso-2022-jp')),
  'a name nobody knows': answer(utf8, json('x-secret')),
  'two names': answer(utf8, json('utf-8; charset=gbk')),
  'two headers': answer(utf8, { 'content-type': ['application/json; charset=utf-8', 'application/json; charset=gbk'] }),
  'bytes that are none of UTF-8': answer(
    Buffer.concat([Buffer.from('{"xm":"'), Buffer.from([0xff, 0xc0, 0xaf]), utf8]),
  ),
  'overlong UTF-8': answer(Buffer.from('7b22c1b465c16c223a2231227d', 'hex')),
  'a surrogate in UTF-8': answer(Buffer.from('7b2261223a22eda080227d', 'hex')),
}

for (const [what, bytes] of Object.entries(withheld)) {
  test(`${what}: withheld`, async () => {
    const got = await ask(bytes)
    assert.equal(got.status, 502, got.text)
    assert.match(got.code!, /^(CHARSET|FORMAT)_/)
  })
}

test('a charset in quotes or capitals is the same charset', async () => {
  for (const charset of ['"UTF-8"', 'Utf8', 'us-ascii']) {
    const got = await ask(answer('{"tel":"13912340987"}', json(charset)))
    assert.equal(got.status, 200, charset)
    assert.equal(JSON.parse(got.text).tel, '***')
  }
})

test('a lead byte swallows no quote: GBK is read as GBK, or withheld', async () => {
  // in GBK 0x5c and 0x22 can follow a lead byte, or seem to
  for (const hex of ['7b2261223a22815c222c2274656c223a22', '7b2261223a2281222c2274656c223a22']) {
    const bytes = Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from(`${sentinel.mobile}"}`)])
    for (const charset of ['gbk', 'gb18030', 'big5', 'shift_jis', 'utf-8']) await ask(answer(bytes, json(charset)))
  }
})

test('a page that declares one charset in its head and another in its text gives nothing away', async () => {
  for (const [header, meta] of [
    ['utf-8', 'gbk'],
    ['gbk', 'utf-8'],
    ['utf-8', 'utf-7'],
    ['utf-8', 'utf-16'],
    ['big5', 'gb2312'],
  ]) {
    const page = `<html><head><meta charset="${meta}"></head><body><table><tr><th>手机号</th></tr><tr><td>${sentinel.mobile}</td></tr></table></body></html>`
    await ask(answer(page, { 'content-type': `text/html; charset=${header}` }))
    await ask(answer(page, { 'content-type': 'text/html' }))
  }
})
