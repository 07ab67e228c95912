import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Determined, determine } from '../../plugins/formats/json/fast/determine.ts'
import { endOfText } from '../../plugins/formats/json/fast/expression.ts'
import { plugins } from '../../plugins/index.ts'
import { testKeys } from '../contract/key-ring.ts'

/** As the compiled reader runs an automaton, but for escapes. */
function matches({ columns, rows, ended }: Determined, text: string): boolean {
  let state = 0
  for (const unit of [...text.split('').map(one => one.charCodeAt(0)), endOfText]) {
    state = rows[state]![columns[unit]!]!
    if (state === ended) return true
  }
  return false
}

const expressions = [
  /a/,
  /^a|b$/,
  /(?:^|\D)\d{3}(?:$|\D)/,
  /a{2,4}b?c*/,
  /(?:ab|a)+c/,
  /[^a-c0-9]b/,
  /先生|女士|[张王]某/,
  /[\u4e00-\u9fa5]{2}[，：]\d/,
  /^\d{1,3}(?:[ -]?\d){2}$/,
  /\u0041|\x42\.|[a\]\\-]-/,
  /x|/,
  /\w\W\w/,
  /省.市/,
]
const shipped = plugins.detectors
  .filter(({ options }) => options.required === undefined)
  .flatMap(plugin => plugin.create({}, testKeys).triggers.shape ?? [])

const text = fc
  .array(fc.constantFrom(...'aabbcc0123 -xAB.]\\\n', '张', '王', '某', '先生', '女士', '，', '：', '省', '市', '龥'), {
    maxLength: 14,
  })
  .map(parts => parts.join(''))

for (const expression of expressions) {
  test(`an automaton of ${expression} says what the expression says`, () => {
    const automaton = determine([expression.source])!
    fc.assert(
      fc.property(text, one => assert.equal(matches(automaton, one), expression.test(one), JSON.stringify(one))),
      { numRuns: 2000 },
    )
  })
}

test('an automaton of each detector’s shape says what the shape says', () => {
  const parts = fc.constantFrom(
    ...['1', '3', '8', '00', '86', '138', '0013', '110105', '1949', '12', '31', '6222', '62', 'X', 'x', ' ', '-', '.'],
    ...[
      '@',
      'a',
      'b.cn',
      ':',
      '+',
      '电话',
      '：',
      '省',
      '路',
      '\n',
      '13800138000',
      '11010519491231002',
      '4111111111111111',
    ],
  )
  for (const shape of shipped) {
    const automaton = determine([shape.source])!
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 9 }), found => {
        const one = found.join('')
        assert.equal(matches(automaton, one), shape.test(one), `${shape} ${JSON.stringify(one)}`)
      }),
      { numRuns: 500 },
    )
  }
})

test('an expression that shapes are not made of is refused', () => {
  for (const source of ['(a)', 'a(?=b)', '\\bx', '\\1', 'a**', '[a', '(?:a', 'a)', '\\p{L}', '(?<n>a)', '\\s'])
    assert.throws(() => determine([source]), SyntaxError, source)
})
