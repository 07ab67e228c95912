import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Masker } from '../../gateway/masking/engine.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { eventStream } from '../../plugins/formats/event-stream.ts'
import { noRows, notJson, rows, tellJson } from '../../plugins/formats/json/is-json.ts'
import { faultOf, limits, masking, scope, tallyOf } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

/** Under such a limit the compiled reader of JSON reads none, so that each event has a reader of its own. */
const byThemselves = { ...limits, scalar: 1023 }

const name = fc.constantFrom(
  'xm',
  'tel',
  'idCard',
  'guardian',
  '民族',
  '备注',
  'id',
  'label',
  'value',
  'columns',
  'rows',
  tel,
)
const scalar = fc.oneof(
  fc.constantFrom('张三丰', id, tel, `电话${tel}`, `{"xm":"张三丰"}`, '姓名：李四光', 'MTM4MDAxMzgwMDA=', '', 'a\nb'),
  fc.integer(),
  fc.constantFrom(null, true, 13800138000),
)
const { value } = fc.letrec(tie => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, tie('object'), fc.array(tie('value'), { maxLength: 3 })),
  object: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
}))
const line = fc.oneof(
  fc.constantFrom(
    'id: 1',
    'id',
    ':',
    ': ping',
    'event: row',
    `id: ${tel}`,
    `: 姓名：张三丰`,
    'xm: bob',
    `${tel}: 1`,
    'data',
    'x\\y: 1',
  ),
  fc.constantFrom(
    'data: done',
    'data: [1',
    `data: ${tel}`,
    'data: tel=bob',
    'x: tel:"bob',
    'data: 1',
    'data:\t{}',
    'data: "\\q"',
  ),
)
const data = fc
  .tuple(value, fc.constantFrom('data: ', 'data:', 'data:  '), fc.constantFrom(0, 0, 0, 1))
  .map(([one, before, space]) =>
    JSON.stringify(one, null, space)
      .split('\n')
      .map(text => before + text),
  )
const event = fc.oneof(
  { weight: 4, arbitrary: data },
  fc.tuple(fc.array(line, { maxLength: 2 }), data).map(lines => lines.flat()),
  fc.array(line, { maxLength: 3 }),
)
const stream = fc
  .tuple(fc.constantFrom('', '', '\ufeff'), fc.array(event, { maxLength: 12 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([mark, events, end]) => Buffer.from(mark + events.map(lines => lines.join(end) + end + end).join('')))

const plans: readonly Plan[] = [people, { ...people, unlisted: 'remove' }]

/** What leaves, what is counted in two windows, and the fault, if there is one; `between` is done halfway. */
function read(plan: Plan, bytes: Buffer, cut: number, under: typeof limits, between = () => {}): unknown {
  const masker = masking.start(plan, eventStream, scope, under)
  return outcomeOf(() => {
    const first = Buffer.concat(masker.write(Buffer.from(bytes.subarray(0, cut))))
    between()
    const windows = [tallyOf(masker)]
    const rest = [...masker.write(Buffer.from(bytes.subarray(cut))), ...masker.end()]
    windows.push(tallyOf(masker))
    return { text: Buffer.concat([first, ...rest]).toString('latin1'), windows }
  })
}

function outcomeOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return faultOf(error)
  }
}

test('events leave alike, read together and each by itself', () => {
  fc.assert(
    fc.property(stream, fc.nat(), fc.constantFrom(...plans), (body, where, plan) => {
      const cut = where % (body.length + 1)
      assert.deepEqual(read(plan, body, cut, limits), read(plan, body, cut, byThemselves))
    }),
    { numRuns: 1000 },
  )
})

test('events leave alike while another stream is read between', () => {
  fc.assert(
    fc.property(stream, stream, fc.nat(), (body, other, where) => {
      const cut = where % (body.length + 1)
      const another: Masker = masking.start(people, eventStream, scope, limits)
      const between = () => void outcomeOf(() => another.write(other))
      assert.deepEqual(read(people, body, cut, limits, between), read(people, body, cut, byThemselves))
    }),
  )
})

test('a byte that no text has withholds a stream, whichever event it stands in', () => {
  const body = Buffer.from('data: {"xm":"张三丰"}\n\nid: 1\ndata: [{"xm":"李四光"}]\n\n'.repeat(10))
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.constantFrom(0, 0xff), (at, byte) => {
      const broken = Buffer.from(body)
      broken[at] = byte
      assert.deepEqual(read(people, broken, at, limits), read(people, broken, at, byThemselves))
    }),
  )
})

test('what is JSON, and whether it holds rows, is told as by parsing it', () => {
  const broken = fc.tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom('', '"', '\\', '\\u00e', ',', '}', ']', ' ', '\t', '\x0b', '0', 'e', '-', '.'),
  )
  const text = broken.map(
    ([json, where, more]) => json.slice(0, where % (json.length + 1)) + more + json.slice(where % (json.length + 1)),
  )
  fc.assert(
    fc.property(fc.oneof(fc.json(), text), written => {
      const bytes = Buffer.from(`x${written}x`)
      assert.equal(tellJson(bytes, 1, bytes.length - 1), toldByParsing(written))
    }),
    { numRuns: 3000 },
  )
})

test('an object is no row where an array in it holds any, however deep', () => {
  const told = (text: string) => tellJson(Buffer.from(text), 0, text.length)
  assert.deepEqual(['{"a":[1,"[{}]"]}', '{"a":[[]]}', '[{}]', '[]', '"[{}]"'].map(told), [
    noRows,
    rows,
    rows,
    noRows,
    noRows,
  ])
  assert.equal(told(`${'{"a":'.repeat(5000)}[[]]${'}'.repeat(5000)}`), rows)
  assert.equal(told(`${'['.repeat(5000)}${']'.repeat(4999)}`), notJson)
})

function toldByParsing(text: string): number {
  if (!/^\s*[[{"]/.test(text)) return notJson
  try {
    // Of two members of one name both stand in the text, and parsing keeps one.
    let told: number = noRows
    JSON.parse(text, (_, one) => {
      if (Array.isArray(one) && one.some(inner => typeof inner === 'object' && inner !== null)) told = rows
      return one
    })
    return told
  } catch {
    return notJson
  }
}
