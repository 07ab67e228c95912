import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createLog, describeError, type LogFields } from '../../gateway/log.ts'

const words = { zh: '上游系统无法连接', en: 'The upstream system cannot be reached' }

function logged(fields: LogFields, forPeople = false): string {
  let text = ''
  createLog({ lang: 'en', forPeople, write: line => (text += line) }).error(words, fields)
  return text
}

test('an error is logged by class, code and place, never by its message', () => {
  const secret = 'name 张三 13800138000\n    at 11010519491231002X (file:///secret:1:1)'
  const error = Object.assign(new Error(secret, { cause: new SyntaxError('Unexpected token 110105') }), {
    code: 'ECONNREFUSED',
  })
  for (const forPeople of [false, true]) {
    const text = logged({ error }, forPeople)
    for (const part of ['张三', '138', '110105', 'secret']) assert.ok(!text.includes(part), `${part} in ${text}`)
    for (const part of ['ECONNREFUSED', 'SyntaxError', 'logs-no-value.test.ts']) assert.ok(text.includes(part), text)
  }
})

test('a message that was changed after the throw shows no places rather than the message', () => {
  const error = new Error('13800138000\n    at x (file:///13800138000:1:1)')
  assert.ok(error.stack?.includes('138'))
  error.message = 'another'
  assert.deepEqual(describeError(error), { class: 'Error' })
})

test('whatever the fields hold, only what has its shape is logged', () => {
  const marked = fc.tuple(fc.string(), fc.string()).map(([a, b]) => `${a} 13800138000?${b}`)
  fc.assert(
    fc.property(marked, fc.boolean(), (value, forPeople) => {
      const fields = {
        system: value,
        route: `/${value}`,
        code: value,
        record: value,
        origin: value,
        status: value,
        digest: value,
      }
      const extra = { url: value, headers: { cookie: value }, message: value, level: value }
      const text = logged({ ...fields, ...extra, error: new Error(value) } as unknown as LogFields, forPeople)
      assert.ok(!text.includes('13800138000'), text)
      assert.equal(text.split('\n').filter(line => line.includes(words.en)).length, 1)
    }),
  )
})

test('a line is one JSON object with the words and the fields that fit', () => {
  const line = JSON.parse(logged({ system: 'student-affairs', status: 502, code: 'UPSTREAM_UNREACHABLE' }))
  const { time, ...rest } = line
  assert.match(time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  assert.deepEqual(rest, {
    level: 'error',
    system: 'student-affairs',
    code: 'UPSTREAM_UNREACHABLE',
    status: 502,
    message: words.en,
  })
})
