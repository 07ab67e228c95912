import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Detector, Span } from '../../gateway/contracts.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

/** What `Triggers.code` promises, as a pattern; found as a whole text, so that a reader that passes over one shows. */
const code = /[0-9A-Z]{15}|(?:\d\..*){3}|(?::.*){4}|(?:-.*){5}/s
const detector: Detector = {
  triggers: { code: true },
  checked: true,
  find: (text): Span[] => (code.test(text) ? [{ start: 0, end: text.length }] : []),
  normalize: value => value,
}

function planWith(form: 'clear' | 'redact'): Plan {
  const plan = planOf({ types: { code: { form: 'redact' }, seen: { form } }, fields: { seen: 'seen' } })
  const types = plan.types.map((type, at) => (at === 0 ? { ...type, detector } : type))
  return { ...plan, types, detectors: [{ type: 0, detector }] }
}

const plan = planWith('clear')

test('a text with a code in it is read, wherever it stands, and others are as they were', () => {
  const codes = ['LSVAA4182E2184847', '91330106MA28G6XH1', '10.1.2.3', '00:1A:2B:3C:4D:5E', '00-1a-2b-3c-4d-5e']
  const others = [
    'LSVAA4182E2184',
    '2026-11-21T09:30:00.123',
    '1.2.x',
    'a.b.c.d.e',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
  ]
  for (let ahead = 0; ahead < 40; ahead++) {
    for (const one of codes) {
      assert.equal(maskText(plan, JSON.stringify(['x'.repeat(ahead) + one])), '["***"]')
      assert.equal(maskText(plan, JSON.stringify({ seen: `${'x'.repeat(ahead)}${one}y` })), '{"seen":"***"}')
    }
    for (const one of others) {
      const body = JSON.stringify({ a: 'x'.repeat(ahead) + one, seen: one })
      assert.equal(maskText(plan, body), body)
    }
  }
})

test('no text with a code is passed over', () => {
  const unit = fc.constantFrom(...'0123456789ABCXYZaz.:- /', 'ABCDEFGH', '1234567', '\n', '\\', '号')
  const text = fc.array(unit, { maxLength: 40 }).map(units => units.join(''))
  fc.assert(
    fc.property(text, one => {
      const masked = one !== '' && code.test(one)
      assert.equal(maskText(plan, JSON.stringify([one])), masked ? '["***"]' : JSON.stringify([one]))
    }),
    { numRuns: 1000 },
  )
})
