import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Plan } from '../../gateway/policy/plan.ts'
import { csv } from '../../plugins/formats/csv.ts'
import { faultOf, limits, masking, scope, tallyOf } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

/** Of records under such a limit the compiled reader of JSON reads none, so that each cell is offered. */
const cellByCell = { ...limits, scalar: 1023 }

const fields = ['xm', 'idCard', '手机号', '民族', '备注', 'guardian', 'no', '', 'label', 'value', 'a"b', tel]
const column = fc.constantFrom(...fields)
/** Values, and what stands around them in a cell. */
const value = fc.oneof(
  fc.constantFrom(
    '张三丰',
    '李四光',
    id,
    tel,
    `电话${tel}`,
    `{"xm":"张三丰","tel":"${tel}"}`,
    '<r><xm>张三丰</xm></r>',
  ),
  fc.constantFrom(
    '1.38E+10',
    '007',
    '88.50',
    '1.',
    '-0.5',
    '13800138000.00',
    '5426542654265426',
    '110105194912310021234567',
  ),
  fc.constantFrom(
    '',
    ' ',
    '*',
    '=1+1',
    '+1',
    '-李四光',
    '@x',
    '\\u0031',
    'a;b',
    'two\nlines',
    '，。',
    '\u3000',
    '\x1b[1m',
    'null',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String),
)
const around = fc.constantFrom('@', '@', '@', '@', ' @ ', "'@", '="@"', '\u3000@', '@\u00a0')
const cell = fc.tuple(value, around, fc.boolean()).map(([text, outside, isQuoted]) => {
  const written = outside.replace('@', () => text)
  return isQuoted || /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written
})
const table = fc.tuple(
  fc.constantFrom('', '\ufeff', '名单,,\n'),
  fc.array(column, { minLength: 1, maxLength: 5 }),
  fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 30 }),
  fc.constantFrom('\n', '\r\n'),
)

const plans: readonly Plan[] = [
  people,
  { ...people, unlisted: 'remove' },
  { ...people, columns: ['xm', 'idCard', 'tel'] },
]

/** What leaves, what is counted in two windows, and the fault, if there is one. */
function read(plan: Plan, bytes: Buffer, cut: number, under: typeof limits): unknown {
  const masker = masking.start(plan, csv, scope, under)
  try {
    const first = Buffer.concat(masker.write(Buffer.from(bytes.subarray(0, cut))))
    const windows = [tallyOf(masker)]
    const rest = [...masker.write(Buffer.from(bytes.subarray(cut))), ...masker.end()]
    windows.push(tallyOf(masker))
    return { text: Buffer.concat([first, ...rest]).toString('latin1'), windows }
  } catch (error) {
    return faultOf(error)
  }
}

test('a table leaves alike, row by row and cell by cell', () => {
  fc.assert(
    fc.property(table, fc.nat(), fc.constantFrom(...plans), ([title, columns, rows, newline], where, plan) => {
      const lines = rows.map(cells => cells.join(','))
      const names = columns.map(name => (name.includes('"') ? `"${name.replaceAll('"', '""')}"` : name))
      const body = Buffer.from(`${title}${names.join(',')}\n${lines.join(newline)}`)
      const cut = where % (body.length + 1)
      assert.deepEqual(read(plan, body, cut, limits), read(plan, body, cut, cellByCell))
    }),
    { numRuns: 500 },
  )
})

test('a byte that no text has withholds a table, whichever record it stands in', () => {
  const body = Buffer.from(`xm,no\n${'张三丰,1\n'.repeat(40)}`)
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.constantFrom(0, 0xff, 0x22), (at, byte) => {
      const broken = Buffer.from(body)
      broken[at] = byte
      assert.deepEqual(read(people, broken, at, limits), read(people, broken, at, cellByCell))
    }),
  )
})

test('rows that are odd in a table that is not, and the other way round, leave alike', () => {
  const plainRow = `张三丰,${id},1\n`
  const oddRow = `李四光,${tel},007.50,${tel}\n`
  for (const rows of [plainRow.repeat(200) + oddRow, (plainRow + oddRow).repeat(50), oddRow.repeat(50) + plainRow]) {
    const body = Buffer.from(`xm,idCard,no\n${rows}`)
    for (const cut of [0, 40, body.length >> 1]) {
      assert.deepEqual(read(people, body, cut, limits), read(people, body, cut, cellByCell))
    }
  }
})
