import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Plan } from '../../gateway/policy/plan.ts'
import { faultOf, limits } from '../support/mask-body.ts'
import { maskWorkbook, partsOf } from './mask-workbook.ts'
import { id, people, tel } from './people-plan.ts'
import { packed, plain } from './workbook-parts.ts'

/** Under such a limit the compiled reader of JSON reads no rows, so that each cell is offered. */
const cellByCell = { ...limits, scalar: 1023 }

const names = ['xm', 'idCard', '手机号', '民族', '备注', 'guardian', 'no', '', 'label', 'value', 'a"b', tel]
const texts = fc.oneof(
  fc.constantFrom('张三丰', '李四光', id, tel, ' 张三丰 ', `电话${tel}`, `{"xm":"张三丰","tel":"${tel}"}`, '***'),
  fc.constantFrom('two\nlines', 'a"b\\c', '&<>', '_x0031_3800138000', '_xD800_', '𠮷野家', '\u00e9', 'null', '姓名'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const numbers = fc.oneof(
  fc.constantFrom('1.38E+10', '007', '88.50', '1.', '-0.5', '.5', tel, '5426542654265426', '0'),
  fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String),
)
const written = texts.map(inline)
const numbered = numbers.map(number => `><v>${number}</v></c>`)
const odd = fc.constantFrom(
  't="b"><v>1</v></c>',
  't="e"><v>#N/A</v></c>',
  '/>',
  `t="str"><f>A1&amp;"${tel}"</f><v>张三丰</v></c>`,
  '><f>SUM(1)</f><v>1</v></c>',
)
/** Tables as most are, and such as are made of exceptions. */
const tables = [
  {
    columns: fc.shuffledSubarray(['xm', 'idCard', '手机号', '民族', '备注', 'no', ''], { minLength: 3 }),
    odds: 40,
    most: 3,
  },
  { columns: fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }), odds: 3, most: 6 },
].map(({ columns, odds, most }) => {
  const cell = fc.oneof({ weight: odds, arbitrary: written }, { weight: Math.ceil(odds / 4), arbitrary: numbered }, odd)
  return fc.tuple(columns, fc.array(fc.array(cell, { minLength: 1, maxLength: most }), { minLength: 1, maxLength: 30 }))
})
const sheet = fc.tuple(fc.boolean(), fc.oneof(...tables))
const plans: readonly Plan[] = [
  people,
  { ...people, unlisted: 'remove' },
  { ...people, columns: ['xm', 'idCard', 'tel'] },
]

function escaped(text: string): string {
  return text.replace(/[\x00-\x1f\ufffe\uffff]/g, '').replace(/[&<>]/g, sign => `&#${sign.charCodeAt(0)};`)
}

/** What leaves of a workbook, what is counted in it, and the fault, if there is one. */
async function read(plan: Plan, rows: readonly (readonly string[])[], under: typeof limits): Promise<unknown> {
  const data = rows.map(cells => `<row>${cells.map(one => `<c ${one}`).join('')}</row>`).join('')
  try {
    const { bytes, tally } = await maskWorkbook(plan, packed(plain(data)), [], under)
    return { sheet: partsOf(bytes).get('xl/worksheets/sheet1.xml'), tally }
  } catch (error) {
    return faultOf(error)
  }
}

function inline(text: string): string {
  return `t="inlineStr"><is><t>${escaped(text)}</t></is></c>`
}

test('a workbook leaves alike, row by row and cell by cell', async () => {
  await fc.assert(
    fc.asyncProperty(sheet, fc.constantFrom(...plans), async ([isTitled, [columns, rows]], plan) => {
      const all = [...(isTitled ? [[inline('名单')]] : []), columns.map(inline), ...rows]
      assert.deepEqual(await read(plan, all, limits), await read(plan, all, cellByCell))
    }),
    { numRuns: 300 },
  )
})

test('rows that are odd in a sheet that is not, and the other way round, leave alike', async () => {
  const header = ['xm', 'idCard', 'no'].map(inline)
  const plainRow = [inline('张三丰'), inline(id), '><v>1</v></c>']
  const oddRow = [inline('李四光'), inline(tel), `><f>LEN("${tel}")</f><v>11</v></c>`, inline(tel)]
  const times = <Row>(count: number, ...rows: Row[]) => Array.from({ length: count }, () => rows).flat()
  const orders = [[...times(1200, plainRow), oddRow], times(300, plainRow, oddRow), [...times(60, oddRow), plainRow]]
  for (const rows of orders) {
    const all = [header, ...rows]
    assert.deepEqual(await read(people, all, limits), await read(people, all, cellByCell))
  }
})
