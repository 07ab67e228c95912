import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Statements } from '../../plugins/formats/text/statements.ts'
import { maskBody, maskText } from '../support/mask-body.ts'
import { people } from './people-plan.ts'

const text = (body: string) => maskText(people, body, 'text')
const page = (body: string) => maskText(people, body, 'html')

test('what PHP prints of an array says what its values are', () => {
  assert.equal(
    page('<pre>array(2) {\n  ["xm"]=>\n  string(9) "笪远航"\n  ["tel"]=>\n  int(1)\n}</pre>'),
    '<pre>array(2) {\n  ["xm"]=>\n  string(9) "笪**"\n  ["tel"]=>\n  int(***)\n}</pre>',
  )
  assert.equal(page("<pre>array (\n  'xm' => '笪远航',\n)</pre>"), "<pre>array (\n  'xm' => '笪**',\n)</pre>")
  assert.equal(page('<pre>Array\n(\n    [xm] => 笪远航\n)</pre>'), '<pre>Array\n(\n    [xm] => 笪**\n)</pre>')
  assert.equal(
    text('array(1) {\n  ["xm"]=>\n  string(9) "笪远航"\n}\n'),
    'array(1) {\n  ["xm"]=>\n  string(9) "笪**"\n}\n',
  )
})

test('what PHP wrote down of an array says what its values are', () => {
  assert.equal(
    text('a:3:{s:2:"no";i:7;s:2:"xm";s:9:"笪远航";s:3:"tel";i:13800;}'),
    'a:3:{s:2:"no";i:7;s:2:"xm";s:9:"笪**";s:3:"tel";i:***;}',
  )
  assert.equal(
    maskText(people, JSON.stringify({ extra: 'a:1:{s:2:"xm";s:9:"笪远航";}' }), 'json'),
    JSON.stringify({ extra: 'a:1:{s:2:"xm";s:9:"笪**";}' }),
  )
})

test('a statement that puts rows into a table names their columns', () => {
  assert.equal(
    page(`<p>Query failed: insert into t_xs (id,xm,bz) values (1,'笪远航','O''K'), (2,'鱼蹇',NULL)</p>`),
    `<p>Query failed: insert into t_xs (id,xm,bz) values (1,'笪**','O''K'), (2,'鱼*',NULL)</p>`,
  )
})

test('a dump is read by the columns ahead of its rows, over many lines', () => {
  const dump =
    "INSERT INTO `t` (`id`, `xm`, `n`) VALUES\n(1,\t'笪远航',\t'a(b),c'),\n(2,\tN'鱼\\'蹇',\tNOW(1,2)),\n\n(3, NULL, 4);\nSELECT (5, '鱼蹇', 6);\n"
  assert.equal(text(dump), dump.replace('笪远航', '笪**').replace("鱼\\'蹇", '鱼***'))
})

test('a dump without columns is read by how the table was made', () => {
  const dump =
    "CREATE TABLE `xg`.`t` (\n  `id` int(11) NOT NULL,\n  `xm` varchar(64) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n\nINSERT INTO `t` VALUES (1,'笪远航'),(2,'鱼蹇');\n"
  assert.equal(text(dump), dump.replace('笪远航', '笪**').replace('鱼蹇', '鱼*'))
  const body = Buffer.from(dump)
  const whole = maskBody(people, body, [], 'text').bytes
  for (let cut = 1; cut < body.length; cut++) assert.deepEqual(maskBody(people, body, [cut], 'text').bytes, whole)
})

test('sentences that speak of tables and of inserting stay as they are', () => {
  for (const body of [
    'insert into the table (if any) values of your own',
    '请 insert into (空) values，再看 table (1)',
  ])
    assert.equal(text(body), body)
})

test('values are found in order, apart, and without their quotes, whatever a row holds', () => {
  const value = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 }), rows => {
      const quoted = (one: string) => `'${one.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`
      const line = `insert into t(a,b) values ${rows.map(row => `(${row.map(quoted).join(',')})`).join(',')};`
      const found = new Statements().find(line)
      const shown = found.map(({ column, from, to }) => [column, line.slice(from, to)])
      const expected = rows.flatMap(([a, b]) => [
        ['a', quoted(a).slice(1, -1)],
        ['b', quoted(b).slice(1, -1)],
      ])
      assert.deepEqual(
        shown,
        expected.filter(([, one]) => one !== ''),
      )
    }),
  )
})
