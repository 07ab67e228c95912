import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../support/mask-body.ts'
import { maskWorkbook, partsOf } from './mask-workbook.ts'
import { people } from './people-plan.ts'
import { packed, plain } from './workbook-parts.ts'

const inline = (text: string) => `t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
const formula = (text: string, result: string) => `t="str"><f>${text}</f><v>${result}</v></c>`

/** The cells of a sheet as they leave, row by row: `B2 text`. */
async function cellsOf(rows: readonly (readonly string[])[], under = limits): Promise<string[]> {
  const cell = (row: number, column: number, rest: string) => `<c r="${String.fromCharCode(65 + column)}${row}" ${rest}`
  const data = rows.map(
    (cells, at) => `<row r="${at + 1}">${cells.map((rest, n) => cell(at + 1, n, rest)).join('')}</row>`,
  )
  const { bytes } = await maskWorkbook(people, packed(plain(data.join(''))), [], under)
  const sheet = partsOf(bytes).get('xl/worksheets/sheet1.xml')!
  return [...sheet.matchAll(/<c r="(\w+)"[^>]*>(.*?)<\/c>/g)].map(
    ([, at, inside]) =>
      `${at} ${inside!.includes('<f>') ? '=' : ''}${inside!.replace(/<f>.*<\/f>/, '').replace(/<[^>]*>/g, '')}`,
  )
}

/** Read together, and cell by cell. */
for (const under of [limits, { ...limits, scalar: 1023 }])
  test(`a name that a column masks is masked in other texts of its row, which no detector takes for one (${under.scalar})`, async () => {
    const rows = [
      [inline('姓名'), inline('说明'), inline('部门')],
      [inline('禚文涛'), inline('禚文涛的补考'), inline('高峰期门诊')],
      [inline('高峰'), formula('A3&amp;"号"', '高峰号'), inline('高峰期门诊')],
      [inline('管理员'), inline('管理员已审'), inline('禚文涛代')],
    ]
    assert.deepEqual((await cellsOf(rows, under)).slice(3), [
      'A2 禚**',
      'B2 禚**的补考',
      'C2 高峰期门诊',
      'A3 高*',
      'B3 高*号',
      'C3 高*期门诊',
      'A4 管**',
      'B4 管理员已审',
      'C4 禚文涛代',
    ])
  })

test('a formula with a name of its row in it leaves its result alone', async () => {
  const rows = [
    [inline('姓名'), inline('总分')],
    [inline('禚文涛'), formula('LOOKUP("禚文涛",A1:A9,C1:C9)', '合格')],
    [inline('仝小林'), formula('UPPER("a")', '合格')],
  ]
  assert.deepEqual((await cellsOf(rows)).slice(2), ['A2 禚**', 'B2 合格', 'A3 仝**', 'B3 =合格'])
})
