import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { xm: 'name' },
  types: { name: { form: 'redact' }, tel: { detector: 'cn_mobile' } },
})

/** `times`: how often the text is made a string of JSON before it is a value. */
const made = (text: string, times: number): string => (times === 0 ? text : made(JSON.stringify(text), times - 1))
const undone = (text: string, times: number): unknown =>
  times === 0 ? text : JSON.parse(undone(text, times - 1) as string)
const shown = (value: string): string => JSON.parse(maskText(plan, JSON.stringify({ value }))).value

for (const times of [1, 2]) {
  test(`JSON that was made a string ${times} more than once is read by the same plan`, () => {
    const body = '{"rows":[{"xm":"张三","n":1}]}'
    assert.equal(undone(shown(made(body, times)), times), '{"rows":[{"xm":"***","n":1}]}')
    assert.equal(undone(shown(made(` ${body}\n`, times)), times), ' {"rows":[{"xm":"***","n":1}]}\n')
    assert.equal(undone(shown(made('<r><xm>张三</xm></r>', times)), times), '<r><xm>***</xm></r>')
    assert.equal(undone(shown(made('[{"a":"13800138000"}]', times)), times), '[{"a":"***"}]')
  })
}

test('what is nested deeper than is read is redacted', () => {
  const text = shown(made('{"xm":"张三"}', 9))
  assert.ok(text.includes('***') && !text.includes('张'), text)
})

test('what is merely quoted stays what it is', () => {
  const texts = [
    '"{x',
    '"{}" and "{}"',
    '"[1] see there"',
    '"<b>" is an element"',
    '"\\d+"',
    '"',
    '""',
    '"\\"',
    '"{\\q}"',
  ]
  for (const text of texts) assert.equal(shown(text), text)
  assert.equal(shown('"{"xm":"张三"}"'), '"{"xm":"***"}"')
})
