import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shipped } from '../../bench/accuracy/run.ts'
import { plugins } from '../../plugins/index.ts'
import { chanceFrom } from '../support/made-up/chance.ts'
import { harmlessText, kinds, textWith } from '../support/made-up/texts.ts'
import { limits, maskBody, masking, scope } from '../support/mask-body.ts'

const { plan } = shipped()
const seed = 20_261_123
/** Read, masked by the bytes of a rule, and masked with a guard; and what stands in it in an attribute. */
const names = ['v', 'xm', 'sfzh', 'sjhm', 'dz']

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** A comment ahead of a text has it read as a string, and goes itself. */
function agree(texts: readonly string[]): void {
  const body = (ahead: string) =>
    `<r>${texts.map((text, at) => `<${names[at % names.length]}>${ahead}${escaped(text)}</${names[at % names.length]}>`).join(' ')}</r>`
  const plain = maskBody(plan, body(''), [], 'xml')
  const asStrings = maskBody(plan, body('<!-- -->'), [], 'xml')
  assert.equal(plain.bytes.toString(), asStrings.bytes.toString())
  assert.deepEqual(plain.tally, asStrings.tally)
}

// The first texts are not looked at by their bytes.
agree(Array.from({ length: 2000 }, (_, nth) => `学生来电${nth}`))

test('made-up texts of every type become the same by their bytes and as strings', () => {
  const chance = chanceFrom(seed)
  for (let round = 0; round < 12; round++) {
    agree(Object.keys(kinds).flatMap(type => [textWith(type, chance).text, harmlessText(chance)]))
  }
})

test('so do texts put together of what detectors care about, beside any others', () => {
  const part = fc.constantFrom(
    ...[
      '学生来电咨询奖学金发放',
      '王建国',
      '收件人',
      '：',
      '，',
      '浙江省杭州市',
      '文三路138号',
      '😀',
      '\u3000',
      '１３８',
    ],
    ...['13800138000', '138 0013 8000', '11010519491231002X', '6222021001116245702', 'a@b.com', '2026-11-22T09:40:00Z'],
    ...[
      '=',
      ':',
      ' ',
      '"',
      '\\',
      '\n',
      '\t',
      '%E5',
      '&#49;',
      '{',
      '}',
      '[',
      ']',
      '<',
      'xm',
      'MTM4MDAxMzgwMDA',
      '.',
      'x',
    ],
  )
  const text = fc.array(part, { maxLength: 6 }).map(parts => parts.join(''))
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 10 }), texts => agree(texts)),
    { seed, numRuns: 300 },
  )
})

test('bodies read in turns, by tags that both have, become what each becomes alone', () => {
  const row = (nth: number) =>
    `<row no="${nth}" xm="王建国"><xm>李佳慧</xm><v a="${nth}"/><row no="x" xm="赵敏">1380013${nth}</row></row>`
  const bodies = [0, 1].map(one => `<rows>${[1000, 1001, 1002].map(nth => row(nth + one * 5000)).join('')}</rows>`)
  const alone = bodies.map(body => maskBody(plan, body, [], 'xml').bytes.toString())
  const format = plugins.formats.find(({ name }) => name === 'xml')!
  for (let size = 1; size < 60; size++) {
    const maskers = bodies.map(() => masking.start(plan, format, scope, limits))
    const masked = bodies.map(() => [] as Uint8Array[])
    for (let at = 0; at < Math.max(...bodies.map(body => Buffer.byteLength(body))); at += size) {
      for (const [one, body] of bodies.entries()) {
        masked[one]!.push(
          ...maskers[one]!.write(Buffer.from(body).subarray(at, at + size)).map(part => Buffer.from(part)),
        )
      }
    }
    for (const [one, masker] of maskers.entries()) masked[one]!.push(...masker.end())
    assert.deepEqual(
      masked.map(parts => Buffer.concat(parts).toString()),
      alone,
    )
  }
})
