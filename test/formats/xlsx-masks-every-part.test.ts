import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as XLSX from '@e965/xlsx'
import writeXlsxFile from 'write-excel-file/node'
import { dateOf } from '../../plugins/formats/workbook/dates.ts'
import { mask, planOf } from '../support/plan.ts'
import { leakIn, maskWorkbook, partsOf } from './mask-workbook.ts'
import { id, people, tel } from './people-plan.ts'
import { everything, packed, plain } from './workbook-parts.ts'

const name = '张三丰'
const planted = [name, '三丰', id, tel, tel.slice(3)]
const nothing = planOf({ types: {}, unlisted: 'keep' })

const csvOf = (bytes: Uint8Array, sheet: string) => XLSX.utils.sheet_to_csv(XLSX.read(bytes).Sheets[sheet]!)

test('no planted value is left in any part', async () => {
  const before = packed(everything(name, id, tel))
  assert.ok(leakIn(before, planted))
  const { bytes } = await maskWorkbook(people, before)
  assert.equal(leakIn(bytes, planted), null)
})

test('what is not personal stays where it was', async () => {
  const { bytes } = await maskWorkbook(people, packed(everything(name, id, tel)))
  assert.equal(csvOf(bytes, 'S').split('\n')[0], '姓名,身份证号,说明,手机号,,')
  assert.match(csvOf(bytes, 'S'), /^张\*\*,110\*{15},tel \*\*\*,\*\*\*,,$/m)
  assert.match(csvOf(bytes, 'S'), /^张\*\*,110\*{15},keep me,\*\*\*,x,$/m)
  const sheet = XLSX.read(bytes, { cellFormula: true }).Sheets['S']!
  assert.equal(sheet['C4'].f, 'SUM(1,2)')
  assert.equal(sheet['E2'].f, 'A2')
  assert.equal(sheet['E3'].f, undefined)
  assert.equal(sheet['D4'].f, undefined)
})

test('what nothing here reads is gone, with all that leads to it', async () => {
  const { bytes } = await maskWorkbook(people, packed(everything(name, id, tel)))
  const parts = partsOf(bytes)
  for (const part of parts.keys()) assert.doesNotMatch(part, /docProps|vba|pivot|external|printer|customXml/)
  for (const [part, text] of parts) {
    if (part.endsWith('.rels')) assert.doesNotMatch(text, /External|printerSettings|pivot|vba|core-properties|mailto/)
  }
  assert.match(parts.get('xl/worksheets/sheet1.xml')!, /<pageSetup orientation="landscape"\s*\/>/)
  assert.match(parts.get('xl/workbook.xml')!, /<definedName name="area">S!\$A\$1:\$B\$2<\/definedName>/)
  // the picture with a person's name for its own is gone with what showed it, the other is blank
  assert.equal(parts.get('xl/drawings/drawing1.xml')!.match(/<xdr:pic>/g)!.length, 1)
  assert.ok(parts.get('xl/media/image1.png')!.includes('PNG'))
  assert.ok(parts.has('xl/tables/table1.xml'))
})

test('a column of labels says what stands in the columns of values', async () => {
  const rows = ['变更前,变更后,字段', '张三丰,李四光,姓名', '一,二,班级'].map(row => row.split(','))
  const cells = rows.map(row => row.map(value => ({ value })))
  const { bytes } = await maskWorkbook(people, new Uint8Array(await await writeXlsxFile(cells).toBuffer()))
  assert.equal(csvOf(bytes, 'Sheet1'), '变更前,变更后,字段\n张**,李**,姓名\n一,二,班级')
})

test('every relation and content type that is left leads to a part', async () => {
  const { bytes } = await maskWorkbook(people, packed(everything(name, id, tel)))
  const parts = partsOf(bytes)
  const types = parts.get('[Content_Types].xml')!
  for (const [, part] of types.matchAll(/PartName="\/([^"]*)"/g)) assert.ok(parts.has(part!), `${part}`)
  for (const [file, text] of parts) {
    if (!file.endsWith('.rels')) continue
    for (const [, target] of text.matchAll(/Target="([^"]*)"/g)) {
      const at = new URL(target!, `file:///${file.replace('_rels/', '')}`).pathname.slice(1)
      assert.ok(parts.has(at), `${file}: ${target}`)
    }
  }
})

test('a workbook of write-excel-file comes out masked, and otherwise the same', async () => {
  const rows = [
    ['姓名', '身份证号', '入学', '成绩', '在读'].map(value => ({ value, fontWeight: 'bold' as const })),
    [
      { value: name },
      { value: id },
      { value: new Date('2026-09-01T00:00:00Z'), format: 'yyyy-mm-dd' },
      { value: 88.5 },
      { value: true },
    ],
  ]
  const file = writeXlsxFile(rows as never, { sheet: '学生' })
  const buffer = (await (file as unknown as { toBuffer(): Promise<Buffer> }).toBuffer()) as Buffer
  const { bytes, tally } = await maskWorkbook(people, buffer)
  assert.equal(leakIn(bytes, planted), null)
  assert.equal(tally.rows, 1)
  const [before, after] = [csvOf(buffer, '学生'), csvOf(bytes, '学生')]
  assert.equal(after, before.replace(name, '张**').replace(id, '110***************'))
})

test('a workbook of SheetJS with shared strings, comments, links and names comes out masked', async () => {
  const sheet = XLSX.utils.aoa_to_sheet([
    ['学生名单'],
    ['姓名', '手机号', '备注', '号码'],
    [name, tel, `见 ${id}`, Number(tel)],
    ['李四光', '', 'ok', 1.39],
  ])
  sheet['A3'].c = [{ a: name, t: `note: ${tel}` }]
  sheet['B3'].l = { Target: `tel:${tel}`, Tooltip: name }
  const book = XLSX.utils.book_new()
  XLSX.utils.book_append_sheet(book, sheet, '一班')
  book.Workbook = {
    Names: [
      { Name: 'who', Ref: `"${name}"` },
      { Name: 'cells', Ref: "'一班'!$A$2:$A$4" },
    ],
  }
  book.Props = { Author: name, Title: id }
  const buffer = XLSX.write(book, { type: 'buffer', bookType: 'xlsx', bookSST: true, compression: true }) as Buffer
  const { bytes, tally } = await maskWorkbook(people, buffer)
  assert.equal(leakIn(bytes, [...planted, '四光']), null)
  assert.equal(tally.rows, 2)
  assert.equal(
    csvOf(bytes, '一班'),
    '学生名单,,,\n姓名,手机号,备注,号码\n张**,***,见 110***************,***\n李**,,ok,1.39',
  )
  const read = XLSX.read(bytes, { cellStyles: true })
  assert.deepEqual(
    read.Workbook?.Names?.map(({ Name }) => Name),
    ['cells'],
  )
})

test('where nothing is masked, cells, formulas, styles and merges stay as they were', async () => {
  const sheet = XLSX.utils.aoa_to_sheet([
    ['a', 'b', 'c'],
    [1, 'text & <more>', true],
    [2.5, ' padded ', null],
  ])
  sheet['D2'] = { t: 'n', f: 'A2+A3', v: 3.5 }
  sheet['!ref'] = 'A1:D3'
  sheet['!merges'] = [XLSX.utils.decode_range('A1:B1')]
  const book = XLSX.utils.book_new(sheet, 'one')
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([['x']]), 'two')
  for (const bookSST of [true, false]) {
    const buffer = XLSX.write(book, { type: 'buffer', bookType: 'xlsx', bookSST }) as Buffer
    const { bytes } = await maskWorkbook(nothing, buffer)
    const options = { cellFormula: true, cellStyles: true } as const
    assert.deepEqual(XLSX.read(bytes, options).Sheets, XLSX.read(buffer, options).Sheets)
    const [before, after] = [partsOf(buffer), partsOf(bytes)]
    assert.equal(
      after.get('xl/worksheets/sheet1.xml')!.replace(/ [cv]m="\d+"/g, ''),
      before.get('xl/worksheets/sheet1.xml')!.replace(/ [cv]m="\d+"/g, ''),
    )
  }
})

test('a shared string is kept for the cell that shows it, and only then', async () => {
  const parts = everything(name, id, tel)
  const { bytes } = await maskWorkbook(people, packed(parts))
  const strings = partsOf(bytes).get('xl/sharedStrings.xml')!
  assert.match(strings, /<t>keep me<\/t>/)
  assert.equal(strings.match(/<si>/g)!.length, 9)
})

test('a number that shows as a date is read as that date', async () => {
  const born = planOf({
    fields: { 出生日期: 'birth' },
    types: { birth: { form: 'generalize', mask: mask('date_precision', { keep: 'month' }) } },
  })
  const rows = [
    ['姓名', '出生日期', '入学'],
    ['张三丰', new Date('1990-05-17T00:00:00Z'), new Date('2026-09-01T00:00:00Z')],
    ['李四光', 33010, 46266],
  ]
  const sheet = XLSX.utils.aoa_to_sheet(rows, { UTC: true, dateNF: 'yyyy-mm-dd' })
  const book = XLSX.utils.book_new(sheet, 'one')
  const buffer = XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer
  const { bytes } = await maskWorkbook(born, buffer)
  assert.equal(csvOf(bytes, 'one'), '姓名,出生日期,入学\n张三丰,1990-05,2026-09-01\n李四光,***,46266')
})

test('days are dates as Excel counts them', () => {
  assert.equal(dateOf(1, false), '1900-01-01')
  assert.equal(dateOf(59, false), '1900-02-28')
  assert.equal(dateOf(61, false), '1900-03-01')
  assert.equal(dateOf(33010.75, false), '1990-05-17 18:00:00')
  assert.equal(dateOf(0.5, false), null)
  assert.equal(dateOf(13800138000, false), null)
  assert.equal(dateOf(1, true), '1904-01-02')
})

test('several tables on one sheet each have their header', async () => {
  const rows = [['姓名', '城市'], ['张三丰', 'Ulm'], [], ['手机号', '姓名'], ['n/a', '李四光']]
  const book = XLSX.utils.book_new(XLSX.utils.aoa_to_sheet(rows), 'one')
  const { bytes } = await maskWorkbook(people, XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }))
  assert.equal(csvOf(bytes, 'one'), '姓名,城市\n张**,Ulm\n,\n手机号,姓名\n***,李**')
})

test('the same leaves at every split, and each row is counted', async () => {
  const body = packed(
    plain('<row><c t="inlineStr"><is><t>xm</t></is></c></row><row><c t="inlineStr"><is><t>张三丰</t></is></c></row>'),
  )
  const whole = await maskWorkbook(people, body)
  assert.equal(whole.tally.rows, 1)
  for (const cuts of [[1], [body.length - 1], [30, 31, 500], Array.from(body, (_, at) => at)]) {
    assert.deepEqual((await maskWorkbook(people, body, cuts)).bytes, whole.bytes)
  }
})

test('a value that its mask leaves as it is stays in its cell, and results that show it stay', async () => {
  const parts = plain(
    '<row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>班级</t></is></c></row><row><c t="s"><v>0</v></c></row><row><c/><c t="str"><f>A2</f><v>***</v></c></row>',
  )
  parts['xl/sharedStrings.xml'] =
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>***</t></si></sst>'
  const { bytes } = await maskWorkbook(people, packed(parts))
  const sheet = partsOf(bytes).get('xl/worksheets/sheet1.xml')!
  assert.match(sheet, /<c t="s"><v>0<\/v><\/c>/)
  assert.match(sheet, /<f>A2<\/f><v>\*\*\*<\/v>/)
})
