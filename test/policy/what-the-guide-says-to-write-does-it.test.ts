/** The table "I want …" of policies/README.md: each entry, as it is written there, does what it says. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runCommand } from '../support/run-command.ts'

const system = `system: s
fields:
  reader.name: person_name
  book.name: { not_personal: title of a book }
  salary: B4
  lxdh: cn_mobile
  xh: student_number
routes:
  - { path: /list.csv, columns: [xh, xm, tel] }
  - { path: /children, when: [{ subject_age: under 14, raise: 1 }] }
  - { path: /mine, when: [{ own: xh }], bulk: { rows: 50 } }
  - { path: /photos, opaque: { allow: B3, reason: photographs } }
  - { path: /login.do, methods: [POST], body: data }
  - { path: /codes, unlisted: { keep: reason } }
  - path: /api
`
const audiences = `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  doctor: { like: staff, clear_with: { 3: [operator, purpose, basis] } }
always: { B4: remove }
`
const catalogue = `extends: veilgate
data_types:
  landline_number: { always: partial }
  medical_record_number: { always: token }
  cn_mobile: { without_names: [tel] }
  reader_number: { title: { zh: 借阅证号, en: Library card number }, cell: C2, names: [jyzh] }
`

function folder(t: TestContext): string {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-guide-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  mkdirSync(join(cwd, 'policies/systems'), { recursive: true })
  for (const [name, text] of Object.entries({ 'systems/s': system, audiences, catalogue }))
    writeFileSync(join(cwd, 'policies', `${name}.yaml`), text)
  return cwd
}

test('what the guide says to write does what it says', async t => {
  const cwd = folder(t)
  const masked = async (audience: string, path: string, stdin: string, ...more: string[]) => {
    const args = ['mask', '--system', 's', '--audience', audience, '--path', path, ...more]
    const { status, stdout, stderr } = await runCommand(args, { cwd, stdin })
    assert.equal(status, 0, stderr)
    return stdout
  }
  const loan = '{"reader":{"name":"张三"},"book":{"name":"三体"},"salary":5000,"lxdh":"13800138000"}'
  assert.equal(await masked('public', '/api', loan), '{"reader":{"name":"张*"},"book":{"name":"三体"},"lxdh":"***"}')
  const with3 = ['--with', 'operator,purpose,basis']
  assert.match(await masked('doctor', '/api', loan, ...with3), /"book":\{"name":"三体"\},"lxdh":"13800138000"\}$/)
  assert.match(await masked('doctor', '/api', loan), /"lxdh":"138\*{4}8000"/)
  const row = '20190001,张三,none\n'
  assert.equal(await masked('public', '/list.csv', row, '--type', 'text/csv'), '2019****,张*,none\n')
  const child = '{"lxdh":"13800138000","csrq":"2020-01-01"}'
  assert.doesNotMatch(await masked('public', '/children', child), /lxdh/)
  assert.match(await masked('public', '/api', child), /lxdh/)
  assert.equal(await masked('staff', '/api', '{"tel":"none","jyzh":"20260012"}'), '{"tel":"none","jyzh":"20260012"}')
  assert.equal(await masked('public', '/api', '{"jyzh":"20260012"}'), '{"jyzh":"***"}')
  const link = '<a href="detail.jsp?blh=MZ200800003">x</a>'
  assert.match(await masked('staff', '/api', link, '--type', 'text/html'), /detail\.jsp\?blh=vg1\.[\w.-]+">/)
  assert.doesNotMatch(await masked('doctor', '/api', '{"gddh":"0571-87951234"}', ...with3), /87951234/)
})

test('both guides have the same entries, in the same order', () => {
  const entries = (file: string, title: string) => {
    const text = readFileSync(join(import.meta.dirname, '../../policies', file), 'utf8')
    const table = text.slice(text.indexOf(title)).split('\n## ')[0]!
    const places = table.matchAll(/^\|.*\| ([\w.]*|a system|系统文件) \|$/gm)
    return [...places].map(([, place]) => (place === '系统文件' ? 'a system' : place))
  }
  const english = entries('README.md', '## I want')
  assert.ok(english.length >= 15)
  assert.deepEqual(entries('README.zh-CN.md', '## 我想').slice(-english.length + 1), english.slice(1))
})
