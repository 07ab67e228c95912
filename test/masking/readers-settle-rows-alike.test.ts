import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Canaries } from '../../gateway/masking/canaries.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { mostAlso } from '../../gateway/subject.ts'
import { jsonReaders, limits, maskBody, masking, scope, tallyOf } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

// Who is in a row is settled by the compiled reader, by the cursor, or by both in turn; maskBody has them agree.
const plan = planOf({
  fields: { id: 'id', tel: 'tel', xh: 'number', card: 'card', mail: 'mail', xm: 'name', nick: 'nick', key: 'key' },
  types: {
    id: { form: 'partial', mask: mask('keep_ends', { head: 3 }), identifies: 1 },
    tel: { form: 'clear', identifies: 2, detector: 'cn_mobile' },
    number: { form: 'partial', mask: mask('keep_ends', { tail: 2 }), identifies: 3 },
    card: { form: 'redact', identifies: 3 },
    mail: { form: 'remove', identifies: 4 },
    key: { form: 'token', mask: mask('hmac'), identifies: 5 },
    name: { form: 'clear', identifies: 9 },
    nick: { form: 'redact', identifies: 9 },
  },
})

const numbered = (of: string) => fc.nat(5).map(nth => `${of}${nth}`)
const tel = (spelt: string) => fc.nat(5).map(nth => spelt.replace('N', `${nth}`))
/** Such as stand for nobody else, and seldom one that is spelt in another way or stands in a text. */
const plain = {
  id: numbered('i'),
  tel: tel('1380013800N'),
  xh: numbered('n'),
  card: numbered('c'),
  mail: numbered('m'),
  key: numbered('k'),
  xm: numbered('x'),
  nick: numbered('x'),
}
const odd = {
  id: fc.constantFrom('I1', 'ｉ2', ' i3', '身0', '', 'i"4'),
  tel: fc.oneof(tel('138 0013 800N'), tel('+861380013800N'), tel('1380013800N.'), fc.constant(13800138001)),
  note: fc.oneof(tel('call 1380013800N'), tel('{"tel":"1380013800N"}'), tel('[{"tel":"1380013800N"},{"id":"i1"}]')),
  xm: fc.constantFrom('张三', '李四', 'Zhang'),
  key: fc.constantFrom('k'.repeat(300), 'K1', null),
}
const several = (values: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(values).map(([name, one]) => [name, fc.oneof(one, fc.array(one, { maxLength: 4 }))]),
    ),
    { requiredKeys: [] },
  )
const values = several(plain)
const row = fc.oneof(
  { weight: 8, arbitrary: values },
  { weight: 3, arbitrary: fc.record({ a: values, b: values, c: fc.array(values, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: several(odd) },
  { weight: 1, arbitrary: fc.record({ a: values, b: several(odd), c: values }) },
)
const rows = fc.array(row, { maxLength: 12 })
const body = fc.oneof(
  rows,
  fc.record({ about: values, rows, more: values }),
  fc.record({ a: rows, b: fc.oneof(values, several(odd)), c: rows }),
)

test('whoever settles who is in a row, the same people are known by the same values', () => {
  fc.assert(
    fc.property(body, fc.array(fc.nat(400), { maxLength: 3 }), (body, cuts) => {
      const text = JSON.stringify(body)
      const at = cuts.filter(cut => cut < Buffer.byteLength(text)).sort((a, b) => a - b)
      const { subjects } = maskBody(plan, text, at).tally
      for (const { also } of subjects) assert.ok(also.length <= mostAlso)
      assert.equal(new Set(subjects.map(({ dataType, value }) => `${dataType} ${value}`)).size, subjects.length)
    }),
    { numRuns: 600 },
  )
})

/** The tallies of a body of which one is taken behind each piece, by a reader; another body is read meanwhile. */
function windows(text: string, cuts: readonly number[], canary: string | null) {
  const bytes = Buffer.from(text)
  return jsonReaders.slice(0, 2).map(format => {
    const canaries = new Canaries()
    const own = createMasking({ formats: [format] }, canaries)
    const [masker, other] = [1, 2].map(() => own.start(plan, format, scope, limits)) as [Masker, Masker]
    other.write(Buffer.from('[{"id":"i1","tel":"13800138009"},{"id":"i7","xh":'))
    let from = 0
    const tallies = [...cuts, bytes.length].map((to, nth) => {
      masker.write(bytes.subarray(from, to))
      from = to
      if (nth < 2) other.write(Buffer.from(nth === 0 ? '"n7"},{"id":"i1"' : ',"mail":"m1"},{"id":"i1"'))
      if (nth === 0 && canary !== null) canaries.add([{ dataType: 'mail', value: canary }])
      return nth % 2 === 0 ? tallyOf(masker) : null
    })
    masker.end()
    other.write(Buffer.from('}]'))
    other.end()
    return { tallies, last: tallyOf(masker), other: tallyOf(other) }
  })
}
type Masker = ReturnType<ReturnType<typeof createMasking>['start']>

test('the same in windows, beside other bodies, and with canaries that come meanwhile', () => {
  fc.assert(
    fc.property(
      body,
      fc.array(fc.nat(400), { maxLength: 4 }),
      fc.option(fc.constantFrom('m1', 'm2')),
      (body, cuts, canary) => {
        const text = JSON.stringify(body)
        const at = cuts.filter(cut => cut < Buffer.byteLength(text)).sort((a, b) => a - b)
        const [fast, plainly] = windows(text, at, canary)
        assert.deepEqual(fast, plainly)
      },
    ),
    { numRuns: 300 },
  )
})

test('people of a body that waits while many plans are at work are the same people when it goes on', () => {
  const [fast] = jsonReaders
  const waiting = masking.start(plan, fast!, scope, limits)
  const text = JSON.stringify([
    { id: 'i1', tel: '13800138001' },
    { id: 'i2', key: 'k1', xh: 'n1' },
    { xh: 'n2', tel: '13800138002', id: 'i3' },
    { id: 'i1', mail: 'm1' },
    { id: 'i2', tel: '13800138003' },
  ])
  const middle = text.indexOf(',"id":"i3"')
  waiting.write(Buffer.from(text.slice(0, middle)))
  for (let nth = 0; nth < 30; nth++) maskBody({ ...plan }, '[{"mail":"m9","xh":"n9"},{"id":"i9"}]')
  waiting.write(Buffer.from(text.slice(middle)))
  waiting.end()
  assert.deepEqual(tallyOf(waiting), maskBody(plan, text).tally)
})
