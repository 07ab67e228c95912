import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Plan } from '../../gateway/policy/plan.ts'
import { xml } from '../../plugins/formats/xml.ts'
import { faultOf, limits, masking, scope, tallyOf } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

/** Under such a limit the compiled reader of JSON reads nothing, so that each value is offered. */
const oneByOne = { ...limits, scalar: 1023 }

const names = ['xm', 'idCard', 'tel', '手机号', '民族', '备注', 'no', 'name', 'label', 'value', 'rows', 'x:xm', 'x:no']
const name = fc.constantFrom(...names)
const value = fc.oneof(
  fc.constantFrom('张三丰', '李四光', id, tel, `电话${tel}`, `{"xm":"张三丰"}`, '&lt;r>&lt;xm>张三丰&lt;/xm>&lt;/r>'),
  fc.constantFrom(
    '',
    ' ',
    '\n张三丰 ',
    'a&amp;b',
    'x&gt;y',
    'x>y',
    "'ok'",
    '&#49;38',
    '&quot;张三丰&quot;',
    `it&apos;s ${tel}`,
    '（全角）',
    'a\\b',
    'a\tb',
    '😀王',
  ),
  fc.constantFrom('姓名', '民族', 'MTM4MDAxMzgwMDA=', '%E5%BC%A0', '-5.5', 'null', '***', '张*', 'a]]b', '\ufffd'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 4 }).map(text => text.replace(/[<&>]/g, '+')),
)
const inQuotes = (text: string) => text.replaceAll('"', '&quot;').replaceAll('<', '&lt;')
const section = fc.constantFrom('', '张三丰', ` ${id}\n`, 'a]b', '<b>&', tel)
/** One column of a table: how it is written in all rows, but for a few. */
const column = fc.tuple(name, fc.constantFrom('text', 'text', 'section', 'attribute'))
const cell = fc.record({ value, section, odd: fc.nat(60) })
const table = fc.record({
  row: fc.constantFrom('row', 'item', 'x:row', '民族', 'value', 'name'),
  columns: fc.uniqueArray(column, { minLength: 1, maxLength: 6, selector: ([one]) => one }),
  rows: fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { minLength: 17, maxLength: 40 }),
  around: fc.constantFrom('', '\n', ' \r\n '),
  schema: fc.constantFrom('', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'),
})
type Cell = { readonly value: string; readonly section: string; readonly odd: number }

function element(one: string, { value, section, odd }: Cell, how: string): string {
  if (odd === 0) return `<${one}/>`
  if (odd === 1) return `<${one}><!-- c -->${value}</${one}>`
  if (odd === 2) return `<${one}><z>${value}</z></${one}>`
  if (odd === 3) return `<${one} no="1">${value}</${one}>`
  if (odd === 4) return ''
  return how === 'section' ? `<${one}><![CDATA[${section}]]></${one}>` : `<${one}>${value}</${one}>`
}

const body = table.map(({ row, columns, rows, around, schema }) => {
  const written = rows.map(cells => {
    const attributes = columns.map(([one, how], at) =>
      how === 'attribute' && !one.startsWith('x:') ? ` ${one}="${inQuotes(cells[at]!.value)}"` : '',
    )
    const inner = columns.map(([one, how], at) => (how === 'attribute' ? '' : element(one, cells[at]!, how)))
    const between = cells[0]!.odd === 5 ? '<!-- c -->' : cells[0]!.odd === 6 ? tel : around
    return `${between}<${row}${attributes.join('')}>${around}${inner.join(around)}</${row}>`
  })
  return `<r xmlns:x="u"${schema}><head>${tel}</head><list>${written.join('')}</list><tail>${tel}</tail></r>`
})

const plans: readonly Plan[] = [people, { ...people, unlisted: 'remove' }]

/** What leaves, what is counted, and the fault, if there is one. */
function read(plan: Plan, bytes: Buffer, cut: number, under: typeof limits): unknown {
  const masker = masking.start(plan, xml, scope, under)
  try {
    const first = Buffer.concat(masker.write(Buffer.from(bytes.subarray(0, cut))))
    const rest = [...masker.write(Buffer.from(bytes.subarray(cut))), ...masker.end()]
    return { text: Buffer.concat([first, ...rest]).toString('latin1'), tally: tallyOf(masker) }
  } catch (error) {
    return faultOf(error)
  }
}

test('rows leave alike, read together and one by one', () => {
  fc.assert(
    fc.property(body, fc.nat(), fc.constantFrom(...plans), (text, where, plan) => {
      const bytes = Buffer.from(text)
      const cut = where % (bytes.length + 1)
      assert.deepEqual(read(plan, bytes, cut, limits), read(plan, bytes, cut, oneByOne))
    }),
    { numRuns: 600 },
  )
})

test('a byte that may not be there withholds a document, whichever row it stands in', () => {
  const bytes = Buffer.from(`<r>${'<row><xm>张三丰</xm><no>1</no></row>'.repeat(40)}</r>`)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.constantFrom(0, 0xff, 0x3c, 0x26, 0x3e), (at, byte) => {
      const broken = Buffer.from(bytes)
      broken[at] = byte
      assert.deepEqual(read(people, broken, at, limits), read(people, broken, at, oneByOne))
    }),
  )
})

test('rows that come byte by byte leave alike', () => {
  const row = (nth: number) => `<row no="${nth}"><xm>张三丰</xm><idCard>${id}</idCard><t><![CDATA[${tel}]]></t></row>\n`
  const bytes = Buffer.from(`<r>${Array.from({ length: 30 }, (_, nth) => row(nth)).join('')}</r>`)
  const inPieces = masking.start(people, xml, scope, limits)
  const out = Array.from(bytes, byte => inPieces.write(Uint8Array.of(byte)).map(piece => Buffer.from(piece))).flat()
  out.push(...inPieces.end().map(piece => Buffer.from(piece)))
  assert.deepEqual(
    { text: Buffer.concat(out).toString('latin1'), tally: tallyOf(inPieces) },
    read(people, bytes, 0, oneByOne),
  )
})
