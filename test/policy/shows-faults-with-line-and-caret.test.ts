import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderFaults } from '../../gateway/policy/fault.ts'
import { compileTexts } from '../support/policy-case.ts'

const faultsOf = (text: string) => compileTexts(new Map([['systems/s.yaml', text]])).faults
const rendered = (text: string, lang: 'zh' | 'en') => renderFaults(faultsOf(text), lang)

test('the caret stands under the word, also behind wide characters, in both languages', () => {
  const text = 'system: s\nroutes: [{ path: /a }]\nfields: { 备注: free_txt }\n'
  assert.equal(
    rendered(text, 'en'),
    `systems/s.yaml:3:15 POLICY_UNKNOWN_TYPE there is no data type 'free_txt'; did you mean 'free_text'?
    3 | fields: { 备注: free_txt }
      |                 ^^^^^^^^
`,
  )
  assert.equal(
    rendered(text, 'zh'),
    `systems/s.yaml:3:15 POLICY_UNKNOWN_TYPE 没有名为“free_txt”的数据类型；您是否想写“free_text”？
    3 | fields: { 备注: free_txt }
      |                 ^^^^^^^^
`,
  )
  assert.match(rendered('system: s\nroutes: [{ path: /a }]\n自定义键: 1\n', 'en'), /\n {6}\| \^{8}\n$/)
})

test('a long line is shown where it matters', () => {
  const fields = Array.from({ length: 60 }, (_, index) => `field${index}: B1`).join(', ')
  const shown = rendered(
    `system: s\nroutes: [{ path: /a }]\nfields: { ${fields}, last: nothing_known, ${fields.replaceAll('field', 'f')} }\n`,
    'en',
  )
  const [, line, caret] = shown.split('\n')
  assert.ok(line!.length < 160 && line!.includes('…'))
  assert.equal(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1), 'nothing_known')
})

test('what a file holds cannot steer the terminal', () => {
  const shown = rendered('system: s\nroutes: [{ path: /a }]\n"x\\u001b[2J\\u202e": 1\n', 'en')
  assert.doesNotMatch(shown, /[\0-\x09\x0B-\x1F\u202E]/)
  assert.match(shown, /POLICY_UNKNOWN_KEY there is no key 'x\uFFFD\[2J\uFFFD' here/)
})
