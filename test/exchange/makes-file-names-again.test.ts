import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { remakeDisposition } from '../../gateway/exchange/response/content-disposition.ts'

/** As a plan would: no eleven digits in a row. */
const mayShow = (text: string) => !/(?<!\d)1\d{10}(?!\d)/.test(text.normalize('NFKC'))
const remake = (value: string) => remakeDisposition(value, mayShow)
const raw = (text: string) => Buffer.from(text).toString('latin1')
const gbk = '\xb3\xc9\xbc\xa8.xls'
const again = 'attachment; filename="download.xls"; filename*=UTF-8\'\'%E6%88%90%E7%BB%A9.xls'

test('a plain name stays', () => {
  assert.equal(remake('attachment; filename="report 2026.pdf"'), 'attachment; filename="report 2026.pdf"')
  assert.equal(remake('INLINE;FileName=a.png'), 'inline; filename="a.png"')
  assert.equal(remake('attachment'), 'attachment')
  assert.equal(remake('form-data; name="a"'), null)
})

test('a Chinese name is read in every way that systems write it', () => {
  for (const value of [
    `attachment; filename="${gbk}"`,
    `attachment;filename=${gbk}`,
    `attachment; filename="${raw('成绩.xls')}"`,
    'attachment; filename="%E6%88%90%E7%BB%A9.xls"',
    'attachment; filename=%B3%C9%BC%A8.xls',
    "attachment; filename*=UTF-8''%E6%88%90%E7%BB%A9.xls",
    'attachment; filename="x.xls"; filename*=utf-8\'zh\'%e6%88%90%e7%bb%a9.xls',
    "attachment; filename*=gb2312''%B3%C9%BC%A8.xls",
    'attachment; filename="=?UTF-8?B?5oiQ57upLnhscw==?="',
    'attachment; filename="=?GBK?Q?=B3=C9=BC=A8.xls?="',
  ])
    assert.equal(remake(value), again, value)
})

test('a name that says whose it is does not leave', () => {
  for (const value of [
    'attachment; filename="13800138000.pdf"',
    'attachment; filename="a_13800138000_b.pdf"',
    "attachment; filename*=UTF-8''%E5%BC%A0%E4%B8%8913800138000.pdf",
    'attachment; filename="%31%33800138000.pdf"',
    'attachment; filename="１３８００１３８０００.pdf"'.replace(/[\uff10-\uff19]/g, one => raw(one)),
  ])
    assert.equal(remake(value), 'attachment; filename="download.pdf"', value)
})

test('a name cannot break out of its header, its folder or its kind', () => {
  assert.equal(remake('attachment; filename="../../etc/passwd"'), 'attachment; filename="passwd"')
  assert.equal(remake('attachment; filename="C:\\\\a\\\\b.txt"'), 'attachment; filename="b.txt"')
  assert.equal(remake('attachment; filename="a%0d%0aX: 1.txt"'), 'attachment; filename="aX 1.txt"')
  assert.equal(remake("attachment; filename*=UTF-8''a%E2%80%AEfdp.exe"), 'attachment; filename="afdp.exe"')
  assert.equal(remake('attachment; filename="..."'), 'attachment')
  assert.equal(remake('attachment; filename="\xff\xff"'), 'attachment')
})

test('whatever comes, what leaves is a header of the one form', () => {
  const piece = fc.oneof(
    fc.constantFrom('attachment', ';', 'filename', '*', '=', '"', "''", 'UTF-8', '%', '=?', '?='),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const value = remake(`attachment; ${Buffer.from(pieces.join('')).toString('latin1')}`)
      assert.match(value!, /^attachment(?:; filename="[A-Za-z0-9 ._()-]+"(?:; filename\*=UTF-8''[A-Za-z0-9._~%-]+)?)?$/)
    }),
    { numRuns: 2000 },
  )
})
