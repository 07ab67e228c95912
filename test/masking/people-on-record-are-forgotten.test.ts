import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Masker } from '../../gateway/masking/engine.ts'
import { limits, masking, scope } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { id: 'id', tel: 'tel' },
  types: {
    id: { form: 'partial', mask: mask('keep_ends', { head: 3 }), identifies: 1 },
    tel: { form: 'redact', identifies: 2, detector: 'cn_mobile' },
  },
})
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Reads so many rows on, and takes the tally: what is left of its people are references that keep nobody. */
function takeWindow(masker: Masker, rows: number, id: (nth: number) => string): WeakRef<object>[] {
  const row = (nth: number) => `{"id":"${id(nth)}","tel":"138${String(nth).padStart(8, '0')}","n":1},`
  masker.write(Buffer.from(Array.from({ length: rows }, (_, nth) => row(nth)).join('')))
  const { subjects } = masker.takeTally()
  assert.ok(subjects.length >= rows - 1)
  const { ranges } = subjects
  const held = ranges === undefined ? [] : [ranges, ranges.bytes]
  return [subjects, ...held, ...Array.from(subjects, one => [one, ...one.also]).flat()].map(one => new WeakRef(one))
}

// an id too short to be masked as others are is settled by the cursor, one by one
for (const [by, id] of [
  ['the reader', (nth: number) => `user-${String(nth).padStart(8, '0')}`],
  ['the cursor', (nth: number) => `u${nth}`],
] as const) {
  test(`a body goes on, and nobody of what is on record by then stays in memory, settled by ${by}`, async () => {
    const masker = masking.start(plan, masking.chooseFormat('application/json', Buffer.from('['))!, scope, limits)
    masker.write(Buffer.from('['))
    for (const rows of [1000, 3000]) {
      const known = takeWindow(masker, rows, id)
      // a reference holds until the turn is over
      await turn()
      collect()
      const kept = known.filter(one => one.deref() !== undefined).length
      assert.ok(kept < 10, `${kept} of ${known.length} values are kept`)
    }
    masker.write(Buffer.from(`{"id":"${id(1)}"}]`))
    masker.end()
    assert.equal(masker.takeTally().subjects.length, 1)
  })
}
