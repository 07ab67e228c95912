import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { DetectorPlugin, Triggers } from '../../gateway/contracts.ts'
import { growth, isLinear } from './growth.ts'
import { anyText, hostileUnits } from './hostile-text.ts'
import { testKeys } from './key-ring.ts'
import { isAPlugin } from './plugin.ts'

/** What every detector keeps to. */
export function detectorContract(plugin: DetectorPlugin): void {
  describe(`detector ${plugin.name}`, () => {
    isAPlugin(plugin, 'detector')
    const detector = plugin.create({}, testKeys)
    const found = (text: string) => detector.find(text).map(({ start, end }) => text.slice(start, end))

    test('finds what its examples say, and has examples of what it must not find', () => {
      for (const example of plugin.examples) assert.deepEqual(found(example.in), example.finds, example.in)
      assert.ok(plugin.examples.filter(example => example.finds.length === 0).length >= 3)
    })

    const planted = fc
      .array(fc.oneof(anyText, fc.constantFrom(...plugin.examples.map(example => example.in))), { maxLength: 4 })
      .map(parts => parts.join(' '))

    test('returns spans in order, apart and within the text, the same each time', () => {
      fc.assert(
        fc.property(planted, text => {
          let last = 0
          for (const { start, end } of detector.find(text)) {
            assert.ok(last <= start && start < end && end <= text.length)
            last = end
          }
          assert.deepEqual(detector.find(text), detector.find(text))
        }),
        { numRuns: 500 },
      )
    })

    test('finds nothing in a text that does not trigger it', () => {
      fc.assert(
        fc.property(planted, text => {
          if (found(text).length > 0) assert.ok(triggered(detector.triggers, text), text)
        }),
        { numRuns: 500 },
      )
    })

    const { shape } = detector.triggers
    test('finds nothing in a text that has not its shape', { skip: shape === undefined }, () => {
      assert.equal(shape!.flags, '')
      fc.assert(
        fc.property(fc.oneof(planted, nearly(plugin)), text => {
          if (!shapeAlphabet.test(text) || detector.find(text).length === 0) return
          assert.match(text, shape!)
        }),
        { numRuns: 5000 },
      )
    })

    test('gives one spelling of what it finds, and keeps what it does not know', () => {
      for (const example of plugin.examples) {
        for (const one of example.finds) {
          const normal = detector.normalize(one)
          assert.equal(detector.normalize(normal), normal)
          assert.equal(detector.normalize(` ${one} `), normal)
        }
      }
      fc.assert(
        fc.property(anyText, value => {
          const normal = detector.normalize(value)
          assert.equal(detector.normalize(normal), normal)
          // What it does not know it spells as the engine does what no detector knows, or not at all.
          const plain = value.normalize('NFKC').replace(/\s+/gu, '').toLowerCase()
          if (normal !== value && normal !== plain) assert.notEqual(detector.find(normal).length, 0)
        }),
      )
    })

    const { normal } = detector
    if (normal !== undefined)
      test('what is normal is its own normalisation', () => {
        assert.equal(normal.flags, '')
        const normalLike = fc.oneof(fc.stringMatching(normal), planted, nearly(plugin))
        fc.assert(
          fc.property(normalLike, text => {
            if (normal.test(text) && !/[^\0-\x7f]/.test(text)) assert.equal(detector.normalize(text), text)
          }),
          { numRuns: 2000 },
        )
        const spelt = plugin.examples.flatMap(({ finds }) => finds.map(one => detector.normalize(one)))
        assert.ok(
          spelt.some(one => normal.test(one)),
          'most are',
        )
      })

    test('takes time in proportion to the length of a hostile text', () => {
      for (const unit of hostileUnits) {
        const times = growth(unit, text => detector.find(text))
        assert.ok(isLinear(times), `${JSON.stringify(unit)}: 8 times the text took ${times.toFixed(1)} times as long`)
      }
    })
  })
}

/** What `Triggers.shape` speaks of. */
const shapeAlphabet = /^[\0-\x7f\u3001-\u9fff！（），：；？“”‘’…]*$/

/** Examples with something between, put in or left out, and with other neighbours. */
function nearly({ examples }: DetectorPlugin): fc.Arbitrary<string> {
  const finds = examples.flatMap(example => example.finds)
  const put = fc.constantFrom(
    '',
    '',
    ' ',
    '-',
    '0',
    '1',
    '8',
    '86',
    '0086',
    '+',
    'X',
    'x',
    '.',
    '@',
    '号',
    '，',
    ',',
    '*',
    ')',
    '(',
    'a',
    '\n',
  )
  return fc
    .tuple(fc.constantFrom(...finds), fc.array(fc.tuple(fc.nat(40), fc.nat(2), put), { maxLength: 4 }), put, put)
    .map(([text, edits, before, behind]) => {
      let edited = text
      for (const [place, gone, put] of edits) {
        const at = place % (edited.length + 1)
        edited = edited.slice(0, at) + put + edited.slice(at + (gone === 2 ? 1 : 0))
      }
      return before + edited + behind
    })
}

/** As contracts.ts defines them. */
export function triggered({ digits = 0, joined, at = 0, wide = 0, code, marks }: Triggers, text: string): boolean {
  const count = (pattern: RegExp) => (text.match(pattern) ?? []).length
  if (count(/[@＠]/g) < at || count(/[^\0-\x7f]/g) < wide || digitsIn(text, joined) < digits) return false
  if (marks !== undefined && !marks.of(text).some(mark => marks.wanted[mark] === 1)) return false
  return code !== true || /[0-9A-Z]{15}|(?:\d\.[\s\S]*?){3}|(?::[\s\S]*?){4}|(?:-[\s\S]*?){5}/.test(text)
}

/** How many digits there are, or how many in a row at most. */
function digitsIn(text: string, joined?: true): number {
  const rows = joined === true ? text.split(/[\0-\x1f!-(:-^`-\x7f\u4000-\u9fff]/) : [text]
  return Math.max(...rows.map(row => (row.match(/[0-9０-９]/g) ?? []).length))
}
