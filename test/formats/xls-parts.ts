/** An old workbook made by hand that has something in every record that can hold words. */
import { writeCompoundFile } from '../support/write-compound.ts'
import { double, half, never, record, text, word, type XlsBook, xlsStream } from '../support/write-xls.ts'

/** A cell or an area of the sheet itself, and an operator, as tokens of formulas. */
const cellToken = (row: number, column: number) =>
  Buffer.concat([Buffer.from([0x44]), half(row), half(0xc000 | column)])
const textToken = (value: string) => Buffer.concat([Buffer.from([0x17]), text(value, 1)])
const concatenated = Buffer.from([0x08])
const sumOf = (...numbers: number[]) =>
  Buffer.concat([
    ...numbers.map(value => Buffer.from([0x1e, ...half(value)])),
    Buffer.from([0x42, numbers.length, 4, 0]),
  ])

export const tokens = { cell: cellToken, text: textToken, concatenated, sum: sumOf }

/** A name for what these tokens are. */
function definedName(name: string, rgce: Buffer, flags = 0): Buffer {
  const wide = Buffer.from(name, 'utf16le')
  return record(0x18, half(flags), [0, name.length], half(rgce.length), half(0), half(0), word(0), [1], wide, rgce)
}

const area = Buffer.concat([Buffer.from([0x3b]), half(0), half(0), half(1), half(0xc000), half(0xc001)])

/** Each of the values is planted in every record: in cells of all kinds, and in all that keeps them a second time. */
export function everyRecord(name: string, id: string, tel: string): XlsBook {
  const words = `${name} ${id} ${tel}`
  const chart = Buffer.concat([
    record(0x809, half(0x600), half(0x20), Buffer.alloc(12)),
    record(0x100d, half(0), text(words, 1)),
    record(0x0a),
  ])
  const future = (type: number) => record(type, half(type), Buffer.alloc(10), text(words))
  return {
    globals: [
      record(0x5c, text(name), Buffer.alloc(80, ' ')),
      record(0x5b, half(0), half(0), text(name)),
      record(0x31, half(200), Buffer.alloc(12), text(`Font ${tel}`, 1)),
      record(0x41e, half(164), text(`0"${tel}"`)),
      record(0x293, half(1), text(`style of ${tel}`)),
      record(0x1ae, half(1), half(0x0401)),
      record(0x1ae, half(1), text(`\u0001${words}.xls`), text(words)),
      record(0x23, half(0), word(0), text(words, 1), half(2), [0x1c, 0x17]),
      record(0x17, half(2), half(0), half(0), half(0), half(1), half(0), half(0)),
      definedName('who', tokens.text(words)),
      definedName(`rate_${tel}`, area),
      definedName('area', area),
      definedName('\u0006', area, 0x20),
      record(0xeb, Buffer.from(words, 'utf16le')),
      record(0x1ba, text(words)),
      future(0x89a),
      record(0x999, Buffer.from(words)),
    ],
    sheets: [
      {
        name: 'S',
        ahead: [
          record(0x14, text(`&Ltel ${tel}`)),
          record(0x15, text('&P')),
          record(0x4d, half(0), Buffer.from(words)),
        ],
        rows: [
          ['姓名', '身份证号', '说明', '手机号'],
          [
            name,
            { runs: [id.slice(0, 4), id.slice(4)] },
            `tel ${tel}`,
            Number(tel),
            { tokens: tokens.cell(1, 0), result: name },
          ],
          [
            { runs: [name.slice(0, 1), name.slice(1)] },
            {
              tokens: Buffer.concat([tokens.text(id.slice(0, 9)), tokens.text(id.slice(9)), concatenated]),
              result: id,
            },
            'keep me',
            { tokens: Buffer.concat([Buffer.from([0x1f]), double(Number(tel))]), result: Number(tel) },
            { tokens: tokens.text(`call ${tel}`), result: 'x' },
          ],
          [
            null,
            null,
            { tokens: tokens.sum(1, 2), result: 3 },
            null,
            null,
            { tokens: Buffer.from([0x1c, 0x07]), result: null },
          ],
        ],
        behind: [
          record(0xec, Buffer.from(words, 'utf16le')),
          record(0x5d, Buffer.from(words)),
          chart,
          record(0x1b6, Buffer.alloc(18)),
          record(0x3c, [1], Buffer.from(words, 'utf16le')),
          record(0x3c, Buffer.alloc(16)),
          record(0x1c, half(1), half(0), half(0), half(1), text(name)),
          record(0x1b8, Buffer.alloc(8), Buffer.from(`mailto:${tel}@example.com`, 'utf16le')),
          record(0x1be, Buffer.alloc(4), text(words)),
          record(0x1b1, Buffer.alloc(12), tokens.text(words)),
          record(0x9e, half(0), half(0), Buffer.alloc(20), text(words)),
          record(0xb0, Buffer.alloc(44), text(words)),
          record(0xe5, half(1), half(3), half(3), half(0), half(1)),
          future(0x868),
        ],
      },
      {
        name: `hidden ${tel}`,
        state: 2,
        rows: [
          ['姓名', name],
          ['手机号', Number(tel)],
        ],
      },
    ],
  }
}

/** In a file with other streams beside the workbook, and what was there before in what nothing uses. */
export function inContainer(book: XlsBook, words: string): Buffer {
  const others = [
    { name: '\u0005SummaryInformation', bytes: Buffer.from(words.repeat(300)) },
    { name: 'Book', bytes: Buffer.from(words) },
    { name: 'Workbook', inside: 'MBD0001', bytes: xlsStream(book) },
    { name: 'VBA', inside: '_VBA_PROJECT_CUR', bytes: Buffer.from(words) },
  ]
  const streams = [...others, { name: 'Workbook', bytes: xlsStream(book) }]
  return writeCompoundFile(streams, { chance: never, slack: Buffer.from(words), sectorBytes: 512 })
}
