import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { runCommand } from '../support/run-command.ts'
import { startUpstream } from '../support/start-upstream.ts'

const [id, phone] = ['11010519491231002X', '13800138000']

function folder(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const cwd = mkdtempSync(join(tmpdir(), 'veilgate-discover-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  mkdirSync(join(cwd, 'site/sub'), { recursive: true })
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(cwd, 'site', name), bytes)
  return cwd
}

type Line = { place: string; code?: string | null; why?: string; cause?: string; values?: Record<string, number> }
const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Line)

test('kinds and counts are told for each file of a folder, in whatever format and charset, and no value', async t => {
  const cwd = folder(t, {
    'a.json': `{"rows":[{"xm":"张三","idCard":"${id}"}]}`,
    'b.csv': Buffer.concat([Buffer.from('d0d5c3fb2ccad6bbfa0ad5c5c8fd2c', 'hex'), Buffer.from(`${phone}\n`)]),
    'c.html': `<p>电话 ${phone}</p>`,
    'd.js': `var rows = [{ idCard: "${id}" }]`,
    'sub/NOTICE': `call ${phone}`,
    'sub/clean.md': '# nobody\n',
    'sub/.hidden': phone,
  })
  const { status, stdout } = await runCommand(['discover', 'site', '--json'], { cwd })
  assert.equal(status, 1)
  assert.ok(!stdout.includes(phone) && !stdout.includes(id) && !stdout.includes('张三'))
  assert.deepEqual(
    linesOf(stdout).map(({ place, code, values }) => [place, code, Object.keys(values ?? {}).sort()]),
    [
      ['site/a.json', null, ['cn_resident_id@A4', 'person_name@A2']],
      ['site/b.csv', null, ['cn_mobile@A3', 'person_name@A2']],
      ['site/c.html', null, ['cn_mobile@A3']],
      ['site/d.js', null, ['cn_resident_id@A4']],
      ['site/sub/NOTICE', null, ['cn_mobile@A3']],
      ['site/sub/clean.md', null, []],
    ],
  )
})

test('status 0 is for what was looked at as a whole and holds nothing so grave', async t => {
  const cwd = folder(t, { 'names.json': '{"xm":"张三"}', 'scan.pdf': '%PDF-1.4\n\u0000' })
  const names = await runCommand(['discover', 'site/names.json'], { cwd, lang: 'zh' })
  assert.equal(names.status, 0)
  assert.match(names.stdout, /person_name@A2 {2}1[\s\S]*含 3 级及以上个人信息的 0 份/)
  assert.equal((await runCommand(['discover', '--level', '2', 'site/names.json'], { cwd })).status, 1)
  const scan = await runCommand(['discover', 'site/scan.pdf'], { cwd })
  assert.equal(scan.status, 1)
  assert.match(scan.stdout, /scan\.pdf {2}not looked at: .*\(FORMAT_UNKNOWN\)/)
  assert.match((await runCommand(['discover', 'site/none'], { cwd })).stdout, /not looked at: it is not there/)
})

test('pages and interfaces are asked once, with the headers given; no redirect is followed', async () => {
  const system = await startUpstream((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/page' }).end()
    else if (request.headers.cookie !== 'sid=1') response.writeHead(401).end()
    else response.setHeader('content-type', 'text/javascript').end(`var tel = "${phone}"`)
  })
  try {
    const page = await runCommand(['discover', `${system.url}/page`, '--header', 'Cookie: sid=1', '--json'])
    assert.deepEqual(linesOf(page.stdout)[0]?.values, { 'cn_mobile@A3': 1 })
    for (const path of ['/moved', '/page']) {
      const { status, stdout } = await runCommand(['discover', `${system.url}${path}`, '--json'])
      assert.deepEqual([status, linesOf(stdout)[0]?.why], [1, 'status'])
    }
    assert.match((await runCommand(['discover', `${system.url}/moved`])).stdout, /it leads elsewhere: .* \(302\)/)
    assert.equal(system.calls.length, 4)
  } finally {
    await system.close()
  }
  const gone = await runCommand(['discover', `${system.url}/page`, '--json'])
  assert.equal(linesOf(gone.stdout)[0]?.why, 'unreachable')
  assert.match(linesOf(gone.stdout)[0]?.cause ?? '', /^[A-Z_]+$/)
})

test('a catalogue of one’s own counts, and links are not followed', async t => {
  const cwd = folder(t, { 'a.json': '{"jyzh":"20260012"}' })
  mkdirSync(join(cwd, 'policies'))
  const type = 'data_types: { reader: { title: { zh: 借阅证, en: Card }, cell: C3, names: [jyzh] } }'
  writeFileSync(join(cwd, 'policies/catalogue.yaml'), `extends: veilgate\n${type}\n`)
  symlinkSync(join(cwd, 'site/a.json'), join(cwd, 'site/link.json'))
  const { stdout } = await runCommand(['discover', 'site', '--policies', 'policies', '--json'], { cwd })
  assert.deepEqual(
    linesOf(stdout).map(({ place, values }) => [place, values]),
    [['site/a.json', { 'reader@C3': 1 }]],
  )
})

test('what is asked wrongly is told', async () => {
  for (const [args, said] of [
    [[], /Name the files/],
    [['x', '--level', '5'], /--level takes 1 to 4/],
    [['x', '--header', 'nonsense'], /Write --header as "NAME: VALUE"/],
  ] as const) {
    const { status, stderr } = await runCommand(['discover', ...args])
    assert.equal(status, 2)
    assert.match(stderr, said)
  }
})
