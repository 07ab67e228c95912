import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { policy } from './policies.ts'

// 乙肝, 艾滋病 and 怀孕 name fields of the catalogue, as a column of results does; here they are the results.
const system = policy.systems.get('student-affairs')!

function shows(format: 'json' | 'xml', body: string, expected: string, audience = 'public'): void {
  const match = system.match('GET', '/api/students/7')
  assert.ok('route' in match)
  assert.equal(maskText(policy.plan(system, match.route, audience, new Set()), body, format), expected)
}

test('behind a label in an object', () => {
  shows('json', '[{"label":"诊断","value":"乙肝"}]', '[{"label":"诊断"}]')
  shows('json', '[{"label":"传染病","value":"乙肝"}]', '[{"label":"传染病"}]')
  shows('json', '[{"label":"乙肝","value":"阳性"}]', '[{"label":"乙肝"}]')
  shows('xml', '<a><item 项目="诊断">乙肝</item></a>', '<a><item 项目="诊断"></item></a>')
})

test('under a column that is named ahead of rows', () => {
  shows('json', '[["姓名","诊断"],["张三","艾滋病"],["李四","肺炎"]]', '[["姓名","诊断"],["张*"],["李*"]]')
  shows('json', '{"columns":["姓名","诊断"],"rows":[["张三","怀孕"]]}', '{"columns":["姓名","诊断"],"rows":[["张*"]]}')
})

test('while keys of columns stay, where anything of the column is shown', () => {
  shows(
    'json',
    '[{"label":"姓名","key":"xm"},{"label":"姓名","value":"xm"}]',
    '[{"label":"姓名","key":"xm"},{"label":"姓名","value":"xm"}]',
  )
})
