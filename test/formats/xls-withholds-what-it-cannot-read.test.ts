import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { convertWorkbook } from '../../plugins/formats/workbook/convert.ts'
import { writeCompoundFile } from '../support/write-compound.ts'
import { half, never, record, text, word, type XlsBook, xlsFile, xlsStream } from '../support/write-xls.ts'
import { codeOf, leakInXls } from './mask-workbook.ts'
import { id, tel } from './people-plan.ts'
import { askOfPeople } from './workbook-cursor.ts'
import { everyRecord, inContainer } from './xls-parts.ts'

const name = '张三丰'

const book = (rows: XlsBook['sheets'][number]['rows'], behind: readonly Buffer[] = []): XlsBook => ({
  sheets: [{ name: 'S', rows, behind }],
})
const plain = book([['手机号'], [tel]])

const inFile = (stream: Buffer, called = 'Workbook') =>
  writeCompoundFile([{ name: called, bytes: stream }], { chance: never, slack: Buffer.alloc(0), sectorBytes: 512 })

describe('a container whose sectors do not lead where they should', () => {
  const long = xlsFile(book(Array.from({ length: 300 }, (_, at) => [`row ${at}`])))
  const entryAt = long.indexOf(Buffer.from('Workbook', 'utf16le'))
  const tableAt = 512 + long.readUInt32LE(76) * 512
  const start = long.readUInt32LE(entryAt + 116)
  const patched = (at: number, value: number, bytes = long) => {
    const copy = Buffer.from(bytes)
    copy.writeUInt32LE(value >>> 0, at)
    return copy
  }
  const second = long.readUInt32LE(tableAt + start * 4)
  const cases: Record<string, Buffer> = {
    'cut short': long.subarray(0, long.length - 8192),
    'a chain in a circle': patched(tableAt + second * 4, start),
    'a chain of one sector': patched(tableAt + start * 4, start),
    'a chain into the table': patched(tableAt + second * 4, long.readUInt32LE(76)),
    'a chain out of the file': patched(tableAt + second * 4, 70_000),
    'a chain that ends too soon': patched(tableAt + second * 4, 0xfffffffe),
    'a size beyond its chain': patched(entryAt + 120, 1 << 24),
    'a start out of the file': patched(entryAt + 116, 70_000),
    'a tree in a circle': patched(entryAt + 68, 1),
    'a tree out of the directory': patched(entryAt + 72, 99),
    'no root': patched(entryAt - 128 + 66, 0),
    'sectors of no known size': patched(30, 0x0006_000a),
    'a table that is listed twice': patched(44, 2, patched(80, long.readUInt32LE(76))),
    'a list of the table in a circle': patched(72, 9, patched(68, start)),
    'large streams in the small one': patched(56, 0xffffffff),
    'a mark and nothing else': long.subarray(0, 512),
    'less than a header': long.subarray(0, 100),
  }
  for (const [what, bytes] of Object.entries(cases)) {
    test(`is withheld: ${what}`, async () => {
      assert.equal(await codeOf(bytes), 'FORMAT_MALFORMED')
    })
  }

  test('is read where the last sector is cut short behind the stream, as some writers leave it', async () => {
    assert.equal(await codeOf(long), 'passes')
    const small = Buffer.concat([long, Buffer.alloc(100)])
    assert.equal(await codeOf(small), 'passes')
  })
})

test('what is no workbook of Excel 97 to 2003, or an encrypted one, is of no format that is read', async () => {
  for (const called of ['WordDocument', 'EncryptedPackage', 'Contents'])
    assert.equal(await codeOf(inFile(xlsStream(plain), called)), 'FORMAT_UNKNOWN', called)
  const globals = [record(0x2f, half(1), half(1), half(1), Buffer.alloc(48))]
  assert.equal(await codeOf(xlsFile({ ...plain, globals })), 'FORMAT_UNKNOWN')
})

test('two workbooks in one file are withheld', async () => {
  const streams = ['Workbook', 'WORKBOOK'].map(called => ({ name: called, bytes: xlsStream(plain) }))
  const file = writeCompoundFile(streams, { chance: never, slack: Buffer.alloc(0), sectorBytes: 512 })
  assert.equal(await codeOf(file), 'FORMAT_MALFORMED')
})

test('records that lie about what is in them are withheld', async () => {
  const stream = xlsStream(plain)
  const strings = stream.indexOf(
    record(0xfc, Buffer.alloc(0)).subarray(0, 2),
    stream.indexOf(record(0x293).subarray(0, 2)),
  )
  const patched = (at: number, value: number, bytes = 2) => {
    const copy = Buffer.from(stream)
    copy.writeUIntLE(value, at, bytes)
    return inFile(copy)
  }
  const cells = (...records: Buffer[]) => xlsFile(book([['a']], records))
  const entryAt = stream.indexOf(Buffer.from([0x85, 0, 9, 0]))
  const cases: Record<string, Buffer> = {
    'more strings than there are': patched(strings + 8, 3, 4),
    'four thousand million strings': patched(strings + 8, 0xffffffff, 4),
    'a string beyond its record': patched(strings + 12, 60_000),
    'a record beyond the stream': patched(strings + 2, 0xffff),
    'no end': inFile(stream.subarray(0, -4)),
    'no sheet': inFile(Buffer.concat([stream.subarray(0, entryAt), record(0x0a)])),
    'a sheet that begins nowhere': patched(entryAt + 4, 17, 4),
    'a sheet that begins in another record': patched(entryAt + 4, stream.readUInt32LE(entryAt + 4) + 1, 4),
    'a sheet beyond the stream': patched(entryAt + 4, 1 << 30, 4),
    'BIFF of another age': patched(4, 0x0400),
    'a cell twice': cells(record(0x201, half(0), half(0), half(15))),
    'a cell twice, once among others': cells(record(0xbe, half(0), half(0), half(15), half(15), half(1))),
    'a column beyond the last': cells(record(0x203, half(1), half(256), half(15), Buffer.alloc(8))),
    'a string that is not there': cells(record(0xfd, half(1), half(0), half(15), word(9))),
    'numbers fewer than columns': cells(record(0xbd, half(1), half(0), half(15), word(0), half(9))),
    'numbers that end before they begin': cells(record(0xbd, half(1), half(5), half(15), word(0), half(1))),
    'a number that is none': cells(record(0x203, half(1), half(0), half(15), Buffer.alloc(8, 0xff))),
    'a number cut short': cells(record(0x203, half(1), half(0), half(15), Buffer.alloc(4))),
    'a number with more behind it': cells(record(0x203, half(1), half(0), half(15), Buffer.alloc(8), text(tel))),
    'a blank cell with more behind it': cells(record(0x201, half(1), half(0), half(15), text(tel))),
    'a cell without a place': cells(record(0x201, half(1))),
    'a text beyond its record': cells(record(0x204, half(1), half(0), half(15), half(99), [0])),
    'a formula beyond its record': cells(record(0x06, half(1), half(0), half(15), Buffer.alloc(14), half(99), [0])),
    'tokens beyond their formula': cells(
      record(0x06, half(1), half(0), half(15), Buffer.alloc(14), half(2), [0x17, 99]),
    ),
  }
  for (const [what, bytes] of Object.entries(cases)) assert.equal(await codeOf(bytes), 'FORMAT_MALFORMED', what)
})

test('sheets that have records in common are withheld, however many there are', async () => {
  const stream = xlsStream({ sheets: Array.from({ length: 1000 }, (_, at) => ({ name: `s${at}`, rows: [['a']] })) })
  const sheet = stream.readUInt32LE(stream.indexOf(Buffer.from([0x85, 0])) + 4)
  for (let at = stream.indexOf(Buffer.from([0x85, 0])); stream[at] === 0x85; at += 4 + stream.readUInt16LE(at + 2))
    stream.writeUInt32LE(sheet, at + 4)
  assert.equal(await codeOf(inFile(stream)), 'FORMAT_MALFORMED')
})

test('whatever is broken in a workbook, nothing planted leaves it, and it is the workbook that is at fault', async () => {
  const sentinel = '13912345678'
  const good = inContainer(everyRecord(name, id, tel), `${name} ${id} ${tel}`)
  const stream = xlsStream(everyRecord(name, id, tel))
  const put = fc.oneof(
    fc.uint8Array({ maxLength: 4 }).map(bytes => Buffer.from(bytes)),
    fc.constantFrom(half(0xffff), half(0), Buffer.from(sentinel, 'utf16le'), record(0x999, text(sentinel))),
    fc
      .constantFrom(0x204, 0x3c, 0x207, 0x14, 0x41e)
      .map(type => record(type, half(0), half(9), half(0), text(sentinel))),
  )
  const ask = askOfPeople()
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.nat(), put, fc.nat(8), async (inStream, where, bytes, drop) => {
      const whole = inStream ? stream : good
      const at = where % whole.length
      const broken = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + drop)])
      const out = await convertWorkbook(inStream ? inFile(broken) : broken, ask).catch(error => {
        assert.ok(['malformed', 'unknown', 'too_large'].includes(error.code), error.stack)
        return null
      })
      if (out !== null) assert.equal(leakInXls(out, [id, tel, sentinel]), null)
    }),
    { numRuns: 2000 },
  )
  assert.equal(await codeOf(good), 'passes')
})
