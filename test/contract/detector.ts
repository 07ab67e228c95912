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
          for (const one of found(text)) {
            assert.ok(triggered(detector.triggers, one), one)
            const among = /[0-9０-９].*[0-9０-９]/s.exec(one)?.[0] ?? ''
            if (detector.triggers.joined) assert.match(among, /^[-0-9 \u0080-\u3fff\ua000-\uffff]*$/, one)
          }
        }),
        { numRuns: 500 },
      )
    })

    const { shape } = detector.triggers
    test('finds nothing in a text that has not its shape', { skip: shape === undefined }, () => {
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
          if (normal !== value) assert.notEqual(detector.find(normal).length, 0)
        }),
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
const shapeAlphabet = /^[\0-\x7f\u3001-\u9fff！（），：；？]*$/

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
function triggered({ digits = 0, at = 0, wide = 0 }: Triggers, text: string): boolean {
  const count = (pattern: RegExp) => (text.match(pattern) ?? []).length
  return count(/[0-9０-９]/g) >= digits && count(/[@＠]/g) >= at && count(/[^\0-\x7f]/g) >= wide
}
