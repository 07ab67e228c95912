import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as XLSX from '@e965/xlsx'
import writeXlsxFile from 'write-excel-file/node'
import { removeFolder } from '../support/remove-folder.ts'
import { maskWorkbook } from './mask-workbook.ts'
import { id, people, tel } from './people-plan.ts'

const run = promisify(execFile)
const header = ['姓名', '身份证号', '手机号', '成绩']
const rows: (string | number)[][] = [
  ['张三', id, tel, 95.5],
  ['李四', id, tel, 60],
]
/** All sheets, with formulas worked out anew, in UTF-8. */
const toCsv = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'

async function installed(): Promise<boolean> {
  try {
    await run('soffice', ['--version'])
    return true
  } catch {
    return false
  }
}

function bySheetJs(bookType: 'xlsx' | 'biff8'): Buffer {
  const sheet = XLSX.utils.aoa_to_sheet([header, ...rows])
  XLSX.utils.sheet_set_array_formula(sheet, 'E2', 'SUM(D2:D3)')
  sheet['E2'].v = 155.5
  const book = XLSX.utils.book_new(sheet, '学生')
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([['手机号'], [tel]]), '二')
  return XLSX.write(book, { type: 'buffer', bookType })
}

async function byWriteExcelFile(): Promise<Buffer> {
  const cells = [header, ...rows].map(row => row.map(value => ({ value })))
  const file = writeXlsxFile(cells as never, { sheet: '学生' })
  return (file as unknown as { toBuffer(): Promise<Buffer> }).toBuffer()
}

test('masked workbooks open in LibreOffice, and show what they should', {
  skip: (await installed()) ? false : 'LibreOffice (soffice) is not installed',
}, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'veilgate-office-'))
  t.after(() => removeFolder(folder))
  const books = {
    'sheetjs.xlsx': bySheetJs('xlsx'),
    'old.xls': bySheetJs('biff8'),
    'other.xlsx': await byWriteExcelFile(),
  }
  for (const [name, bytes] of Object.entries(books))
    await writeFile(join(folder, name), (await maskWorkbook(people, bytes)).bytes)
  const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`
  const files = Object.keys(books).map(name => join(folder, name))
  await run('soffice', [profile, '--headless', '--convert-to', toCsv, '--outdir', folder, ...files])
  const sheet = async (name: string) => (await readFile(join(folder, `${name}.csv`), 'utf8')).trim().split('\n')
  const masked = ['张*,110***************,***,95.5', '李*,110***************,***,60']
  assert.deepEqual(await sheet('sheetjs-学生'), [`${header.join()},`, `${masked[0]},155.5`, `${masked[1]},`])
  assert.deepEqual(await sheet('sheetjs-二'), ['手机号', '***'])
  assert.deepEqual(await sheet('old-学生'), [`${header.join()},`, `${masked[0]},155.5`, `${masked[1]},`])
  assert.deepEqual(await sheet('old-二'), ['手机号', '***'])
  assert.deepEqual(await sheet('other-学生'), [header.join(), ...masked])
})
