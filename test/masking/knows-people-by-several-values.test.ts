import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Canaries } from '../../gateway/masking/canaries.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { jsonReaders, limits, maskBody, scope, tallyOf } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

// maskBody reads by both JSON readers, which have to agree.
const plan = planOf({
  fields: { id: 'id', tel: 'tel', xh: 'number', mail: 'mail', xm: 'name' },
  types: {
    id: { form: 'partial', mask: mask('keep_ends', { head: 3 }), identifies: 1 },
    tel: { form: 'clear', identifies: 2 },
    number: { form: 'partial', mask: mask('keep_ends', { tail: 2 }), identifies: 3 },
    mail: { form: 'redact', identifies: 4 },
    name: { form: 'clear', identifies: 9 },
  },
})

const people = (body: object) =>
  maskBody(plan, JSON.stringify(body)).tally.subjects.map(({ value, also }) =>
    [value, ...also.map(one => one.value)].join(' '),
  )

test('a person is known by the strongest value of a row and the next two', () => {
  assert.deepEqual(people([{ mail: 'm1', tel: 't1', id: 'i1', xh: 'n1', xm: 'zhang' }]), ['i1 n1 t1'])
  assert.deepEqual(people([{ mail: 'm1', xm: 'zhang', xh: 'n1' }]), ['n1 m1'])
  assert.deepEqual(people([{ id: 'i1', contact: { tel: ['t1', 't2'], mail: 'm1' } }]), ['i1 t1 m1'])
})

test('names count only where there is nothing else, as many share one', () => {
  assert.deepEqual(people([{ xm: 'zhang', tel: 't1' }, { xm: 'zhang' }]), ['t1', 'zhang'])
})

test('several people in a row have the values in their order; what is left over goes where there is room', () => {
  const both = { a: { id: 'i1', tel: 't1', xh: 'n1' }, b: { id: 'i2', tel: 't2', xh: 'n2' } }
  assert.deepEqual(people([both]), ['i1 t1 n1', 'i2 t2 n2'])
  assert.deepEqual(people([{ id: ['i1', 'i2'], tel: ['t1', 't2', 't3'] }]), ['i1 t1 t3', 'i2 t2'])
})

test('what other rows say of a person is added, and the stronger kept', () => {
  const rows = [
    { id: 'i1', mail: 'm1' },
    { id: 'i1', mail: 'm2' },
    { id: 'i1', tel: 't1', xh: 'n1' },
  ]
  assert.deepEqual(people(rows), ['i1 n1 t1'])
})

test('each value has the forms that it was given itself', () => {
  const { subjects } = maskBody(plan, JSON.stringify([{ id: '110105194912310021', tel: 't1', mail: 'm1' }])).tally
  const forms = subjects
    .flatMap(one => [one, ...one.also])
    .map(({ mostVisible, strictest }) => [mostVisible, strictest])
  assert.deepEqual(forms, [
    ['partial', 'partial'],
    ['clear', 'clear'],
    ['redact', 'redact'],
  ])
})

test('both readers find the same people in any rows', () => {
  const value = (of: string) => fc.integer({ min: 0, max: 5 }).map(nth => `${of}${nth}`)
  const member = fc.record(
    {
      id: value('i'),
      tel: fc.oneof(value('t'), fc.array(value('t'), { maxLength: 3 })),
      xh: value('n'),
      mail: value('m'),
      xm: value('x'),
    },
    { requiredKeys: [] },
  )
  const row = fc.oneof(
    member,
    fc.record({ a: member, b: member }),
    fc.record({ more: fc.array(member, { maxLength: 3 }) }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.array(row, { maxLength: 12 }), row), body => {
      const { subjects } = maskBody(plan, JSON.stringify(body)).tally
      for (const { also } of subjects) assert.ok(also.length <= 2)
      assert.equal(new Set(subjects.map(({ dataType, value }) => `${dataType} ${value}`)).size, subjects.length)
    }),
    { numRuns: 200 },
  )
})

test('a canary is kept before stronger values, wherever in the row it stands, and forgets nobody', () => {
  const canaries = new Canaries()
  canaries.add([{ dataType: 'mail', value: 'M 9' }])
  canaries.add([{ dataType: 'number', value: 'n9' }])
  const mail = 'm9'
  const stronger = { id: 'i1', tel: ['t1', 't2'], xh: ['n1', 'n2'] }
  const two = { id: ['i1', 'i2'], tel: ['t1', 't2', 't3'], xh: ['n1', 'n2', 'n3'] }
  const rows: [body: object, person: string][] = [
    [{ ...stronger, mail }, 'i1'],
    [{ mail, ...stronger }, 'i1'],
    [{ mail: ['m1', mail, 'm2'], ...stronger, xm: 'zhang' }, 'i1'],
    [{ ...two, mail: ['m1', 'm2', mail] }, 'i1'],
    [{ mail: ['m1', 'm2', mail], ...two }, 'i1'],
  ]
  for (const format of jsonReaders) {
    const masking = createMasking({ formats: [format] }, canaries)
    for (const [body, person] of rows) {
      const masker = masking.start(plan, format, scope, limits)
      masker.write(Buffer.from(JSON.stringify([body])))
      masker.end()
      const { subjects } = tallyOf(masker)
      const own = subjects.find(({ value }) => value === person)!
      assert.ok(
        subjects.some(({ also }) => also.some(one => one.value === mail)),
        `${format.name} ${JSON.stringify(body)}`,
      )
      assert.ok(subjects.every(({ also }) => also.length <= 2) && own !== undefined)
    }
  }
})
