import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodedParts } from '../../gateway/masking/encoded.ts'
import { mayBeEncoded } from '../../gateway/masking/may-be-encoded.ts'
import { Unpacking } from '../../gateway/masking/unpacking.ts'
import { maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { xm: 'name' },
  types: {
    name: { form: 'redact' },
    id: { cell: 'A4', detector: 'cn_resident_id' },
    tel: { detector: 'cn_mobile' },
    mail: { detector: 'email' },
  },
})
const mobile = '13800138000'
const shown = (value: string): string => JSON.parse(maskText(plan, JSON.stringify({ value }))).value
const each = (text: string, spell: (code: number) => string) =>
  Array.from(text, one => spell(one.charCodeAt(0))).join('')

const ways: Record<string, (text: string) => string> = {
  decimal: text => each(text, code => `&#${code};`),
  'decimal with zeros': text => each(text, code => `&#00${code};`),
  'decimal without an end': text => each(text, code => `&#${code}`),
  hexadecimal: text => each(text, code => `&#x${code.toString(16)};`),
  'escaped twice': text => each(text, code => `&amp;#${code};`),
  'escapes of JavaScript': text => each(text, code => `\\u${code.toString(16).padStart(4, '0')}`),
  'short escapes of JavaScript': text => each(text, code => `\\x${code.toString(16).padStart(2, '0')}`),
  'escapes of JavaScript, escaped again': text => each(text, code => `\\\\\\\\u${code.toString(16).padStart(4, '0')}`),
  'bytes in octal': text => [...Buffer.from(text)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'bytes in octal, escaped again': text =>
    [...Buffer.from(text)].map(byte => `\\\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'escapes of code points': text => each(text, code => `\\u{${code.toString(16)}}`),
}

for (const [way, write] of Object.entries(ways)) {
  test(`values written in references are found: ${way}`, () => {
    assert.equal(shown(write(mobile)), '***')
    assert.equal(shown(write('11010519491231002X')), '***')
    // What stands beside stays as it was written.
    assert.equal(shown(`${write('é')} ${mobile.slice(0, 5)}${write(mobile.slice(5))}, ok`), `${write('é')} ***, ok`)
  })
}

test('Chinese of which each byte is escaped is read, as UTF-8 or GBK', () => {
  const bytes = { utf8: [0xe5, 0xbc, 0xa0, 0xe4, 0xb8, 0x89], gbk: [0xd5, 0xc5, 0xc8, 0xfd] }
  for (const name of Object.values(bytes))
    for (const written of [
      name.map(byte => `\\x${byte.toString(16).toUpperCase()}`).join(''),
      name.map(byte => `\\${byte.toString(8)}`).join(''),
      name.map(byte => `\\\\x${byte.toString(16)}`).join(''),
    ]) {
      assert.equal(shown(`GET /a?xm=${written}&b=2 HTTP/1.1`), 'GET /a?xm=***&b=2 HTTP/1.1')
      assert.equal(shown(`b'{"xm": "${written}", "n": 1}'`), `b'{"xm": "***", "n": 1}'`)
      assert.equal(shown(`${written}, ${mobile}`), `${written}, ***`)
    }
})

test('mail addresses whose sign is a reference, and numbers parted by one, are found', () => {
  for (const sign of ['&#64;', '&#x40;', '&commat;', '\\u0040', '\\x40'])
    assert.equal(shown(`a.b${sign}example.com`), '***')
  assert.equal(shown('tel 138&nbsp;0013&nbsp;8000'), 'tel ***')
  assert.equal(shown('tel 138&shy;0013&#8203;8000'), 'tel ***')
})

test('JSON in a string that was escaped for a page is read by the same plan', () => {
  const body = (name: string) => `{&quot;xm&quot;:&quot;${name}&quot;,&quot;n&quot;:1}`
  assert.equal(shown(body('张三')), body('***'))
  assert.equal(shown(body('a&amp;张𠮷')), body('***'))
})

test('text without anything personal stays what it is', () => {
  for (const text of [
    'Tom &amp; Jerry &lt;3',
    'a=1&b=2&amp=3&#x;',
    'C:\\users\\x64\\u0041',
    'D:\\2024\\105\\306\\377\\12',
    '\\xe9t\\xe9 \\345\\274',
    '&#0; &#99999999; &#xffffff; &bogus;',
    '&nbsp;&nbsp;',
    '\\',
    '&',
  ]) {
    const body = JSON.stringify({ text })
    assert.equal(maskText(plan, body), body)
  }
})

test('bytes are let through wherever references would be read', () => {
  const pieces = fc.constantFrom(...'&#x;u{}\\1a4', '&#49;', '&amp;', '&nbsp', '\\u0031', '\\x31', '138', '%', ' ')
  fc.assert(
    fc.property(fc.string({ unit: pieces, maxLength: 30 }), text => {
      const bytes = Buffer.from(text)
      assert.ok(mayBeEncoded(bytes, 0, bytes.length) || encodedParts(text, new Unpacking()).length === 0)
      // Both readers of JSON agree, or this throws.
      maskText(plan, JSON.stringify([text]))
    }),
    { numRuns: 1500 },
  )
})
