/** The rows of the `mask` bench as other formats have them: pages, tables, documents and files that systems of 2008 answer. */
import * as XLSX from '@e965/xlsx'
import writeWorkbook from 'write-excel-file/node'
import { makeBody, makeRows, type Row } from '../mask/bodies.ts'

/** A name for the table of results, the format that reads it, and how rows of so many bytes of JSON become one body. */
export type Kind = {
  readonly label: string
  readonly format: string
  make(bytes: number): Buffer | Promise<Buffer>
}

const columns = [
  ['name', '姓名'],
  ['idCard', '身份证号'],
  ['mobile', '手机号'],
  ['email', '邮箱'],
  ['address', '家庭住址'],
  ['bankCard', '银行卡号'],
  ['department', '院系'],
  ['role', '角色'],
  ['createdAt', '创建时间'],
  ['status', '状态'],
  ['score', '分数'],
  ['remark', '备注'],
] as const satisfies readonly (readonly [keyof Row, string])[]

const few = columns.filter(([name]) => ['name', 'idCard', 'mobile', 'department', 'createdAt'].includes(name))

type Column = (typeof columns)[number]

export const kinds: readonly Kind[] = [
  { label: 'JSON', format: 'json', make: bytes => makeBody(bytes, 'compact') },
  { label: 'events of JSON', format: 'event_stream', make: inText(rows => rows.map(event).join('')) },
  { label: 'XML, elements', format: 'xml', make: inText(elements) },
  { label: 'XML, attributes', format: 'xml', make: inText(attributes) },
  { label: 'HTML, a table', format: 'html', make: inText(tablePage) },
  { label: 'HTML, labels beside values', format: 'html', make: inText(labelPage) },
  { label: 'CSV, 12 columns', format: 'csv', make: inText(rows => csv(rows, columns)) },
  { label: 'CSV, 5 columns', format: 'csv', make: inText(rows => csv(rows, few)) },
  { label: 'text with labels', format: 'text', make: inText(text) },
  { label: 'form', format: 'form', make: inText(form) },
  { label: 'XLSX', format: 'xlsx', make: bytes => workbook(makeRows(bytes, 'compact')) },
  { label: 'XLS', format: 'xls', make: bytes => oldWorkbook(makeRows(bytes, 'compact')) },
]

function inText(write: (rows: readonly Row[]) => string): (bytes: number) => Buffer {
  return bytes => Buffer.from(write(makeRows(bytes, 'compact')))
}

function event(row: Row): string {
  return `data: ${JSON.stringify(row)}\n\n`
}

function elements(rows: readonly Row[]): string {
  const one = (row: Row) => `<row>${columns.map(([name]) => `<${name}>${escaped(row[name])}</${name}>`).join('')}</row>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n${rows.map(one).join('\n')}\n</rows>\n`
}

function attributes(rows: readonly Row[]): string {
  const one = (row: Row) => `<row ${columns.map(([name]) => `${name}="${escaped(row[name])}"`).join(' ')}/>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n${rows.map(one).join('\n')}\n</rows>\n`
}

function tablePage(rows: readonly Row[]): string {
  const cells = (row: Row) => columns.map(([name]) => `<td>${escaped(row[name])}</td>`).join('')
  const lines = rows.map((row, at) => `<tr class="${at % 2 === 0 ? 'even' : 'odd'}">${cells(row)}</tr>`)
  const head = columns.map(([, title]) => `<th>${title}</th>`).join('')
  return page(`<table border="1">\n<tr>${head}</tr>\n${lines.join('\n')}\n</table>`)
}

function labelPage(rows: readonly Row[]): string {
  const line =
    (row: Row) =>
    ([name, title]: Column) =>
      `<p><label>${title}：</label><span>${escaped(row[name])}</span></p>`
  return page(rows.map(row => `<div class="card">\n${columns.map(line(row)).join('\n')}\n</div>`).join('\n'))
}

function page(body: string): string {
  return `<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>学生信息</title></head>\n<body>\n<h1>学生信息</h1>\n${body}\n</body></html>\n`
}

function csv(rows: readonly Row[], chosen: readonly Column[]): string {
  const cell = (value: unknown) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value)
  const lines = rows.map(row => chosen.map(([name]) => cell(row[name])).join(','))
  return `${[chosen.map(([, title]) => title).join(','), ...lines].join('\r\n')}\r\n`
}

function text(rows: readonly Row[]): string {
  const value = (row: Row, name: Column[0]) => String(row[name]).replaceAll('\n', ' ')
  return rows.map(row => `${columns.map(([name, title]) => `${title}：${value(row, name)}`).join('；')}\n`).join('')
}

function form(rows: readonly Row[]): string {
  const pairs = (row: Row, at: number) =>
    columns.map(([name]) => `rows[${at}][${name}]=${encodeURIComponent(String(row[name]))}`)
  return rows.flatMap(pairs).join('&')
}

async function workbook(rows: readonly Row[]): Promise<Buffer> {
  const head = columns.map(([, title]) => ({ value: title }))
  const lines = rows.map(row => columns.map(([name]) => ({ value: String(row[name]), type: String })))
  return writeWorkbook([head, ...lines]).toBuffer()
}

function oldWorkbook(rows: readonly Row[]): Buffer {
  const lines = rows.map(row => columns.map(([name]) => String(row[name])))
  const sheet = XLSX.utils.aoa_to_sheet([columns.map(([, title]) => title), ...lines])
  return XLSX.write(XLSX.utils.book_new(sheet, 'S'), { type: 'buffer', bookType: 'biff8', bookSST: true })
}

function escaped(value: unknown): string {
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
