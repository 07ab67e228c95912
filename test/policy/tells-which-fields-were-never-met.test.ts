import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runCommand } from '../support/run-command.ts'

/** What `veilgate test` says of a system with these fields and this sample. */
async function told(t: TestContext, fields: string, sample: object | string, more = ''): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-unmet-'))
  t.after(() => rmSync(cwd, { recursive: true }))
  mkdirSync(join(cwd, 'policies/systems'), { recursive: true })
  const given = typeof sample === 'string' ? sample : JSON.stringify(sample)
  const text = `system: s
fields: ${fields}
routes: [ { path: /a }, { path: /never, fields: { other: B2 } } ]
${more}
tests: [ { name: a sample, request: GET /a?kw=1, given: ${JSON.stringify(given)}${typeof sample === 'string' ? ', type: text/html' : ''}, expect: { public: { refused: ROUTE_UNKNOWN } } } ]
`
  writeFileSync(join(cwd, 'policies/systems/s.yaml'), text)
  const { stdout, stderr } = await runCommand(['test'], { cwd, lang: 'zh' })
  assert.equal(stderr, '')
  return /^s：策略写明的(?:.*\n)*(?=FAIL)/m.exec(stdout)?.[0] ?? ''
}

test('a mistyped field is told with its line and what was met in its place, and no value', async t => {
  const said = await told(t, '{ sfhz: cn_resident_id, tel: cn_mobile }', { sfzh: '11010519491231002X', tel: '138' })
  assert.equal(
    said,
    's：策略写明的 1 个字段从未出现。名称写错的字段得不到这里写的保护：\n' +
      '  policies/systems/s.yaml:2 sfhz：您是否想写“sfzh”？它出现过，而策略没有写明\n',
  )
})

test('a field inside another is looked for there, at any depth, in lists and inside what is removed', async t => {
  const rows = [{ kh: { mingzi: '张三', zdhao: '1' }, secret: { inner: '2' } }]
  const said = await told(t, '{ kh.mingzi: person_name, hk.zdhao: B2, secret: B4, inner: B2 }', { data: { rows } })
  assert.match(said, /^s：策略写明的 1 个字段/)
  assert.match(said, /hk\.zdhao：您是否想写“kh\.zdhao”/)
})

test('a JSONPath, a name at the end of another, a question and a label each meet a field', async t => {
  const sample = { data: [{ ren: 'x' }], 导师姓名: '张三', list: [{ label: '楼层甲', value: '3' }] }
  const said = await told(
    t,
    '{ "$.data[0].ren": B2, 姓名: person_name, kw: B2, 楼层甲: B2, "$.data[1].rem": B2 }',
    sample,
  )
  assert.match(said, /^s：策略写明的 1 个字段/)
  assert.match(said, /\$\.data\[1\]\.rem \(2\)/)
})

test('what a rule about the row looks at is told where it was never met', async t => {
  const when = 'when: [ { lxing: vip, fields: { jiage: B3 } } ]'
  const said = await told(t, '{ a: B2 }', { lxng: 'vip', jiage: 3, a: 1 }, when)
  assert.match(said, /^s：策略写明的 1 个字段/)
  assert.match(said, /s\.yaml:4 lxing：您是否想写“lxng”/)
})

test('columns of a table in a page are met by their headers', async t => {
  const page = '<html><body><table><tr><th>座位甲</th></tr><tr><td>3</td></tr></table></body></html>'
  assert.match(await told(t, '{ 座位甲: B2, 座位乙: B2 }', page), /^s：策略写明的 1 个字段.*\n.*座位乙 \(2\)\n$/)
})

test('nothing is said where every field was met, of routes without a sample, and of systems without any', async t => {
  assert.equal(await told(t, '{ a: B2 }', { a: 1 }), '')
  assert.equal(await told(t, '{ b: B2 }', ''), '')
})
