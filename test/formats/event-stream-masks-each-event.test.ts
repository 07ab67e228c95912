import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../gateway/errors.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'
import { id, people, tel } from './people-plan.ts'

const sse = (body: string) => maskText(people, body, 'event_stream')

test('data that is JSON is read as JSON, over all its lines', () => {
  assert.equal(sse(`data: {"xm":"张三丰","tel":"${tel}"}\n\n`), 'data: {"xm":"张**","tel":"***"}\n\n')
  assert.equal(sse('data: {"xm":\ndata:  "张三丰"}\n\n'), 'data: {"xm":\ndata:  "张**"}\n:\n\n')
  assert.equal(sse(`data: 138001\ndata: 姓名：张三丰\n\n`), 'data: 138001\ndata: 姓名：张**\n:\n\n')
})

test('a value in two lines of data is found where a page would join them', () => {
  assert.ok(!sse(`data: {"note":"call \ndata:  ${tel}"}\n\n`).includes(tel))
})

test('ids, names of events and comments are read as well', () => {
  const out = sse(`id: ${tel}\nevent: ${id}\n: ping ${tel}\nxm: 张三丰\n${tel}: 1\ndata: x\n\n`)
  for (const planted of [tel, id, '三丰']) assert.ok(!out.includes(planted), out)
  assert.match(out, /data: x\n\n$/)
})

test('an event leaves once its blank line is there, and not before', () => {
  const masker = maskBody(people, 'data: a\n\ndata: b\n\n', [8, 9, 10], 'event_stream')
  assert.equal(masker.bytes.toString(), 'data: a\n\ndata: b\n\n')
})

test('under `unlisted: remove` only listed members of an event stay', () => {
  const plan = planOf({ types: { n: { kind: 'not_personal' } }, fields: { n: 'n' }, unlisted: 'remove' })
  assert.equal(maskText(plan, 'data: {"n":1,"m":2}\n\n', 'event_stream'), 'data: {"n":1}\n\n')
})

test('an event over 256 KiB is withheld', () => {
  const body = `data: ${'x'.repeat(300 * 1024)}\n\n`
  assert.throws(
    () => sse(body),
    (fault: unknown) => fault instanceof Refusal && fault.code === 'ANSWER_TOO_LARGE',
  )
})

test('each event is a row', () => {
  const { tally } = maskBody(people, 'data: {"xm":"a1"}\n\ndata: {"xm":"b1"}\n\n', [], 'event_stream')
  assert.equal(tally.rows, 2)
})

test('the same leaves at every split', () => {
  for (const end of ['\n', '\r', '\r\n']) {
    const body = Buffer.from(`: ${tel}\nid: 1\ndata: {"xm":"张三丰"}\n\ndata: a\ndata: ${id}\n\n`.replaceAll('\n', end))
    const whole = maskBody(people, body, [], 'event_stream').bytes
    for (let cut = 1; cut < body.length; cut++) {
      assert.deepEqual(maskBody(people, body, [cut], 'event_stream').bytes, whole)
    }
  }
})
