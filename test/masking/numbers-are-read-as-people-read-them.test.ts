import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { normalized } from '../../gateway/masking/normalized.ts'
import { placesOf, plainReading } from '../../gateway/masking/plain-reading.ts'
import { plugins } from '../../plugins/index.ts'
import { testKeys } from '../contract/key-ring.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({
  types: {
    id: { cell: 'A4', detector: 'cn_resident_id' },
    tel: { detector: 'cn_mobile' },
    mail: { detector: 'email' },
    name: { detector: 'cn_name' },
  },
})
const mobile = '13800138000'
const id = '11010519491231002X'
const shown = (value: string): string => JSON.parse(maskText(plan, JSON.stringify({ value }))).value
const spell = (text: string, digit: (value: number) => string) => text.replace(/\d/g, one => digit(Number(one)))
const from = (zero: number) => (value: number) => String.fromCodePoint(zero + value)

const scripts: Record<string, (value: number) => string> = {
  'Arabic-Indic': from(0x660),
  Persian: from(0x6f0),
  Devanagari: from(0x966),
  Thai: from(0xe50),
  Tibetan: from(0xf20),
  Mongolian: from(0x1810),
  'mathematical bold': from(0x1d7ce),
  'mathematical monospace': from(0x1d7f6),
  circled: value => (value === 0 ? '⓪' : String.fromCodePoint(0x245f + value)),
  'negative circled': value => (value === 0 ? '⓿' : String.fromCodePoint(0x2775 + value)),
  'in brackets': value => (value === 0 ? '0' : String.fromCodePoint(0x2473 + value)),
  'with a stop': value => (value === 0 ? '0' : String.fromCodePoint(0x2487 + value)),
  raised: value => [...'⁰¹²³⁴⁵⁶⁷⁸⁹'][value]!,
  lowered: value => [...'₀₁₂₃₄₅₆₇₈₉'][value]!,
  keycaps: value => `${value}\ufe0f\u20e3`,
}

for (const [script, digit] of Object.entries(scripts)) {
  test(`numbers in digits that are ${script} are found`, () => {
    assert.equal(shown(`打 ${spell(mobile, digit)} 找我`), '打 *** 找我')
    assert.equal(shown(spell(mobile, digit)), '***')
    assert.equal(shown(`证${spell(id, digit)}。`), '证***。')
  })
}

test('what nobody sees within a value hides none', () => {
  for (const nothing of [
    '\u0000',
    '\u200e',
    '\u200f',
    '\u202e',
    '\u2066',
    '\u0338',
    '\u0301\u0308',
    '\u180e',
    '\ufe0f',
    '\u{e0031}',
  ]) {
    assert.equal(shown(`打${[...mobile].join(nothing)}找我`), '打***找我')
    assert.equal(shown(`mail a${nothing}b@example.${nothing}com ok`), 'mail *** ok')
  }
  assert.equal(shown('联系人：王\u200b建\u200b国，已到'), '联系人：***，已到')
})

test('letters that look like the X of an ID number are one', () => {
  for (const letter of ['Х', 'х', 'Χ', 'χ', 'Ｘ', '𝐗', 'Ⓧ']) {
    assert.equal(shown(`证${id.replace('X', letter)}。`), '证***。')
  }
})

test('addresses of mail in other letters are found', () => {
  assert.equal(shown('写 𝐚𝐛@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦 吧'), '写 *** 吧')
})

test('a value has one spelling, however it is written', () => {
  const detector = plugins.detectors.find(({ name }) => name === 'cn_mobile')!.create({}, testKeys)
  for (const digit of Object.values(scripts)) assert.equal(normalized(detector, spell(mobile, digit)), mobile)
})

test('every decimal digit of Unicode reads as one', () => {
  for (let code = 0x80; code < 0x20000; code++) {
    const character = String.fromCodePoint(code)
    if (code >= 0xff10 && code <= 0xff19) continue
    if (/^\p{Nd}$/u.test(character)) assert.match(plainReading(character)!.text, /^\d$/, code.toString(16))
  }
})

test('columns that a control character parts are no number together', () => {
  assert.equal(shown(`1\u0001${mobile}\u00012`), '1\u0001***\u00012')
  assert.equal(shown('138\u00010013\u00018000'), '138\u00010013\u00018000')
})

test('text without anything personal stays what it is', () => {
  for (const text of [
    '①②③④⑤⑥⑦⑧⑨⑩⑪⑫',
    '共 10 m²，约 3×10⁸ m/s',
    'Привет, мир',
    '👨‍👩‍👧 全家',
    'مرحبا ١٢٣',
    'Ⅳ. ½ ㎏',
    'e\u0301te',
  ]) {
    const body = JSON.stringify({ text })
    assert.equal(maskText(plan, body), body)
  }
})

test('where a reading stands is within the text and in order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), text => {
      const reading = plainReading(text)
      if (reading === null) return
      const spans = Array.from({ length: reading.text.length }, (_, start) => ({ start, end: start + 1 }))
      let last = 0
      for (const { start, end } of placesOf(reading, spans)) {
        assert.ok(last <= start && start < end && end <= text.length)
        last = start
      }
    }),
  )
})

test('a hostile text of other digits is read in a moment', () => {
  const text = '١'.repeat(300_000)
  assert.equal(plainReading(text)!.text.length, 300_000)
  assert.equal(maskBody(plan, JSON.stringify(`${text} ${'①'.repeat(200_000)}`)).bytes.length > 0, true)
})
