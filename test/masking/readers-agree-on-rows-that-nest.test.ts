import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FormatPlugin } from '../../gateway/contracts.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { plugins } from '../../plugins/index.ts'
import { faultOf, jsonReaders, maskText, scope, tallyOf } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

// The compiled reader passes rows that are like the one before in one stride, with the objects and arrays in them.
const sketch = (unlisted: 'scan' | 'keep') =>
  planOf({
    fields: { tel: 'tel', xm: 'xm', gone: 'gone', 'kept.id': 'kept', 'list[1]': 'tel' },
    unlisted,
    types: {
      tel: { form: 'partial', mask: mask('keep_ends', { head: 3, tail: 4 }), identifies: 1, detector: 'cn_mobile' },
      xm: { form: 'redact', identifies: 9 },
      gone: { form: 'remove' },
      kept: { form: 'clear', identifies: 2 },
    },
  })
const plans = fc.constantFrom(sketch('scan'), sketch('keep'))

const names = [
  'id',
  'tel',
  'xm',
  'gone',
  'name',
  'value',
  'label',
  'columns',
  'rows',
  'list',
  'kept',
  'a name of sixteen.',
]
const scalar = fc.constantFrom<unknown>(
  ...[
    1,
    -2.5,
    0,
    1e21,
    13800138000,
    true,
    false,
    null,
    '',
    'ok',
    '张三',
    '13800138000',
    'tel',
    'xm',
    '手机号',
    'a "b"\n',
    '[1]',
  ],
)

/** Shapes, of which many rows are filled in: names and kinds are alike from row to row, but for some. */
type Shape =
  | { readonly leaf: unknown }
  | { readonly all: readonly Shape[] }
  | { readonly of: readonly [string, Shape][] }
const { shape } = fc.letrec<{ shape: Shape }>(tie => ({
  shape: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    { weight: 4, arbitrary: scalar.map(leaf => ({ leaf })) },
    { weight: 3, arbitrary: fc.array(tie('shape'), { maxLength: 3 }).map(all => ({ all })) },
    {
      weight: 5,
      arbitrary: fc.array(fc.tuple(fc.constantFrom(...names), tie('shape')), { maxLength: 4 }).map(of => ({ of })),
    },
  ),
}))

function fill(one: Shape, draw: () => number): unknown {
  if ('leaf' in one) return draw() % 9 === 0 ? { tel: '13800138000' } : draw() % 7 === 0 ? null : one.leaf
  if ('all' in one) return (draw() % 3 === 0 ? [...one.all, ...one.all] : one.all).map(each => fill(each, draw))
  const members = one.of.filter(() => draw() % 11 !== 0)
  return Object.fromEntries(members.map(([name, each]) => [name, fill(each, draw)]))
}

const bodies = fc
  .tuple(shape, fc.array(fc.nat(1000), { minLength: 5, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), fc.nat(2))
  .map(([row, draws, rows, indent]) => {
    let at = 0
    const draw = () => draws[at++ % draws.length]!
    const filled = Array.from({ length: rows }, () => fill(row, draw))
    return Buffer.from(JSON.stringify(rows % 4 === 3 ? { data: { rows: filled } } : filled, null, indent))
  })

const [compiled, plain] = jsonReaders
  .filter(({ name }) => name === 'json')
  .map(reader => createMasking({ formats: plugins.formats.map(one => (one.name === 'json' ? reader : one)) }))

function outcome(of: 'compiled' | 'plain', plan: Plan, body: Buffer, cuts: readonly number[], depth: number): unknown {
  const masking = of === 'compiled' ? compiled! : plain!
  const reader: FormatPlugin = jsonReaders.filter(({ name }) => name === 'json')[of === 'compiled' ? 0 : 1]!
  const masker = masking.start(plan, reader, scope, { scalar: 1024, depth, page: 4 << 20 })
  try {
    const out = cuts.map((cut, at) => Buffer.concat(masker.write(body.subarray(cuts[at - 1] ?? 0, cut))))
    out.push(Buffer.concat([...masker.write(body.subarray(cuts.at(-1) ?? 0)), ...masker.end()]))
    return { text: Buffer.concat(out).toString(), tally: tallyOf(masker) }
  } catch (error) {
    return faultOf(error)
  }
}

test('the two readers of JSON agree on rows of one shape, however deep they may be and are', () => {
  const places = fc.array(fc.nat(5000), { maxLength: 6 })
  fc.assert(
    fc.property(plans, bodies, places, fc.integer({ min: 2, max: 8 }), (plan, body, cuts, depth) => {
      const at = cuts.map(cut => cut % (body.length + 1)).sort((a, b) => a - b)
      assert.deepEqual(outcome('compiled', plan, body, at, depth), outcome('plain', plan, body, at, depth))
    }),
    { numRuns: 3000 },
  )
})

test('columns named in an object count beside it also where its end is passed in one stride', () => {
  const columns = planOf({ fields: { memo: 'memo' }, types: { memo: { form: 'redact' } }, unlisted: 'keep' })
  const body = '{"meta":{"columns":["id","memo"],"n":1},"rows":[["a","b"]]}'
  for (let nth = 0; nth < 3; nth++) {
    assert.equal(maskText(columns, body), '{"meta":{"columns":["id","memo"],"n":1},"rows":[["a","***"]]}')
  }
})
