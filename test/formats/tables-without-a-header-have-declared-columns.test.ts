import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as XLSX from '@e965/xlsx'
import { maskBody } from '../support/mask-body.ts'
import { compileTexts } from '../support/policy-case.ts'
import { maskWorkbook } from './mask-workbook.ts'

const made = compileTexts(
  new Map([
    [
      'systems/s.yaml',
      `system: s
fields: { xm: A4, sfzh: cn_resident_id }
routes:
  - path: /students
    columns: [no, xm, sfzh]
`,
    ],
  ]),
)
assert.ok('policy' in made, JSON.stringify(made.faults))
const system = made.policy.systems.get('s')!
const plan = made.policy.plan(system, system.routes[0]!, 'public', new Set())
const rows = [
  ['1', '张三丰', '11010519491231002X'],
  ['2', '李四光', '12345'],
]

test('a route that declares columns has rows from the first record on', () => {
  const { bytes, tally } = maskBody(plan, rows.map(row => row.join(',')).join('\n'), [], 'csv')
  assert.ok(!/三丰|四光|110105194912|2345/.test(bytes.toString()), bytes.toString())
  assert.match(bytes.toString(), /^1,.*\n2,/)
  assert.equal(tally.rows, 2)
})

test('the same holds for sheets of a workbook', async () => {
  const book = XLSX.utils.book_new(XLSX.utils.aoa_to_sheet(rows), 's')
  const { bytes, tally } = await maskWorkbook(plan, XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }))
  const text = XLSX.utils.sheet_to_csv(XLSX.read(bytes).Sheets['s']!)
  assert.ok(!/三丰|四光|110105194912|2345/.test(text), text)
  assert.equal(tally.rows, 2)
})
