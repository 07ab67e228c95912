import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const types = {
  gone: { form: 'remove' as const },
  covered: { form: 'partial' as const, mask: mask('keep_ends', { head: 1 }), identifies: 1 },
  hidden: { form: 'redact' as const },
  mobile: { form: 'redact' as const, detector: 'cn_mobile' },
}
const fields = { gone: 'gone', name: 'covered', secret: 'hidden', list: 'covered' }
const columns = ['gone', 'name', 'secret', 'any', 'other', 'label', 'value', 'list', 'inner']
const scalars = fc.constantFrom(
  ...[
    '""',
    '"x"',
    '"张三丰"',
    '"13800138000"',
    '"tel 13800138000"',
    '"a\\"b"',
    '"\\u0041"',
    '"{\\"name\\":\\"张三\\"}"',
  ],
  ...['0', '-1', '13800138000', '1.5', '1e3', '-0.25e2', 'true', 'false', 'null', '"name"', '"secret"'],
)
const elements = fc.array(scalars, { maxLength: 5 })
const gap = fc.constantFrom('', '', '', ' ', '\n  ')

/** Rows of the same columns in the same order, each with values and white space of its own kind. */
const body = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...columns), { minLength: 1, maxLength: 6 }),
    values: fc.array(scalars, { minLength: 1, maxLength: 11 }),
    list: elements,
    gaps: fc.tuple(gap, gap, gap, gap, gap),
    rows: fc.integer({ min: 2, max: 5 }),
  })
  .map(({ names, values, list, gaps: [open, behindName, behindColon, behindValue, behindComma], rows }) => {
    let at = 0
    const array = (some: readonly string[]) => `[${some.join(`${behindValue},${behindComma}`)}]`
    const value = (name: string): string =>
      name === 'list' ? array(list) : name === 'inner' ? object(['name', 'gone', 'any']) : values[at++ % values.length]!
    const object = (some: readonly string[]): string =>
      `{${open}${some.map(name => `"${name}"${behindName}:${behindColon}${value(name)}`).join(`${behindValue},${behindComma}`)}${open}}`
    return `{"code":0,"rows":${array(Array.from({ length: rows }, () => object(names)))}}`
  })

test('rows of the same columns are masked alike by both readers, whatever stays of them and however they are cut', () => {
  fc.assert(
    fc.property(
      body,
      fc.array(fc.nat(600), { maxLength: 4 }),
      fc.constantFrom('scan' as const, 'keep' as const, 'remove' as const),
      (text, places, unlisted) => {
        const bytes = Buffer.from(text)
        const cuts = places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b)
        const { bytes: masked } = maskBody(planOf({ types, fields, unlisted }), bytes, cuts)
        JSON.parse(masked.toString())
      },
    ),
    { numRuns: 4000 },
  )
})

test('what stands first in a row is removed with the comma behind it, in every row', () => {
  const plan = planOf({ types, fields })
  const rows = (...some: string[]) => `{"rows":[${some.join()}]}`
  const shown = maskText(
    plan,
    rows('{"gone":"a","any":1}', '{"gone":"b","any":2}', '{ "gone" : "c" , "any":3}', '{"gone":"d"}'),
  )
  assert.equal(shown, rows('{"any":1}', '{"any":2}', '{  "any":3}', '{}'))
})

test('a number or literal that something else than structure ends is read to its end', () => {
  const plan = planOf({ types, fields })
  for (const wrong of ['truex', 'tru', 'nulll', 'falsey', '01', '1.', '-', '1x']) {
    for (const text of [`[{"any":1},{"any":${wrong}}]`, `[{"list":[true,${wrong}]},{"list":[true,${wrong}]}]`])
      assert.throws(() => maskText(plan, text), { code: 'FORMAT_MALFORMED' }, text)
  }
})
