import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import type { KeyRing, Mask, MaskPlugin, Scope } from '../../gateway/contracts.ts'
import { growth, isLinear } from './growth.ts'
import { anyText, hostileUnits } from './hostile-text.ts'
import { testKeys } from './key-ring.ts'
import { isAPlugin } from './plugin.ts'

const scope: Scope = { consumer: 'portal', purpose: 'enrolment', dataType: 'person_name' }

const otherKeys: KeyRing = { secret: purpose => testKeys.secret(`another ${purpose}`) }

/** What a key decides can hold a character of the value by chance, and says nothing by it. */
function isKeyed(mask: Mask, other: Mask, value: string): boolean {
  return mask.mask(value, scope) !== other.mask(value, scope)
}

/** What every mask keeps to, for the options of each of its examples and for none where none is required. */
export function maskContract(plugin: MaskPlugin): void {
  describe(`mask ${plugin.name}`, () => {
    isAPlugin(plugin, 'mask')
    const accepts = new Ajv2020({ strict: false }).compile(plugin.options)
    const variants = [...plugin.examples.map(example => example.options), ...(accepts({}) ? [{}] : [])]

    test('has examples whose options are valid and whose results are true', () => {
      for (const example of plugin.examples) {
        assert.ok(accepts(example.options), JSON.stringify(accepts.errors))
        assert.equal(plugin.create(example.options, testKeys).mask(example.in, scope), example.out, example.in)
      }
    })

    test('refuses options it does not know', () => {
      assert.equal(accepts({ ...variants[0], unheard_of: 1 }), false)
    })

    test('answers any string, the same each time, and never with the string itself', () => {
      for (const options of variants) {
        const mask = plugin.create(options, testKeys)
        const twin = plugin.create(options, testKeys)
        fc.assert(
          fc.property(anyText, value => {
            const masked = mask.mask(value, scope)
            assert.ok(masked === null || typeof masked === 'string')
            assert.equal(twin.mask(value, scope), masked)
            if (masked !== null && /[\p{L}\p{N}]/u.test(value)) assert.notEqual(masked, value)
          }),
          { numRuns: 300 },
        )
      }
    })

    test('keeps of a text what its head says, where it has one', () => {
      for (const options of variants) {
        const mask = plugin.create(options, testKeys)
        if (mask.head === undefined) continue
        const { match, last } = mask.head
        assert.equal(match.flags, '')
        assert.match(last, /^[\u4e00-\u9fa5]$/)
        const from = fc.tuple(fc.stringMatching(match), fc.constantFrom(...plugin.examples.map(one => one.in), '场'))
        let said = 0
        fc.assert(
          fc.property(from, ([start, rest]) => {
            const text = (start + rest).replace(/[^\u4e00-\u9fa5]/g, '')
            const ends = Array.from(text, (_, at) => at + 1)
            const end = ends.find(length => match.test(text.slice(0, length)))
            if (end === undefined) return
            assert.ok(text.slice(0, end).includes(last))
            assert.equal(mask.mask(text, scope), text.slice(0, text.indexOf(last) + 1))
            said++
          }),
          { numRuns: 1000 },
        )
        assert.ok(said > 500)
      }
    })

    test('knows again what it makes, and takes no value for it', () => {
      for (const options of variants) {
        const mask = plugin.create(options, testKeys)
        if (mask.isMasked === undefined) continue
        fc.assert(
          fc.property(anyText, value => {
            const masked = mask.mask(value, scope)
            assert.ok(masked === null || mask.isMasked!(masked), `${masked}`)
          }),
          { numRuns: 300 },
        )
        for (const example of plugin.examples) {
          const own = JSON.stringify(example.options) === JSON.stringify(options)
          if (!own || example.out === null) continue
          assert.ok(mask.isMasked(example.out), example.out)
          assert.ok(!mask.isMasked(example.in), example.in)
        }
      }
    })

    test('knows to the character what it could make, where it says so', () => {
      for (const options of variants) {
        const mask = plugin.create(options, testKeys)
        if (mask.couldMake === undefined) continue
        const { cover = '*' } = options as { cover?: string }
        const values = fc.oneof(anyText, fc.constantFrom(...plugin.examples.map(one => one.in)))
        fc.assert(
          fc.property(values, value => {
            const masked = mask.mask(value, scope)
            if (value.includes(cover) || masked === null) return
            assert.ok(mask.couldMake!(masked), masked)
            assert.ok(mask.isMasked!(masked))
            assert.ok(!mask.couldMake!(value), value)
            assert.ok(!mask.couldMake!(`${masked}${cover}x${cover}`))
          }),
          { numRuns: 300 },
        )
      }
    })

    test('hides every digit and letter of a value of one character, and some of a value of two', () => {
      for (const options of variants) {
        const mask = plugin.create(options, testKeys)
        const other = plugin.create(options, otherKeys)
        for (const value of ['张', '7', 'é', '𠮷', '张三', '12', 'ab', '𠮷野']) {
          const masked = mask.mask(value, scope)
          const shown =
            masked === null || isKeyed(mask, other, value) ? [] : [...value].filter(one => masked.includes(one))
          assert.ok(shown.length < [...value].length, value)
        }
      }
    })

    test('takes time in proportion to the length of a hostile text', () => {
      const mask = plugin.create(variants[0], testKeys)
      for (const unit of hostileUnits) {
        const times = growth(unit, text => mask.mask(text, scope))
        assert.ok(isLinear(times), `${JSON.stringify(unit)}: 8 times the text took ${times.toFixed(1)} times as long`)
      }
    })
  })
}
