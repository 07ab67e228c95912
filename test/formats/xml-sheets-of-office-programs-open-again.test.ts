import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskText } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: { name: 'name', Name: 'name', author: 'name', 姓名: 'name', 电话: 'tel', 出生日期: 'birth', 诊断: 'illness' },
  types: {
    name: { form: 'partial', mask: mask('keep_ends', { head: 1 }), cell: 'A2', identifies: 2 },
    birth: { form: 'redact', cell: 'A3' },
    illness: { form: 'remove', cell: 'B4' },
    tel: { detector: 'cn_mobile', form: 'redact', cell: 'A3' },
  },
})

const excel = (rows: string, sheet = '人员名册') => `<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
<Styles><Style ss:ID="Default" ss:Name="Normal"><Font ss:FontName="宋体" x:CharSet="134" ss:Size="11"/></Style></Styles>
<Worksheet ss:Name="${sheet}"><Table ss:ExpandedColumnCount="4" x:FullColumns="1">
<Row>${['姓名', '电话', '出生日期', '诊断'].map(name => `<Cell ss:StyleID="s1"><Data ss:Type="String">${name}</Data></Cell>`).join('')}</Row>
${rows}</Table></Worksheet></Workbook>`

test('an export as XML of Excel opens again: names of sheets and styles stay, and a masked number or date is a text', () => {
  const row = (cells: readonly (readonly [type: string, text: string])[]) =>
    `<Row ss:Height="13.5">${cells.map(([type, text]) => `<Cell ss:StyleID="s21"><Data ss:Type="${type}">${text}</Data></Cell>`).join('')}</Row>`
  const given = row([
    ['String', '张三'],
    ['Number', '13800138000'],
    ['DateTime', '1990-05-17T00:00:00.000'],
    ['String', '冠心病'],
  ])
  const shown = row([
    ['String', '张*'],
    ['String', '***'],
    ['String', '***'],
    ['String', ''],
  ])
  assert.equal(maskText(plan, excel(given), 'xml'), excel(shown))
})

test('a number in a column that is no field stays a number, and one left out counts', () => {
  const row = (tel: string, type: string) =>
    `<Row><Cell ss:Index="2"><Data ss:Type="${type}">${tel}</Data></Cell><Cell ss:Index="5"><Data ss:Type="Number">123.5</Data></Cell></Row>`
  assert.equal(maskText(plan, excel(row('13800138000', 'Number')), 'xml'), excel(row('***', 'String')))
})

test('a sheet or style that is called as a phone number is one, and what somebody wrote is no name of a part', () => {
  assert.equal(maskText(plan, excel('', '13800138000'), 'xml'), excel('', '***'))
  const comment = (author: string, text: string) =>
    `<Row><Cell ss:HRef="tel:${text}"><Data ss:Type="String">张*</Data><Comment ss:Author="${author}"><Data>${text}</Data></Comment></Cell></Row>`
  const shown = maskText(plan, excel(comment('张三', '13800138000')), 'xml')
  assert.doesNotMatch(shown, /张三|13800138000/)
})

const named = (prefix: string) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${prefix}:1.0"`
const openDocument = (columns: readonly string[], cells: string) =>
  `<office:document ${['office', 'style', 'table', 'text'].map(named).join(' ')}><style:style style:name="ce1"/><table:table table:name="名册">
<table:table-row>${columns.map(name => openCell('string', '', name)).join('')}</table:table-row>
<table:table-row>${cells}</table:table-row></table:table></office:document>`
const openCell = (type: string, value: string, text: string) =>
  `<table:table-cell office:value-type="${type}"${value}><text:p>${text}</text:p></table:table-cell>`

test('an OpenDocument sheet as one file keeps its names, and shows a masked date nowhere', () => {
  const columns = ['姓名', '出生日期']
  const given = openCell('string', '', '张三') + openCell('date', ' office:date-value="1990-05-17"', '1990/5/17')
  const shown = openCell('string', '', '张*') + openCell('string', ' office:date-value="***"', '***')
  assert.equal(maskText(plan, openDocument(columns, given), 'xml'), openDocument(columns, shown))
})

test('a cell of an OpenDocument sheet behind empty ones, which are written once, is in its column', () => {
  const columns = ['姓名', '班级', '班号', '出生日期']
  const cells = (name: string, birth: string) =>
    `${openCell('string', '', name)}<table:table-cell table:number-columns-repeated="2"/>${openCell('string', '', birth)}`
  assert.equal(
    maskText(plan, openDocument(columns, cells('张三', '1990/5/17')), 'xml'),
    openDocument(columns, cells('张*', '***')),
  )
})

test('letters and slides as one XML document are withheld as what they are, as numbers stand in pieces in them', () => {
  const runs = '<w:body><w:p><w:r><w:t>1380013</w:t></w:r><w:r><w:t>8000</w:t></w:r></w:p></w:body>'
  const word = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
  const type = (name: string) =>
    `<office:document ${named('office')} office:mimetype="application/vnd.oasis.opendocument.${name}"/>`
  for (const body of [
    `<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument ${word}>${runs}</w:wordDocument>`,
    '<wordDocument xmlns="http://schemas.microsoft.com/office/word/2003/wordml"/>',
    '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>',
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>',
    '<uof:UOF xmlns:uof="http://schemas.uof.org/cn/2003/uof"/>',
    type('text'),
    type('presentation'),
  ]) {
    assert.throws(() => maskText(plan, body, 'xml'), { code: 'FORMAT_UNKNOWN' }, body)
  }
  assert.equal(maskText(plan, type('spreadsheet'), 'xml'), type('spreadsheet'))
  assert.equal(maskText(plan, '<w:document xmlns:w="urn:other"/>', 'xml'), '<w:document xmlns:w="urn:other"/>')
})
