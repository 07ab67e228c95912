import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const types = { id: { detector: 'cn_resident_id' }, phone: { detector: 'cn_mobile' }, mail: { detector: 'email' } }
const values = fc.oneof(
  fc.constantFrom<unknown>(
    '11010519491231002X',
    ' 110105194912310029 ',
    13800138000,
    '13800138000',
    'a@b.example.com',
    0,
  ),
  fc.constantFrom<unknown>(
    '***',
    '1.38e10',
    1.38e10,
    true,
    null,
    '',
    '{"code":"13800138000"}',
    '[1]',
    '电话13800138000',
  ),
  fc.constantFrom<unknown>(
    '１３８００１３８０００',
    'MTM4MDAxMzgwMDA=',
    110105194912310,
    -13800138000,
    '0.13800138000',
  ),
  fc.nat(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
)
const unlisted = fc.constantFrom<'scan' | 'hold' | 'keep'>('scan', 'hold', 'keep')

test('under an ambiguous name is masked what its detector claims whole, and all else as under any name', () => {
  const { detector } = planOf({ types }).types[0]!
  fc.assert(
    fc.property(values, unlisted, (value, unlisted) => {
      const plan = planOf({ weak: { code: 'id' }, types, unlisted })
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      const [span, more] = text === '' ? [] : detector!.find(text)
      const isWhole = span !== undefined && more === undefined && text.trim() === text.slice(span.start, span.end)
      const shown = (name: string) => maskText(plan, JSON.stringify({ [name]: value })).slice(name.length + 4, -1)
      assert.equal(shown('code'), isWhole ? (typeof value === 'string' ? '"***"' : 'null') : shown('any'))
    }),
    { numRuns: 2_000 },
  )
})

test('whatever a detector finds in texts that need not have anything in them is still asked of it', () => {
  const plan = planOf({ weak: { code: 'id' }, types })
  const anything = {
    triggers: {},
    checked: true,
    find: (text: string) => (text === 'true' ? [{ start: 0, end: 4 }] : []),
  }
  const id = { ...plan.types[0]!, detector: { ...anything, normalize: (text: string) => text } }
  const any = { ...plan, types: [id, ...plan.types.slice(1)], detectors: plan.detectors.slice(1) }
  assert.equal(maskText(any, '{"code":true,"kode":true}'), '{"code":null,"kode":true}')
  const listed = { ...any, detectors: [{ type: 0, detector: id.detector }, ...any.detectors] }
  assert.equal(maskText(listed, '{"code":true,"kode":true}'), '{"code":null,"kode":true}')
})
