import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slowExpressions } from './expressions.ts'
import { sourcesIn } from './imports.ts'

/** Files with an expression that would, and why it never reads much. */
const bounded: Readonly<Record<string, string>> = {
  'gateway/exchange/request/named-in-value.ts': 'of lists: 512 characters at the most',
  'gateway/exchange/request/pairs.ts':
    'of markup: reads documents that have been found well-formed, where each part ends',
  'gateway/masking/roles.ts': 'of labels: 64 characters at the most',
  'plugins/detectors/cn-resident-id.ts': 'its shape is compiled to an automaton and never run as an expression',
  'plugins/formats/jsonp/reader.ts': '320 bytes at the most',
}

test('no expression takes longer than in proportion to its text, where that may be long', async () => {
  const found = (await sourcesIn('gateway', 'plugins'))
    .filter(({ file }) => !file.includes('/wasm/') && !file.startsWith('gateway/demo/'))
    .flatMap(slowExpressions)
  const fileOf = (expression: string) => expression.slice(0, expression.indexOf(':'))
  assert.deepEqual(
    found.filter(expression => !(fileOf(expression) in bounded)),
    [],
  )
  assert.deepEqual([...new Set(found.map(fileOf))].sort(), Object.keys(bounded), 'each of these files still has one')
})

test('expressions that try from every place, or in many ways, are found', () => {
  const slow = ['/a+$/', '/^(?:#.*\\s*)*b/', '/^\\s*"?|"?\\s*$/g', '/^x[ \\t]*(.*?)[ \\t]*$/']
  const text = slow.map((expression, at) => `const a${at}: RegExp = ${expression}`).join('\n')
  assert.deepEqual(
    slowExpressions({ file: 'a.ts', text }),
    slow.map((expression, at) => `a.ts:${at + 1} ${expression}`),
  )
  assert.deepEqual(slowExpressions({ file: 'a.ts', text: 'const a = /^a+$/ // /a+$/' }), [])
})
