import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Masker } from '../../gateway/masking/engine.ts'
import { plugins } from '../../plugins/index.ts'
import { limits, maskBody, masking, tallyOf } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const json = plugins.formats.find(({ name }) => name === 'json')!
const scope = { consumer: 'tester', purpose: 'test' }

const partial = planOf({
  fields: { xm: 'name' },
  types: { name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) }, tel: { detector: 'cn_mobile' } },
})
/** More plans than the memory of the compiled reader remembers at once. */
const plans = [
  partial,
  ...Array.from({ length: 30 }, (_, at) => planOf({ fields: { [`f${at}`]: 't' }, types: { t: {} } })),
]

const body = (nth: number, long: number) =>
  Buffer.from(
    JSON.stringify({
      rows: Array.from({ length: 3 }, (_, at) => ({ xm: '张三丰', [`f${nth % 30}`]: 'v', tel: '13800138000', at })),
      long: '值'.repeat(long),
      after: [{ xm: '李四', deep: [[[{ xm: '王五' }]]] }],
    }),
  )

type Turn = { readonly masker: Masker; readonly bytes: Buffer; sent: number; readonly out: Buffer[] }

function step(turn: Turn, size: number): void {
  const { masker, bytes, out, sent } = turn
  out.push(...masker.write(Buffer.from(bytes.subarray(sent, sent + size))).map(part => Buffer.from(part)))
  turn.sent = Math.min(bytes.length, sent + size)
}

test('bodies that are read in turns are masked as if each were alone', () => {
  const bodies = fc.array(fc.tuple(fc.nat(plans.length - 1), fc.nat(200)), { minLength: 2, maxLength: 60 })
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }), (chosen, sizes) => {
      const turns = chosen.map(([plan, long]): Turn => {
        return { masker: masking.start(plans[plan]!, json, scope, limits), bytes: body(plan, long), sent: 0, out: [] }
      })
      for (let nth = 0; turns.some(({ sent, bytes }) => sent < bytes.length); nth++) {
        for (const [at, turn] of turns.entries()) {
          if (turn.sent < turn.bytes.length) step(turn, sizes[(nth + at) % sizes.length]!)
        }
      }
      for (const [at, { masker, bytes, out }] of turns.entries()) {
        out.push(...masker.end().map(part => Buffer.from(part)))
        const alone = maskBody(plans[chosen[at]![0]]!, bytes)
        assert.ok(Buffer.concat(out).equals(alone.bytes))
        assert.deepEqual(tallyOf(masker), alone.tally)
      }
    }),
    { numRuns: 60 },
  )
})

test('a long value that comes in small pieces is held for two bodies at once', () => {
  const turns = [0, 1].map((plan): Turn => {
    return { masker: masking.start(plans[plan]!, json, scope, limits), bytes: body(plan, 200_000), sent: 0, out: [] }
  })
  while (turns.some(({ sent, bytes }) => sent < bytes.length)) for (const turn of turns) step(turn, 997)
  for (const [plan, { masker, bytes, out }] of turns.entries()) {
    out.push(...masker.end().map(part => Buffer.from(part)))
    assert.ok(Buffer.concat(out).equals(maskBody(plans[plan]!, bytes).bytes))
  }
})

test('a body that fails leaves the others alone', () => {
  const good: Turn = { masker: masking.start(partial, json, scope, limits), bytes: body(0, 10), sent: 0, out: [] }
  while (good.sent < good.bytes.length) {
    step(good, 40)
    const bad = masking.start(partial, json, scope, limits)
    bad.write(Buffer.from('[{"xm":"张三丰"},'))
    assert.throws(() => bad.write(Buffer.from('{"xm":"李四"},nonsense}')), { code: 'FORMAT_MALFORMED' })
    assert.throws(() => bad.end(), { code: 'FORMAT_MALFORMED' })
  }
  good.out.push(...good.masker.end().map(part => Buffer.from(part)))
  const alone = maskBody(partial, good.bytes)
  assert.ok(Buffer.concat(good.out).equals(alone.bytes))
  assert.deepEqual(tallyOf(good.masker), alone.tally)
})
