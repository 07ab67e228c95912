import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as XLSX from '@e965/xlsx'
import fc from 'fast-check'
import { uniformFrom } from '../support/chance.ts'
import { planOf } from '../support/plan.ts'
import { half, never, record, type XlsCell, xlsFile } from '../support/write-xls.ts'
import { leakInXls, maskWorkbook } from './mask-workbook.ts'
import { id, people, tel } from './people-plan.ts'
import { everyRecord, inContainer, tokens } from './xls-parts.ts'

const name = '张三丰'
const planted = [name, '三丰', id, tel, tel.slice(3)]
const nothing = planOf({ types: {}, unlisted: 'keep' })
const everything = inContainer(everyRecord(name, id, tel), `${name} ${id} ${tel}`)

const csvOf = (bytes: Uint8Array, sheet: string) => XLSX.utils.sheet_to_csv(XLSX.read(bytes).Sheets[sheet]!)
const chanceFrom = (seed: number) => {
  const uniform = uniformFrom(seed)
  return (below: number) => Math.floor(uniform() * below)
}

test('no planted value is left in any record, beside the workbook or between its sectors', async () => {
  assert.ok(leakInXls(everything, planted))
  const { bytes } = await maskWorkbook(people, everything)
  assert.equal(leakInXls(bytes, planted), null)
})

test('what is not personal stays where it was', async () => {
  const { bytes } = await maskWorkbook(people, everything)
  assert.deepEqual(csvOf(bytes, 'S').split('\n'), [
    '姓名,身份证号,说明,手机号,,',
    '张**,110***************,tel ***,***,,',
    '张**,110***************,keep me,***,x,',
    ',,3,,,#NULL!',
  ])
  const read = XLSX.read(bytes, { cellFormula: true })
  assert.equal(read.Sheets['S']!['C4'].f, 'SUM(1,2)')
  assert.equal(read.Sheets['S']!['E2'].f, 'A2')
  assert.equal(read.Sheets['S']!['E3'].f, undefined)
  assert.equal(read.Sheets['S']!['!merges']?.length, 1)
  assert.deepEqual(read.SheetNames, ['S', 'hidden ___'])
  assert.deepEqual(
    read.Workbook!.Names!.map(({ Name }) => Name).filter(found => !found.startsWith('_')),
    ['area', '_xlnm.Print_Area'].filter(found => !found.startsWith('_')),
  )
})

test('what leaves is read again, and leaves again as the same bytes', async () => {
  const { bytes } = await maskWorkbook(nothing, everything)
  const again = await maskWorkbook(nothing, bytes)
  assert.deepEqual(again.bytes, bytes)
})

const cell: fc.Arbitrary<XlsCell> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<XlsCell>(
      name,
      '李四光',
      id,
      tel,
      Number(tel),
      ' 张三丰 ',
      `电话${tel}`,
      'ok',
      '一班',
      `{"xm":"${name}"}`,
    ),
  },
  { weight: 2, arbitrary: fc.integer({ min: -1000, max: 100_000 }) },
  {
    weight: 2,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }).map(value => value + 0),
  },
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: 61, max: 60_000 }).map(day => ({ day })),
  fc.array(fc.constantFrom('张', '三丰', 'ab', '鱼'), { minLength: 2, maxLength: 4 }).map(runs => ({ runs })),
  fc.string({ unit: fc.constantFrom('a', '\u00e9', '鱼', '0'), maxLength: 12 }),
)
const header = fc.shuffledSubarray<XlsCell>(['姓名', '身份证号', '手机号', '民族', '备注', 'no', ''], { minLength: 2 })
const rows = fc
  .tuple(header, fc.array(fc.array(cell, { maxLength: 7 }), { maxLength: 25 }))
  .map(([first, more]) => [first, ...more])

/** The same sheet in the format of today. */
function asXlsx(cells: readonly (readonly XlsCell[])[]): Buffer {
  const plainly = cells.map(row =>
    row.map(value => {
      if (value === null || typeof value !== 'object') return value === '' ? null : value
      if ('day' in value) return { t: 'n', v: value.day, z: 'yyyy-mm-dd' }
      return 'runs' in value ? value.runs.join('') : null
    }),
  )
  return XLSX.write(XLSX.utils.book_new(XLSX.utils.aoa_to_sheet(plainly as never), 'S'), {
    type: 'buffer',
    bookType: 'xlsx',
  })
}

/** What the cells of the first sheet show, row by row. */
function shownIn(bytes: Uint8Array): unknown[][] {
  const { Sheets, SheetNames } = XLSX.read(bytes, { raw: true })
  const sheet = Sheets[SheetNames[0]!]!
  const found: unknown[][] = []
  for (const [place, { v }] of Object.entries(sheet).filter(([key]) => !key.startsWith('!'))) {
    const { r, c } = XLSX.utils.decode_cell(place)
    if (v !== undefined && v !== '') (found[r] ??= [])[c] = v
  }
  return found
}

test('a sheet leaves as the same sheet does as XLSX: what is shown, counted and who is in it', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(), async (cells, seed) => {
      const old = await maskWorkbook(people, xlsFile({ sheets: [{ name: 'S', rows: cells }] }, chanceFrom(seed)))
      const other = await maskWorkbook(people, asXlsx(cells))
      assert.deepEqual(old.tally, other.tally)
      assert.deepEqual(shownIn(old.bytes), shownIn(other.bytes))
    }),
    { numRuns: 200 },
  )
})

test('however a writer lays out a workbook, the same leaves', async () => {
  const long = fc.string({
    unit: fc.constantFrom('a', '\u00e9', '鱼'),
    minLength: 3000,
    maxLength: 20_000,
    size: 'max',
  })
  await fc.assert(
    fc.asyncProperty(rows, fc.array(long, { maxLength: 4 }), fc.nat(), async (cells, texts, seed) => {
      const book = {
        sheets: [
          { name: 'S', rows: [...cells, texts] },
          { name: '二', rows: cells },
        ],
      }
      const chance = chanceFrom(seed)
      const slack = Buffer.from(`${tel} ${name}`, 'utf16le')
      const [plain, other] = [
        await maskWorkbook(people, xlsFile(book)),
        await maskWorkbook(people, xlsFile(book, chance, slack)),
      ]
      assert.deepEqual(shownIn(other.bytes), shownIn(plain.bytes))
      assert.deepEqual(other.tally, plain.tally)
    }),
    { numRuns: 100, endOnFailure: true },
  )
})

test('formulas written once for several cells stay or go together', async () => {
  const shared = (last: number) =>
    record(0x4bc, half(1), half(last), [2, 2, 0, 1], half(5), [0x4c], half(0), half(0xc0ff))
  const here = Buffer.concat([Buffer.from([0x01]), half(1), half(2)])
  const sheet = (second: string) => [
    ['姓名', '身份证号', '备注'],
    ['a', '', { tokens: here, result: 'x', shared: shared(2) }],
    ['b', '', { tokens: here, result: second }],
  ]
  for (const [second, stay] of [
    ['y', true],
    [`见 ${tel}`, false],
  ] as const) {
    const { bytes } = await maskWorkbook(people, xlsFile({ sheets: [{ name: 'S', rows: sheet(second) }] }))
    const read = XLSX.read(bytes, { cellFormula: true }).Sheets['S']!
    assert.equal(read['C2'].f !== undefined, stay)
    assert.equal(read['C2'].v, 'x')
    assert.equal(leakInXls(bytes, planted), null)
  }
})

test('a formula that reaches other files, functions of users or tables leaves what it came to', async () => {
  const elsewhere = Buffer.concat([Buffer.from([0x5a]), half(0), half(0), half(0)])
  const named = Buffer.concat([Buffer.from([0x59]), half(0), word6(1)])
  const call = Buffer.concat([tokens.text('x'), Buffer.from([0x42, 1]), half(150)])
  const unknown = Buffer.from([0x18, 1, 2, 3, 4, 5])
  const rows = [elsewhere, named, call, unknown].map(rgce => [{ tokens: rgce, result: 7 }])
  const { bytes } = await maskWorkbook(people, xlsFile({ sheets: [{ name: 'S', rows: [['n'], ...rows] }] }))
  const read = XLSX.read(bytes, { cellFormula: true }).Sheets['S']!
  for (const place of ['A2', 'A3', 'A4', 'A5']) {
    assert.equal(read[place].f, undefined)
    assert.equal(read[place].v, 7)
  }
})

test('blank cells of styles that are not there are dropped: bytes of anything would leave with them', async () => {
  const words = Buffer.from(tel, 'utf16le')
  const blanks = record(0xbe, half(1), half(0), words, half(words.length / 2 - 1))
  const { bytes } = await maskWorkbook(people, xlsFile({ sheets: [{ name: 'S', rows: [['a']], behind: [blanks] }] }))
  assert.equal(leakInXls(bytes, planted), null)
  assert.equal(csvOf(bytes, 'S'), 'a')
})

test('sheets of charts and macros leave empty, in their place', async () => {
  const book = {
    sheets: [
      { name: 'one', rows: [['手机号'], [tel]] },
      { name: 'two', rows: [['手机号'], [tel]] },
    ],
  }
  const file = xlsFile(book, never)
  // the kind of the first sheet's substream
  const at = file.indexOf(record(0x809, half(0x600), half(0x10)).subarray(4, 8))
  file.writeUInt16LE(0x20, at + 2)
  const { bytes, tally } = await maskWorkbook(people, file)
  assert.deepEqual(XLSX.read(bytes).SheetNames, ['one', 'two'])
  assert.equal(csvOf(bytes, 'one'), '')
  assert.equal(csvOf(bytes, 'two'), '手机号\n***')
  assert.equal(tally.rows, 1)
})

function word6(value: number): Buffer {
  return Buffer.concat([half(value), Buffer.alloc(2)])
}
