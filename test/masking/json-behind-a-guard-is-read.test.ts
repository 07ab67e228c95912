import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import { maskBody, masking } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({ fields: { xm: 'name' }, types: { name: { form: 'redact' } } })
const guards = [")]}',\n", ")]}'\n", ")]}',", 'while(1);', 'for(;;);', 'while (1);', 'for (;;);', "\ufeff)]}',\r\n"]

test('JSON behind a guard is masked, and the guard stays, however it is cut', () => {
  for (const guard of guards) {
    const bytes = Buffer.from(`${guard}{"xm":"张三","n":1}`)
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.equal(maskBody(plan, bytes, [cut]).bytes.toString(), `${guard}{"xm":"***","n":1}`)
    }
    assert.equal(masking.chooseFormat('application/json', bytes)?.name, 'json')
  }
})

test('a body that is cut into bytes is known by its head as well', () => {
  for (const body of [")]}',{}", '\ufefffalse', 'false', 'for(;;);[]', '\ufeff{}']) {
    const bytes = Buffer.from(body)
    const cuts = [...bytes.keys()]
    assert.ok(maskBody(plan, bytes, cuts).bytes.equals(bytes), body)
  }
})

test('what is no guard, a guard alone, a second one, and one in lines are withheld', () => {
  const malformed = (error: unknown) => error instanceof Refusal && error.code === 'FORMAT_MALFORMED'
  for (const body of [
    ')',
    ")]}',",
    ")]}';{}",
    'while(2);{}',
    'for(;;){}',
    'for  (;;);{}',
    "{})]}',",
    ")]}',)]}',{}",
    ')]}{}',
    'w',
    '\ufeff',
  ]) {
    assert.throws(() => maskBody(plan, body), malformed, body)
  }
  assert.throws(() => maskBody(plan, ")]}',{}", [], 'ndjson'), malformed)
  assert.throws(() => maskBody(plan, 'cb({"xm":"张三"})'), malformed)
})
