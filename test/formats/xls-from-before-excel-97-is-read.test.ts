import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as XLSX from '@e965/xlsx'
import fc from 'fast-check'
import { convertWorkbook } from '../../plugins/formats/workbook/convert.ts'
import { double, half, record, word, xlsFile } from '../support/write-xls.ts'
import { codeOf, leakInXls, maskWorkbook } from './mask-workbook.ts'
import { bareXls, encoded, type OlderCell, olderXls } from './older-xls.ts'
import { id, people, tel } from './people-plan.ts'
import { askOfPeople } from './workbook-cursor.ts'

const name = '张三丰'
const planted = [name, id, tel]
const rows: OlderCell[][] = [
  ['姓名', '身份证号', '手机号', '成绩'],
  [name, id, tel, 88.5],
  ['李四光', id, Number(tel), true],
]
const masked = '姓名,身份证号,手机号,成绩\n张**,110***************,***,88.5\n李**,110***************,***,TRUE'

const csvOf = (bytes: Uint8Array) => XLSX.utils.sheet_to_csv(Object.values(XLSX.read(bytes).Sheets)[0]!)
const book = { name: '学生', rows, codePage: 936, charset: 'gbk' } as const

test('cells alone, in UTF-8 or in Chinese bytes, leave as a workbook', async () => {
  for (const charset of ['utf-8', 'gbk'] as const) {
    const { bytes, tally } = await maskWorkbook(people, bareXls(rows, charset))
    assert.equal(csvOf(bytes), masked)
    assert.equal(tally.rows, 2)
    assert.equal(leakInXls(bytes, planted), null)
  }
})

test('a workbook of Excel 95 leaves as one of Excel 97, whatever code page its library names', async () => {
  for (const [codePage, charset] of [
    [936, 'gbk'],
    [1252, 'gbk'],
    [1252, 'utf-8'],
    [65001, 'utf-8'],
    [0x8001, 'gbk'],
  ] as const) {
    const { bytes } = await maskWorkbook(people, olderXls({ ...book, codePage, charset }))
    assert.equal(csvOf(bytes), masked)
    assert.deepEqual(XLSX.read(bytes).SheetNames, ['学生'])
    assert.equal(leakInXls(bytes, planted), null)
  }
  const western = record(0x204, half(3), half(0), half(0), half(6), Buffer.from('M\xfcller', 'latin1'))
  const { bytes } = await maskWorkbook(people, olderXls({ ...book, rows: [['Ort']], codePage: 1252, more: [western] }))
  assert.equal(csvOf(bytes), 'Ort\n\n\nMüller')
})

test('dates, and what formulas came to, stay; formulas and names for cells go', async () => {
  const at = (row: number, column: number, style = 0) => Buffer.concat([half(row), half(column), half(style)])
  const text = encoded(name, 'gbk')
  const ofText = Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff])
  const tokens = Buffer.concat([half(4), Buffer.from([0x44, 1, 0xc0, 0])])
  const formula = (head: Buffer, value: Buffer) => record(0x06, head, value, half(0), word(0), tokens)
  const more = [
    record(0x203, at(1, 4, 1), double(33_010)),
    formula(at(1, 5), double(7)),
    formula(at(1, 6), ofText),
    record(0x207, half(text.length), text),
    formula(at(2, 5), Buffer.from([1, 0, 1, 0, 0, 0, 0xff, 0xff])),
    formula(at(2, 6), Buffer.from([2, 0, 7, 0, 0, 0, 0xff, 0xff])),
    record(0xd6, at(3, 0), half(text.length), text, [1, 0, 0]),
  ]
  const globals = [record(0x18, Buffer.alloc(14), Buffer.from(tel)), record(0x17, Buffer.from(tel))]
  const header = [['姓名', '身份证号', '手机号', '成绩', '生日', 'n', 'xm'], ...rows.slice(1)]
  const { bytes } = await maskWorkbook(people, olderXls({ ...book, rows: header, more, globals }))
  assert.equal(leakInXls(bytes, planted), null)
  const sheet = XLSX.read(bytes, { cellFormula: true, cellNF: true, raw: true }).Sheets['学生']!
  assert.deepEqual(
    [sheet['E2'].v, sheet['F2'].v, sheet['G2'].v, sheet['F3'].v, sheet['G3'].w],
    [33_010, 7, '张**', true, '#DIV/0!'],
  )
  assert.deepEqual([sheet['A4'].v, sheet['F2'].f, sheet['G2'].f], ['张**', undefined, undefined])
  assert.equal(sheet['E2'].z, 'yyyy"年"')
})

test('a sheet leaves as from a workbook of Excel 97', async () => {
  const cell = fc.oneof(
    fc.constantFrom<OlderCell>(name, '李四光', id, tel, Number(tel), '一班', 'ok', '', null, true),
    fc.integer({ min: -1000, max: 1000 }),
  )
  const sheet = fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(sheet, fc.constantFrom('utf-8', 'gbk'), async (cells, charset) => {
      const all = [['姓名', '身份证号', '手机号', '备注', 'no'], ...cells]
      const today = await maskWorkbook(people, xlsFile({ sheets: [{ name: '学生', rows: all }] }))
      for (const file of [olderXls({ ...book, rows: all, codePage: 1252, charset }), bareXls(all, charset)]) {
        const { bytes, tally } = await maskWorkbook(people, file)
        assert.equal(csvOf(bytes), csvOf(today.bytes))
        assert.deepEqual(tally, today.tally)
      }
    }),
    { numRuns: 60 },
  )
})

test('what cannot be read is withheld', async () => {
  assert.equal(await codeOf(olderXls({ ...book, codePage: 4711 })), 'FORMAT_UNKNOWN')
  assert.equal(await codeOf(olderXls({ ...book, globals: [record(0x2f, Buffer.alloc(6))] })), 'FORMAT_UNKNOWN')
  assert.equal(await codeOf(olderXls({ ...book, codePage: 65001 })), 'CHARSET_MALFORMED')
  assert.equal(await codeOf(bareXls(rows, 'gbk').subarray(0, -4)), 'FORMAT_MALFORMED')
  assert.equal(await codeOf(Buffer.concat([Buffer.from('\t'), bareXls(rows, 'gbk')])), 'FORMAT_MALFORMED')
})

test('whatever is broken, nothing planted leaves, and it is the workbook that is at fault', async () => {
  const ask = askOfPeople()
  const files = [olderXls(book), bareXls(rows, 'gbk')]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.nat(),
      fc.uint8Array({ minLength: 1, maxLength: 3 }),
      async (file, at, bytes) => {
        const broken = Buffer.from(file)
        broken.set(bytes, at % (file.length - 3))
        const out = await convertWorkbook(broken, ask).catch(error => {
          assert.ok(['malformed', 'unknown', 'not_utf8'].includes(error.code), error.stack)
          return null
        })
        if (out !== null) assert.equal(leakInXls(out, [id, tel]), null)
      },
    ),
    { numRuns: 2000 },
  )
})
