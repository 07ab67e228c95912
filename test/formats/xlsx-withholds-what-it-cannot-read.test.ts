import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { convertWorkbook } from '../../plugins/formats/workbook/convert.ts'
import { WorkbookDecisions } from '../../plugins/formats/workbook/decide.ts'
import { fileLimit } from '../../plugins/formats/workbook/reader.ts'
import { readZip, writeZip } from '../../plugins/formats/xlsx/zip.ts'
import { codeOf, leakIn } from './mask-workbook.ts'
import { id, tel } from './people-plan.ts'
import { askOfPeople, cursorOfPeople } from './workbook-cursor.ts'
import { everything, packed, plain } from './workbook-parts.ts'

const row = '<row r="1"><c r="A1"><v>1</v></c></row>'
const limits = { entries: 100, expanded: 1 << 20 }

const sheet = (data: string, more = '') => packed(plain(data, more))

describe('a package that two readers could read in two ways', () => {
  const good = sheet(row)
  const patched = (find: number, at: number, value: number, size: 2 | 4 = 2) => {
    const bytes = Buffer.from(good)
    const from = bytes.indexOf(Buffer.from([0x50, 0x4b, find & 0xff, find >> 8]))
    bytes.writeUIntLE(value, from + at, size)
    return bytes
  }
  const [local, directory, end] = [0x0403, 0x0201, 0x0605]
  const cases: Record<string, Buffer> = {
    'cut short': good.subarray(0, -1),
    'bytes behind the end': Buffer.concat([good, Buffer.from('x')]),
    'bytes before the start': Buffer.concat([Buffer.from('x'), good]),
    'an encrypted entry': patched(directory, 8, 0x0801),
    'an unknown method': patched(directory, 10, 12),
    'a wrong checksum': patched(directory, 16, 1, 4),
    'a size that is not true': patched(directory, 24, 5, 4),
    'sizes of ZIP64': patched(directory, 24, 0xffffffff, 4),
    'a local header that says otherwise': patched(local, 8, 0),
    'an entry on another disk': patched(directory, 34, 1),
    'fewer entries listed than there are': patched(end, 8, 3),
    'a comment at the end': Buffer.concat([patched(end, 20, 3), Buffer.from('abc')]),
    'an offset into another entry': patched(directory, 42, 7, 4),
  }
  for (const [what, bytes] of Object.entries(cases)) {
    test(`is withheld: ${what}`, async () => {
      assert.equal(await codeOf(bytes), 'FORMAT_MALFORMED')
    })
  }

  test('names that lead elsewhere or come twice are withheld', async () => {
    for (const name of [
      '../x',
      'a/../b',
      '/etc/x',
      'a\\b',
      'c:x',
      'a//b',
      './a',
      'xl/Workbook.xml',
      'a\u0000b',
      'xl/workbook.xml',
    ]) {
      const entries = [...Object.entries(plain(row)), [name, 'x'] as const]
      const bytes = writeZip(entries.map(([path, text]) => ({ name: path, content: Buffer.from(text) })))
      assert.equal(await codeOf(bytes), 'FORMAT_MALFORMED', name)
    }
  })

  test('sizes that stand behind the data are read where they agree', () => {
    const content = Buffer.from('hello hello hello')
    for (const marked of [true, false]) {
      const bytes = withDescriptor(content, marked, crc32(content))
      assert.equal(readZip(bytes, limits)[0]!.content.toString(), 'hello hello hello')
      assert.throws(() => readZip(withDescriptor(content, marked, 7), limits))
    }
  })
})

test('a package that grows too large, or holds too much, is withheld', async () => {
  const bomb = writeZip([{ name: 'a', content: Buffer.alloc(2 << 20) }])
  assert.throws(() => readZip(bomb, limits), { code: 'too_large' })
  assert.throws(() => readZip(bomb, { entries: 0, expanded: 1 << 30 }), { code: 'too_large' })
  const lying = Buffer.from(bomb)
  for (const mark of [0x0403, 0x0201]) {
    const at = lying.indexOf(Buffer.from([0x50, 0x4b, mark & 0xff, mark >> 8]))
    lying.writeUInt32LE(100, at + (mark === 0x0403 ? 22 : 24))
  }
  assert.throws(() => readZip(lying, limits), { code: 'malformed' })
  assert.equal(await codeOf(Buffer.alloc(fileLimit + 1)), 'ANSWER_TOO_LARGE')
})

test('an archive that is no workbook is withheld as a file that is not read, and not as a broken one', async () => {
  for (const name of ['a.txt', 'word/document.xml', 'content.xml', 'xl/workbook.bin'])
    assert.equal(await codeOf(writeZip([{ name, content: Buffer.from('x') }])), 'FORMAT_UNKNOWN', name)
  assert.equal(await codeOf(Buffer.from('PK\x03\x04')), 'FORMAT_UNKNOWN')
  const { 'xl/worksheets/sheet1.xml': _, ...without } = plain(row)
  assert.equal(await codeOf(packed(without)), 'FORMAT_MALFORMED')
})

test('XML that is not well-formed, or brings a DTD, is withheld', async () => {
  for (const broken of [
    '<row>',
    '</row>',
    '<row r=1/>',
    '<row a="1" a="2"/>',
    '<row>&what;</row>',
    '<?x y?>',
    '<row><c/></c></row>',
    '<a',
  ]) {
    assert.equal(await codeOf(sheet(broken)), 'FORMAT_MALFORMED', broken)
  }
  const parts = plain(row)
  const part = 'xl/worksheets/sheet1.xml'
  const dtd = { ...parts, [part]: `<!DOCTYPE x [<!ENTITY a "b">]>${parts[part]}` }
  assert.equal(await codeOf(packed(dtd)), 'FORMAT_MALFORMED')
  const deep = '<a>'.repeat(300) + '</a>'.repeat(300)
  assert.equal(await codeOf(sheet(row, `<sheetPr>${deep}</sheetPr>`)), 'ANSWER_TOO_LARGE')
  const bytes = writeZip(
    Object.entries(parts).map(([name, text]) => ({
      name,
      content: Buffer.from(name === part ? text.replace('1</v>', '\xe9</v>') : text, 'latin1'),
    })),
  )
  assert.equal(await codeOf(bytes), 'CHARSET_MALFORMED')
})

test('sheets whose names cannot be told apart once they are masked are withheld, and many are named in one pass', () => {
  const shownNames = (names: readonly string[]) =>
    new WorkbookDecisions(cursorOfPeople()).answer('sheets', names) as readonly string[]
  const personal = `${tel} ${'b'.repeat(24)}`
  const [masked] = shownNames([personal]) as [string]
  const another = (at: number) => `${masked.slice(0, 22)}_${at}_`
  assert.deepEqual(shownNames([masked, personal]), [masked, another(2)])
  assert.throws(() => shownNames([masked, another(3), personal]), { code: 'malformed' })
  assert.throws(() => shownNames(['a', 'A']), { code: 'malformed' })
  const many = Array.from({ length: 100_000 }, (_, at) => `s${at.toString(36).padStart(4, '_')}`)
  assert.deepEqual(shownNames(many), many)
})

test('an element with more attributes than any has is withheld', async () => {
  const withAttributes = (count: number) =>
    sheet(row, `<sheetPr ${Array.from({ length: count }, (_, at) => `a${at}=""`).join(' ')}/>`)
  assert.equal(await codeOf(withAttributes(1024)), 'passes')
  assert.equal(await codeOf(withAttributes(200_000)), 'ANSWER_TOO_LARGE')
})

test('cells that stand in two places, or are of no known kind, are withheld', async () => {
  const cell = '<c r="A1"><v>1</v></c>'
  for (const broken of [
    `<row r="1">${cell}${cell}</row>`,
    `<row r="2">${cell}</row>`,
    `<row r="2"/><row r="1">${cell}</row>`,
    '<row r="1"><c r="A1" t="s"><v>9</v></c></row>',
    '<row r="1"><c r="A1" t="what"><v>9</v></c></row>',
    '<row r="1"><c r="A1" t="constructor"/></row>',
    '<row r="1"><c r="A1"><v>张三</v></c></row>',
    '<row r="1"><c r="A1" secret="张三"/></row>',
    '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
    '<row r="1"><c r="A1"><w>张三</w></c></row>',
    '<row r="1">text</row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is><v>13800138000</v></c></row>',
    '<row r="1"><c r="A1"><is><t>1</t></is></c></row>',
    '<row r="1"><c r="A1"><v>1<!-- 张三 --></v></c></row>',
  ]) {
    assert.equal(await codeOf(sheet(broken)), 'FORMAT_MALFORMED', broken)
  }
})

const sentinel = '13912345678'
/** A personal number wherever XML has room for one, and characters that break its shape. */
const planted = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.constantFrom('<', '>', '"', '&', ' t="s"', '</v>', '</c>', '<c>', '_x0031_', sentinel, `<!--${sentinel}-->`),
  fc.constantFrom(
    ` x="${sentinel}"`,
    `<x>${sentinel}</x>`,
    `<x${sentinel}/>`,
    `<x y${sentinel}=""/>`,
    `<?x ${sentinel}?>`,
  ),
  fc.constantFrom(
    ` xmlns:q="${sentinel}"`,
    `<![CDATA[${sentinel}]]>`,
    `${sentinel.slice(0, 5)}<x/>${sentinel.slice(5)}`,
  ),
)

test('whatever is broken in a package, nothing planted leaves it', async () => {
  const good = packed(everything('张三丰', id, tel))
  const ask = askOfPeople()
  const text = Object.entries(everything('张三丰', id, tel))
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.nat(), planted, fc.nat(8), async (part, at, put, drop) => {
      const parts = text.map(([name, content], index) => {
        const cut = at % (content.length + 1)
        return {
          name,
          content: Buffer.from(index === part ? content.slice(0, cut) + put + content.slice(cut + drop) : content),
        }
      })
      const out = await convertWorkbook(writeZip(parts), ask).catch(() => null)
      if (out !== null) assert.equal(leakIn(out, [id, tel, sentinel]), null)
    }),
    { numRuns: 150 },
  )
  assert.equal(await codeOf(good), 'passes')
})

/** An archive of one entry whose sizes stand behind its data (APPNOTE 4.3.9). */
function withDescriptor(content: Buffer, marked: boolean, crc: number): Buffer {
  const packedContent = deflateRawSync(content)
  const whole = writeZip([{ name: 'a', content }])
  const directoryAt = whole.readUInt32LE(whole.length - 6)
  const header = Buffer.from(whole.subarray(0, 31))
  header.writeUInt16LE(0x0808, 6)
  header.fill(0, 14, 26)
  const descriptor = Buffer.alloc(marked ? 16 : 12)
  if (marked) descriptor.writeUInt32LE(0x08074b50, 0)
  descriptor.writeUInt32LE(crc, descriptor.length - 12)
  descriptor.writeUInt32LE(packedContent.length, descriptor.length - 8)
  descriptor.writeUInt32LE(content.length, descriptor.length - 4)
  const directory = Buffer.from(whole.subarray(directoryAt))
  directory.writeUInt16LE(0x0808, 8)
  directory.writeUInt32LE(31 + packedContent.length + descriptor.length, directory.length - 6)
  return Buffer.concat([header, packedContent, descriptor, directory])
}
