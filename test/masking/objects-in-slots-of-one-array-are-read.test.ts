import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskBody } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { xm: 'name', tel: 'phone', zd: 'illness', sex: 'sex' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) },
    phone: { detector: 'cn_mobile', form: 'partial', mask: mask('keep_ends', { head: 3, tail: 4 }) },
    illness: { cell: 'B4', form: 'remove' },
    sex: {},
  },
})
const masked = (body: string) => maskBody(plan, body).bytes.toString('utf8')

for (const [what, body, becomes] of [
  [
    'devalue, as Nuxt and SvelteKit write it',
    '[{"rows":1},[2],{"id":3,"xm":4,"tel":5,"zd":6},17,"张三","13800138000","乙肝"]',
    '[{"rows":1},[2],{"id":3,"xm":7,"tel":8,"zd":9},17,null,null,null,"张*","138****8000",null]',
  ],
  [
    'a value that stands in a field and in another place',
    '[{"page":1,"list":2,"note":5},1,[3],{"sex":1,"zd":4,"xm":6},"乙肝","电话 13800138000","李四"]',
    '[{"page":1,"list":2,"note":7},1,[3],{"sex":8,"zd":8,"xm":9},null,null,null,"电话 138****8000",null,"李*"]',
  ],
  [
    'wrappings and types of values, as Nuxt has them',
    '[["ShallowReactive",1],{"data":2,"at":3},["Ref",4],["Date","2026-11-24T00:00:00Z"],{"xm":5,"s":6},"张三",["Set",7],"张三的"]',
    '[["ShallowReactive",1],{"data":2,"at":3},["Ref",4],["Date","2026-11-24T00:00:00Z"],{"xm":8,"s":6},null,["Set",7],"张三的","张*"]',
  ],
  [
    'numbers in quotes, as flatted has them',
    '[{"rows":"1"},["2"],{"id":12345678901234567890,"xm":"3","sex":1,"ok":true},"张三"]',
    '[{"rows":"1"},["2"],{"id":12345678901234567890,"xm":"4","sex":null,"ok":true},null,"张*"]',
  ],
  [
    'names by number, as React Router has them',
    '[{"_1":2},"rows",[3],{"_4":5,"_6":7},"xm","张三","13900139000",-5]\n',
    '[{"_1":2},"rows",[3],{"_4":8,"_9":7},"xm",null,null,-5,"张*","139****9000"]\n',
  ],
  [
    'data of pages, as SvelteKit answers for them',
    '{"type":"data","nodes":[null,{"type":"skip"},{"type":"data","data":[{"rows":1},[2],{"id":3,"xm":4,"at":5},7,"张三",["Date","2026-11-24"]],"uses":{"params":["data"]}}]}\n',
    '{"type":"data","nodes":[null,{"type":"skip"},{"type":"data","data":[{"rows":1},[2],{"id":3,"xm":6,"at":5},7,null,["Date","2026-11-24"],"张*"],"uses":{"params":["data"]}}]}\n',
  ],
  [
    'data of several pages, some of it empty, and an error',
    '{"type":"data","nodes":[{"type":"data","data":[{}],"uses":{}},{"type":"data","data":[{"rows":1,"n":-1},[]]},{"type":"data","data":[{"tel":1},"13800138000"]},{"type":"error","error":{"message":"电话 13800138000"},"status":404}]}',
    '{"type":"data","nodes":[{"type":"data","data":[{}],"uses":{}},{"type":"data","data":[{"rows":1,"n":-1},[]]},{"type":"data","data":[{"tel":2},null,"138****8000"]},{"type":"error","error":{"message":"电话 138****8000"},"status":404}]}',
  ],
  [
    'data that SvelteKit sends later',
    '{"type":"data","nodes":[{"type":"data","data":[{"later":1},["Promise",2],1],"uses":{}}]}\n{"type":"chunk","id":1,"data":[{"xm":1},"张三"]}\n{"type":"chunk","id":2,"error":[{"message":1},"电话 13800138000"]}\n',
    '{"type":"data","nodes":[{"type":"data","data":[{"later":1},["Promise",2],1],"uses":{}}]}\n{"type":"chunk","id":1,"data":[{"xm":2},null,"张*"]}\n{"type":"chunk","id":2,"error":[{"message":2},null,"电话 138****8000"]}\n',
  ],
  [
    'what begins like pages of SvelteKit and is a drawing of nodes',
    '{"type":"data","nodes":[{"id":1,"data":{"xm":"张三"}},{"id":2,"data":[1,{"tel":"13800138000"}]}]}',
    '{"type":"data","nodes":[{"id":1,"data":{"xm":"张*"}},{"id":2,"data":[1,{"tel":"138****8000"}]}]}',
  ],
  ['circles', '[{"self":0,"xm":1},"张三"]', '[{"self":0,"xm":2},null,"张*"]'],
  ['nothing to mask', '[{"a":1}, [2] ,"x"]', '[{"a":1}, [2] ,"x"]'],
  ['rows of small numbers', '[{"id":1,"sex":2},{"id":2,"sex":1}]', '[{"id":1,"sex":null},{"id":2,"sex":null}]'],
  [
    'rows that begin like it',
    '[{"id":1,"sex":2},{"id":2,"xm":"张三"},"李四"]',
    '[{"id":1,"sex":null},{"id":2,"xm":"张*"},"李四"]',
  ],
  ['grids of numbers', '[[1,2],[3,4]]', '[[1,2],[3,4]]'],
] as const) {
  test(`objects in slots of one array: ${what}`, () => {
    const bytes = Buffer.from(body)
    for (let cut = 0; cut < bytes.length; cut++)
      assert.equal(maskBody(plan, bytes, [cut]).bytes.toString('utf8'), becomes, `cut at ${cut}`)
  })
}

test('each object of such a list is a row', () => {
  const body = '[["Reactive",1],{"list":2},[3,4],{"xm":5},{"xm":6},"张三","李四"]'
  assert.equal(maskBody(plan, body).tally.rows, 2)
})

/** As devalue does it: each value once, by its number. */
function flattened(root: unknown): string {
  const slots: string[] = []
  const known = new Map<unknown, number>()
  const slotOf = (value: unknown): number => {
    const before = known.get(value)
    if (before !== undefined) return before
    const at = slots.push('') - 1
    known.set(value, at)
    if (Array.isArray(value)) slots[at] = `[${value.map(slotOf).join()}]`
    else if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${slotOf(one)}`)
      slots[at] = `{${members.join()}}`
    } else slots[at] = JSON.stringify(value)
    return at
  }
  slotOf(root)
  return `[${slots.join()}]`
}

function unflattened(text: string): unknown {
  const slots = JSON.parse(text) as unknown[]
  const read = (at: number): unknown => {
    const value = slots[at]
    if (Array.isArray(value)) return value.map(read)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, read(one as number)]))
  }
  return read(0)
}

test('it is masked as the objects are that were taken apart', () => {
  const scalar = fc.constantFrom<unknown>('张三', '13800138000', '乙肝', '备注 13900139000', 17, 170, true, null, '')
  const row = fc.dictionary(fc.constantFrom('xm', 'tel', 'sex', 'other', 'note'), scalar, { minKeys: 1 })
  const root = fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 4 }), more: fc.record({ xm: scalar }) })
  fc.assert(
    fc.property(root, fc.nat(300), (value, cut) => {
      const body = Buffer.from(flattened(value))
      const shown = maskBody(plan, body, [Math.min(cut, body.length)]).bytes.toString('utf8')
      assert.deepEqual(unflattened(shown), JSON.parse(masked(JSON.stringify(value))))
    }),
    { numRuns: 500 },
  )
})

test('what says that it is data of SvelteKit and is none is withheld', () => {
  const page = (data: string) => `{"type":"data","nodes":[{"type":"data","data":${data},"uses":{}}]}`
  for (const body of [
    page('[{"xm":9},"张三"]'),
    page('["张三",{"xm":0}]'),
    page('[{"xm":1},"张三","李四"]'),
    page('[{"xm":1},{"xm":"李四"}]'),
    `${page('[{"xm":1},"张三"]')}\n{"type":"chunk","id":1,"data":"张三"}\n`,
    `${page('[{"xm":1},"张三"]')}\n{"xm":"张三"}\n`,
    page('[{"xm":1},"张三"]').slice(0, -3),
  ])
    assert.throws(() => masked(body), /malformed|FORMAT_MALFORMED/i, body)
})
