import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import * as XLSX from '@e965/xlsx'
import { leakInXls, maskWorkbook } from './mask-workbook.ts'
import { id, people, tel } from './people-plan.ts'

/** The same table as each of these programs writes it: POI, JXL, xlwt, WriteExcel, gnumeric and LibreOffice. */
const folder = new URL('./old-workbooks/', import.meta.url)
const planted = [id, tel, '张三丰', '李四光']

const firstSheet = (bytes: Uint8Array) =>
  XLSX.read(bytes, { cellFormula: true, cellStyles: true, cellNF: true }).Sheets['学生']!

for (const name of (await readdir(folder)).sort()) {
  test(`a workbook is masked and otherwise the same: ${name}`, async () => {
    const before = await readFile(new URL(name, folder))
    const { bytes, tally } = await maskWorkbook(people, before)
    assert.equal(leakInXls(bytes, planted), null)
    const [was, is] = [firstSheet(before), firstSheet(bytes)]
    assert.deepEqual(XLSX.utils.sheet_to_csv(is).split('\n'), [
      '姓名,身份证号,手机号,入学,成绩,合计',
      '张**,110***************,***,2020-09-01,88.5,148.5',
      '李**,110***************,***,2020-09-01,60,148.5',
      ',,,,,',
      '制*****,,,,,',
    ])
    for (const place of ['D2', 'E2', 'F2', 'F3']) {
      assert.equal(is[place].v, was[place].v)
      assert.equal(is[place].f, was[place].f)
      assert.equal(is[place].z, was[place].z)
    }
    assert.deepEqual(is['!merges'], was['!merges'])
    assert.deepEqual(is['!rows']?.[2]?.hidden, was['!rows']?.[2]?.hidden)
    assert.deepEqual(is['!cols']?.[0]?.width, was['!cols']?.[0]?.width)
    assert.equal(tally.rows, 3)
    assert.deepEqual(tally.fields, { 'name@A3': { partial: 3 }, 'id@A4': { partial: 2 }, 'tel@A3': { redact: 3 } })
  })
}
