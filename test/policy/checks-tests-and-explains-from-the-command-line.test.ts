import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { CharsetCodec } from '../../gateway/exchange/charset/codec.ts'
import { runCommand } from '../support/run-command.ts'

const system = `system: s
fields: { campus: { not_personal: a place }, remark: free_text, gpa: B2 }
routes:
  - path: /a
    query: { page: any, tel: any }
  - path: /b
    methods: [POST]
tests:
  - name: the public sees no number
    request: GET /a
    given: '{"tel":"13800138000","n":1.0}'
    expect: { public: '{"n":1.0,"tel":"***"}' }
  - name: and asks by none
    request: GET /a?filter[tel]=138
    expect: { public: { refused: PARAMETER_UNDECLARED }, staff: { refused: PARAMETER_UNDECLARED } }
  - name: what does not read is withheld
    request: GET /a
    given: '{"tel":"13800138000",}'
    expect: { public: { refused: FORMAT_MALFORMED } }
`

function folder(t: TestContext, text: string): string {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-cli-'))
  t.after(() => rmSync(cwd, { recursive: true }))
  mkdirSync(join(cwd, 'policies/systems'), { recursive: true })
  writeFileSync(join(cwd, 'policies/systems/s.yaml'), text)
  return cwd
}

test('check tells what it read and what each audience sees', async t => {
  const ran = await runCommand(['check'], { cwd: folder(t, system) })
  assert.equal(ran.status, 0)
  assert.equal(ran.stderr, '')
  assert.match(ran.stdout, /^policies\/systems\/s\.yaml {2}s: 2 routes, 3 tests\n/)
  assert.match(ran.stdout, /^public +remove +redact +partial +clear$/m)
  assert.match(ran.stdout, /^ +level 3 clear with operator, purpose, basis$/m)
})

test('check of a broken folder ends with 1 and its faults, of a missing one with 2', async t => {
  const cwd = folder(t, 'system: s\nroutes: [{ path: a }]\n')
  const broken = await runCommand(['check', 'policies'], { cwd, lang: 'zh' })
  assert.deepEqual([broken.status, broken.stdout], [1, ''])
  assert.match(broken.stderr, /^policies\/systems\/s\.yaml:2:18 POLICY_ROUTE 路径须以 \/ 开头\n/)
  const missing = await runCommand(['check', 'nowhere'], { cwd })
  assert.deepEqual([missing.status, missing.stdout], [2, ''])
  assert.match(missing.stderr, /^nowhere:1:1 POLICY_UNREADABLE /)
  assert.equal((await runCommand(['check', 'a', 'b'], { cwd })).status, 2)
})

test('a sample in UTF-8 of a system in GBK is told what to do, by mask and by explain', async t => {
  const cwd = folder(t, system.replace('system: s', 'system: s\ncharset: gbk'))
  const args = ['--system', 's', '--path', '/a', '--audience', 'public']
  for (const command of ['mask', 'explain']) {
    const stdin = '{"remark":"张三的电话13800138000"}'
    const ran = await runCommand([command, ...args], { cwd, stdin })
    assert.equal(ran.status, 1)
    assert.match(ran.stderr, /says that the system is in gbk.*--type 'application\/json; charset=utf-8'/)
    const type = ['--type', 'application/json; charset=utf-8']
    assert.equal((await runCommand([command, ...args, ...type], { cwd, stdin })).status, 0)
  }
})

test('test runs the tests through the engine and counts them', async t => {
  const ran = await runCommand(['test'], { cwd: folder(t, system) })
  assert.equal(
    ran.stdout,
    `policies/systems/s.yaml:9 PASS the public sees no number
policies/systems/s.yaml:13 PASS and asks by none
policies/systems/s.yaml:16 PASS what does not read is withheld
s: fields that the policy names and that were never met: 3. One whose name is mistyped is not protected as written here:
  nothing of a like name was met (lines in brackets): campus (2), remark (2), gpa (2)
PASS: 3/3
`,
  )
  assert.equal(ran.status, 0)
})

test('a test that fails shows what was expected and what came', async t => {
  const ran = await runCommand(['test'], { cwd: folder(t, system.replace('"tel":"***"', '"tel":null')) })
  assert.equal(ran.status, 1)
  const shown = `policies/systems/s.yaml:9 FAIL the public sees no number
  12: public
    expected {"n":1.0,"tel":null}
    got {"tel":"***","n":1.0}
`
  assert.ok(ran.stdout.startsWith(shown), ran.stdout)
  assert.match(ran.stdout, /\nFAIL: 2\/3\n$/)
})

test('numbers count as they are written', async t => {
  const ran = await runCommand(['test'], { cwd: folder(t, system.replace('{"n":1.0,', '{"n":1,')) })
  assert.equal(ran.status, 1)
})

test('bodies of other types than JSON are compared as text', async t => {
  const body = (sees: string) =>
    system
      .replace('given: \'{"tel":"13800138000","n":1.0}\'', "type: text/xml\n    given: '<a><tel>13800138000</tel></a>'")
      .replace('\'{"n":1.0,"tel":"***"}\'', `'${sees}'`)
  assert.equal((await runCommand(['test'], { cwd: folder(t, body('<a><tel>***</tel></a>')) })).status, 0)
  assert.equal((await runCommand(['test'], { cwd: folder(t, body('<a> <tel>***</tel></a>')) })).status, 1)
})

test('no tests at all is a failure', async t => {
  const ran = await runCommand(['test'], { cwd: folder(t, system.slice(0, system.indexOf('tests:'))) })
  assert.deepEqual([ran.status, ran.stdout], [1, 'FAIL: no tests found\n'])
})

test('explain tells for each rule its form, why, and where it is written', async t => {
  const args = [
    'explain',
    '--system',
    's',
    '--path',
    '/a?tel=1',
    '--audience',
    'counsellor',
    '--with',
    'operator,purpose',
  ]
  const ran = await runCommand(args, { cwd: folder(t, system) })
  assert.equal(ran.status, 0)
  assert.match(ran.stdout, /^parameter tel: PARAMETER_MASKED$/m)
  assert.match(ran.stdout, /^ {2}gpa +B2 +clear +counsellor on level 2: clear +system policies\/systems\/s\.yaml:2$/m)
  assert.match(ran.stdout, /^ {2}cn_mobile@A3 +partial +counsellor on level 3: partial; to see clear: basis +/m)
})

test('explain tells for each field of a body, and shows no value of it', async t => {
  const body =
    '{"rows":[{"tel":"13900139000","x":"write to zhangsan@example.edu.cn","13700137000":1,"gpa":3,"ok":true}]}'
  const args = ['explain', '--system', 's', '--path', '/a', '--audience', 'staff']
  const ran = await runCommand(args, { cwd: folder(t, system), stdin: body })
  assert.equal(ran.status, 0, ran.stderr)
  assert.match(ran.stdout, /^ {2}rows\[\]\.tel +cn_mobile@A3 +partial +staff on level 3: partial/m)
  assert.match(ran.stdout, /^ {2}rows\[\]\.x +email@A3 +\w+ +the detector of email finds it in the value/m)
  assert.match(ran.stdout, /^ {2}rows\[\]\.\*\*\* +unlisted/m)
  assert.match(ran.stdout, /^ {2}rows\[\]\.ok +unlisted +clear +no detector finds anything$/m)
  assert.doesNotMatch(ran.stdout + ran.stderr, /139001|137001|zhangsan/)
})

test('explain tells the fields of any format, as they really come out', async t => {
  const args = ['explain', '--system', 's', '--path', '/a', '--audience', 'staff']
  const explain = async (stdin: string, ...more: string[]) => {
    const ran = await runCommand([...args, ...more], { cwd: folder(t, system), stdin })
    assert.equal(ran.status, 0, ran.stderr)
    return ran.stdout
  }
  const xml = await explain(
    '<list><row gpa="3"><tel>13900139000</tel></row><row><note>{"tel":"13900139000"}</note></row></list>',
  )
  assert.match(xml, /^ {2}list\.row\.gpa +B2 +clear/m)
  assert.match(xml, /^ {2}list\.row\.tel +cn_mobile@A3 +partial/m)
  assert.match(xml, /^ {2}list\.row\.note +cn_mobile@A3 +partial +the value is structured text that holds cn_mobile/m)
  const csv = await explain('tel,seat\n13900139000,12\n', '--type', 'text/csv')
  assert.match(csv, /^ {2}\[\]\.tel +cn_mobile@A3 +partial/m)
  assert.match(csv, /^ {2}\[\]\.seat +unlisted +clear +no detector finds anything$/m)
})

test('explain says of an empty value why it is as it came', async t => {
  const args = ['explain', '--system', 's', '--path', '/a', '--audience', 'public']
  const ran = await runCommand(args, { cwd: folder(t, system), stdin: '{"tel":""}' })
  assert.match(ran.stdout, /^ {2}tel +cn_mobile@A3 +clear +public on level 3: redact; there is no value here to mask/m)
})

test('explain reads a page in the charset that it or the policy declares', async t => {
  const args = ['explain', '--system', 's', '--path', '/a', '--audience', 'staff']
  const gbk = (text: string) => new CharsetCodec('gbk', 'text').write(Buffer.from(text))
  const rows = '<table><tr><th>电话</th></tr><tr><td>13900139000</td></tr></table>'
  for (const [written, page] of [
    ['', `\r\n<html><head><meta charset="gb2312"></head>${rows}</html>`],
    ['charset: gbk\n', `<html>${rows}</html>`],
  ] as const) {
    const ran = await runCommand(args, { cwd: folder(t, written + system), stdin: gbk(page) })
    assert.equal(ran.status, 0, ran.stderr)
    assert.match(ran.stdout, /电话 +cn_mobile@A3 +partial/)
  }
})

test('mask and explain say the same of an argument that is none', async t => {
  const cwd = folder(t, system)
  const said = async (command: string, ...more: string[]) => {
    const args = [command, '--system', 's', '--path', '/a', '--audience', 'staff', ...more]
    const { status, stderr } = await runCommand(args, { cwd, stdin: '{}' })
    assert.equal(status, 2)
    return stderr.split('\n')[0]!
  }
  for (const more of [
    ['--with', 'magic'],
    ['--audience', 'staf'],
    ['--system', 'ss'],
  ])
    assert.equal(await said('mask', ...more), await said('explain', ...more))
  assert.match(await said('mask', '--with', 'magic'), /terminal/)
  assert.match(await said('mask', '--audience', 'staf'), /did you mean 'staff'/)
})

test('explain says when a request has no route, and when its arguments lead nowhere', async t => {
  const cwd = folder(t, system)
  const ask = (...more: string[]) => runCommand(['explain', '--audience', 'staff', ...more], { cwd })
  const none = await ask('--system', 's', '--path', '/c')
  assert.deepEqual([none.status, none.stdout], [1, 'GET /c: ROUTE_UNKNOWN\n'])
  const unknown = await ask('--system', 'ss', '--path', '/a')
  assert.equal(unknown.status, 2)
  assert.match(unknown.stderr, /there is no system 'ss'; allowed: s/)
  assert.equal((await ask('--system', 's')).status, 2)
  assert.equal((await ask('--system', 's', '--path', '/a', '--with', 'magic')).status, 2)
  const broken = await runCommand(['explain', '--system', 's', '--path', '/a', '--audience', 'staff'], {
    cwd,
    stdin: '<tel>13900139000',
  })
  assert.equal(broken.status, 1)
  assert.doesNotMatch(broken.stderr, /139001/)
})
