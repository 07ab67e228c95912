import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { maskBody, maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { 姓名: 'name', xm: 'name', 民族: 'hidden' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }) },
    hidden: { form: 'redact' },
    tel: { detector: 'cn_mobile' },
  },
})
const shown = (value: string): string => JSON.parse(maskText(plan, JSON.stringify({ data: value }))).data
const table = '姓名,民族,班级\n张三丰,回族,"一,二班"\n李四,汉族,13800138000'
const cleared = '姓名,民族,班级\n张**,***,"一,二班"\n李*,***,***'

test('a table in a string of JSON is read by its header, whatever parts its cells and lines', () => {
  assert.equal(shown(table), cleared)
  for (const [parting, ending] of ['\t', ';', '|'].flatMap(one =>
    ['\n', '\r\n', '\r'].map(end => [one, end] as const),
  )) {
    const written = (text: string) =>
      text.replace('"一,二班"', '一班').replaceAll(',', parting).replaceAll('\n', ending)
    assert.equal(shown(written(table)), written(cleared))
  }
  assert.equal(shown('\n\nxm,bj\nzhang,1\n'), '\n\nxm,bj\nz****,1\n')
  assert.equal(shown('| 姓名 | 班级 |\n| --- | --- |\n| 张三 | 一班 |').endsWith('\n| 张* | 一班 |'), true)
})

test('names beside their values in several lines are read as well', () => {
  assert.equal(shown('姓名,张三\n民族,回族'), '姓名,张*\n民族,***')
})

test('a table inside other formats and encodings is read', () => {
  const inside = (format: string, body: (text: string) => string) =>
    assert.equal(maskText(plan, body(table), format), body(cleared))
  inside('xml', text => `<r><d>${text}</d></r>`)
  inside('csv', text => `a,b\n1,"${text.replaceAll('"', '""')}"\n`)
  inside('html', text => `<html><body><pre>${text}</pre></body></html>`)
  inside('json', text => JSON.stringify([Buffer.from(text).toString('base64')]))
  inside('json', text => JSON.stringify({ inner: JSON.stringify({ text }) }))
  inside('ndjson', text => `${JSON.stringify({ text })}\n{}\n`)
})

test('a table whose quote stays open is redacted', () => {
  assert.equal(shown('姓名,班级\n李四,二班\n张三,"一班'), '***')
})

test('lines that are no table stay what they are', () => {
  for (const text of [
    '您好,\n请于周一来取',
    '姓名,班级',
    '姓名,班级\n',
    '姓名、班级\n张三、一班',
    '姓名,班级,学号\n张三、一班, 无',
    '班级,学院\n一班,文学院',
    '姓名\n张三',
    '[1,2]\n[3,4]',
  ]) {
    assert.equal(shown(text), text)
  }
})

test('both readers of JSON find the same tables, however a body is cut', () => {
  const pieces = fc.constantFrom(
    '姓名',
    '民族',
    'xm',
    '张三',
    'a',
    ',',
    ',',
    ';',
    '|',
    '\t',
    '\n',
    '\n',
    '\r\n',
    ' ',
    '"',
    '\\',
    'é',
  )
  const text = fc.string({ unit: pieces, maxLength: 40 })
  fc.assert(
    fc.property(text, fc.nat(300), (one, cut) => {
      const body = Buffer.from(JSON.stringify([{ one, xm: one, other: `${'x'.repeat(14)}${one}` }]))
      const whole = maskBody(plan, body).bytes
      assert.deepEqual(maskBody(plan, body, [cut % body.length]).bytes, whole)
      JSON.parse(whole.toString())
    }),
    { numRuns: 3000 },
  )
})
