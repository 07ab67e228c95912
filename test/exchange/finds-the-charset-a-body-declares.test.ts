import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { type CharsetHints, chooseCharset } from '../../gateway/exchange/charset/charset.ts'
import { declaredIn } from '../../gateway/exchange/charset/declared.ts'

const none: CharsetHints = { header: null, policy: null, markup: true }

function choose(head: string, hints: Partial<CharsetHints> = {}): string {
  try {
    return chooseCharset(Buffer.from(head, 'latin1'), { ...none, ...hints }).charset
  } catch (error) {
    assert.ok(error instanceof Refusal)
    return error.code
  }
}

test('labels are those of the WHATWG Encoding Standard, in any case', () => {
  for (const [header, charset] of [
    ['utf-8', 'utf-8'],
    ['UTF8', 'utf-8'],
    ['us-ascii', 'utf-8'],
    ['GBK', 'gbk'],
    ['gb2312', 'gbk'],
    ['GB_2312-80', 'gbk'],
    ['x-gbk', 'gbk'],
    ['gb18030', 'gb18030'],
    ['Big5', 'big5'],
    ['big5-hkscs', 'big5'],
  ] as const)
    assert.equal(choose('', { header }), charset, header)
})

test('a charset that cannot be read is withheld, wherever it is declared', () => {
  const others =
    'utf-7 utf-16 utf-16le utf-32 hz-gb-2312 iso-2022-cn iso-2022-jp shift_jis euc-kr ibm037 iso-8859-1 x unreadable'
  for (const label of others.split(' ')) {
    assert.equal(choose('{', { header: label }), 'CHARSET_UNKNOWN', label)
    assert.equal(choose(`<?xml version="1.0" encoding="${label}"?>`), 'CHARSET_UNKNOWN', label)
    if (!/^utf-16/.test(label)) assert.equal(choose(`<meta charset=${label}>`), 'CHARSET_UNKNOWN', label)
  }
  for (const mark of ['\xff\xfe{\0', '\xfe\xff\0{', '\xff\xfe\0\0', '\0\0\xfe\xff'])
    assert.equal(choose(mark, { markup: false }), 'CHARSET_UNKNOWN')
})

test('ISO-8859-1, which old servers write where nobody has said anything, is read as UTF-8 in what goes on relabelled', () => {
  for (const label of ['ISO-8859-1', 'latin1', 'windows-1252', 'iso8859-1']) {
    assert.equal(choose('{', { header: label, relabelled: true }), 'utf-8', label)
    assert.equal(choose(`<?xml version="1.0" encoding="${label}"?>`, { relabelled: true }), 'utf-8', label)
    assert.equal(choose('{', { header: label }), 'CHARSET_UNKNOWN', label)
  }
  assert.equal(choose('{', { header: 'iso-8859-15', relabelled: true }), 'CHARSET_UNKNOWN')
})

test('the header decides before the body, the body before the policy, and UTF-8 is what is left', () => {
  const page = '<html><head><meta charset="gbk">'
  assert.equal(choose(page, { header: 'utf-8', policy: 'big5' }), 'utf-8')
  assert.equal(choose(page, { policy: 'big5' }), 'gbk')
  assert.equal(choose('{"a":1}', { policy: 'big5' }), 'big5')
  assert.equal(choose('{"a":1}'), 'utf-8')
  assert.equal(choose('\xef\xbb\xbf<meta charset=gbk>', { policy: 'gbk' }), 'utf-8')
})

test('a byte order mark that contradicts the header is withheld', () => {
  assert.equal(choose('\xef\xbb\xbf{', { header: 'gbk' }), 'CHARSET_MALFORMED')
  assert.equal(choose('\xef\xbb\xbf{', { header: 'utf-8' }), 'utf-8')
  assert.equal(choose('\xff\xfe', { header: 'gbk' }), 'CHARSET_UNKNOWN')
})

test('the label that leaves is the one that came, so that an old client knows it', () => {
  assert.equal(chooseCharset(Buffer.alloc(0), { ...none, header: 'GB2312' }).label, 'gb2312')
  assert.equal(chooseCharset(Buffer.from('<meta charset=" GBK ">'), none).label, 'gbk')
  assert.equal(chooseCharset(Buffer.alloc(0), { ...none, header: 'ascii' }).label, 'utf-8')
})

test('an XML declaration is read as XML has it', () => {
  for (const declaration of [
    '<?xml version="1.0" encoding="GBK"?><a/>',
    "<?xml version='1.0' encoding = 'gb2312' standalone='yes'?><a/>",
    '\r\n\r\n<?xml version="1.0"\tencoding="gbk"?>',
  ])
    assert.equal(choose(declaration), 'gbk', declaration)
  assert.equal(choose('<?xml version="1.0"?><a encoding="gbk"/>'), 'utf-8')
  assert.equal(choose('<a><?xml version="1.0" encoding="gbk"?></a>'), 'utf-8')
})

test('a meta element is found as browsers find it', () => {
  for (const page of [
    '<meta charset=gbk>',
    '<META CHARSET="GBK" />',
    "<meta http-equiv='Content-Type' content='text/html; charset=gb2312'>",
    '<meta content="text/html;charset=gbk" http-equiv=content-type>',
    '<!-- <meta charset="big5"> --><meta/charset=gbk>',
    '<!doctype html><html lang="zh>"><meta charset=gbk>',
    '<script src="a.js"></script><meta charset=gbk charset=big5>',
    '<a title="<meta charset=big5>"><meta charset=gbk>',
    '<!--><meta charset=gbk>',
  ])
    assert.equal(choose(page), 'gbk', page)
  for (const page of [
    '<!-- <meta charset=gbk> -->',
    '<meta name=x content="text/html; charset=gbk">',
    '<metacharset=gbk>',
    '<meta',
    'meta charset=gbk',
    `${' '.repeat(1024)}<meta charset=gbk>`,
  ])
    assert.equal(choose(page), 'utf-8', page)
  assert.equal(choose('<meta charset=utf-16le>'), 'utf-8')
})

test('looking for a charset ends on any bytes', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '<meta ',
    'charset',
    '=',
    '"',
    "'",
    '<!--',
    '-->',
    '/',
    ' ',
    '<?xml ',
    'gbk',
    'a',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 300 }), pieces => {
      declaredIn(Buffer.from(pieces.join('')), true)
    }),
  )
})
