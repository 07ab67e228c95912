import assert from 'node:assert/strict'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { adviceFor } from '../../gateway/cli/rehearse/advice.ts'
import { readRequests } from '../../gateway/cli/rehearse/requests.ts'
import { workbook } from '../../gateway/demo/workbook.ts'
import { localhost } from '../support/certificates.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { runCommand } from '../support/run-command.ts'
import { assertNoSentinel, person, sentinel } from '../support/sentinels.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let directory: string

const rows = [
  { ...person, ylh: sentinel.mobile, room: '3-305', memo: `来电 ${sentinel.mobile}，请回。`, jj: '计算机学院二班' },
  { ...person, ylh: '13800138000', room: '3-306', memo: '', jj: '物理学院' },
]

const menus = {
  menus: [
    { id: 1, name: '系统管理', children: [{ name: '用户管理' }, { name: '任务' }, { name: '角色管理' }] },
    { id: 2, name: '教学管理', children: [{ name: '课表' }, { name: '成绩录入' }] },
    { id: 3, name: '报表', children: [] },
  ],
  'file-list': [{ name: 'a.txt' }, { name: '2.doc' }, { name: '年报.xls' }],
  people: [{ name: sentinel.name }, { name: '王建国' }, { name: '欧阳娜娜' }, { name: '阿依古丽·买买提' }],
  colModel: [{ name: 'xm' }, { name: 'tel', label: '手机' }, { name: 'id_card' }],
  foreign: [{ name: 'Zhang San' }, { name: 'Ann Lee' }, { name: 'John Doe' }],
  teachers: [{ name: '李建国' }, { name: '未定' }, { name: '待定教师' }, { name: '外聘教师甲' }, { name: '赵敏' }],
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((request, response) => {
    const type = (label: string) => response.setHeader('content-type', label)
    const path = request.url!.split('?')[0]!
    if (path === '/photo/7.jpg') type('image/jpeg').end(Buffer.from('ffd8ffe000104a464946', 'hex'))
    else if (path === '/logo.gif') type('image/gif').end('GIF89a')
    else if (path === '/jsonp.do') type('application/javascript').end(`cb({"tel":"${sentinel.mobile}"})`)
    else if (path === '/broken') type('application/json').end(`{"tel":"${sentinel.mobile}",}`)
    else if (path === '/houses')
      type('application/json').end('[{"jingshou":"王建国","zuoluo":"杭州市西湖区文一路12号3幢401室"}]')
    else if (path === '/menus') type('application/json').end(JSON.stringify(menus))
    else if (path === '/elsewhere') response.writeHead(302, { location: 'http://evil.example/' }).end()
    else if (path === '/labelled')
      type('application/json').end(
        JSON.stringify({
          data: {
            rows: [
              { label: '联系电话', value: sentinel.mobile },
              { label: '楼层', value: '3' },
            ],
          },
        }),
      )
    else if (path === '/service.wsdl')
      type('text/xml').end(
        '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><port name="p"><Ward>3</Ward></port></definitions>',
      )
    else if (path === '/people.csv') type('text/csv').end(`姓名,电话,楼层\n${sentinel.name},${sentinel.mobile},3-305\n`)
    else if (path === '/people.xlsx')
      type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').end(
        workbook('学生', [
          ['姓名', '来访回拨', '床位'],
          [sentinel.name, sentinel.mobile, '3-305-2'],
        ]),
      )
    else type('application/json').end(JSON.stringify({ data: rows, session: request.headers['x-session'] }))
  })
})
after(async () => {
  await upstream.close()
  await removeFolder(directory)
})

async function rehearse(requests: string, ...args: string[]) {
  const file = join(directory, 'requests')
  await writeFile(file, requests)
  return await runCommand(['rehearse', '--upstream', upstream.url, '--requests', file, ...args], { cwd: directory })
}

test('what would be withheld, and which fields nothing names, is told by route, without a value', async () => {
  const list = `# pages\n/api/people/${sentinel.id}\nGET /api/people?page=2\n/photo/7.jpg\n/broken\n/elsewhere\n/people.csv\n/api?tel=1\nPOST /api/people\n`
  const { status, stdout, stderr } = await rehearse(list)
  assert.equal(status, 1)
  assert.match(stderr, /GET only.*1 by other methods and 0 over the limit/)
  assert.match(stdout, /\/\*\* +released, masked by the policy +3\n/)
  for (const code of ['502 FORMAT_UNKNOWN', '502 FORMAT_MALFORMED', '502 LOCATION_WITHHELD', '403 PARAMETER_MASKED'])
    assert.match(stdout, new RegExp(`/\\*\\* +${code} +1\\n`))
  assert.match(stdout, /7 requests, of which 4 would be withheld or refused/)
  assert.match(stdout, / {6}ylh: cn_mobile\n/)
  assert.match(stdout, / {6}memo: free_text\n/)
  assert.match(stdout, / {6}room: \{ not_personal: … \}\n/)
  assert.doesNotMatch(stdout, / {6}(tel|xm|idCard|姓名|电话):/)
  assert.match(stdout, /a route goes before them.*:\n {4}assets:\n {6}paths: \[\/photo\/\*\*\]\n/)
  assert.match(stdout, /^\/\*\*: FORMAT_UNKNOWN \(request 3 of the file\)\. /m)
  assertNoSentinel(stdout + stderr, 'what was printed')
  assert.ok(!upstream.calls.some(({ method }) => method !== 'GET'))
})

test('what no format reads is told apart by what it most likely is', async () => {
  const { stdout } = await rehearse('/photo/7.jpg\n/jsonp.do?callback=cb\n/logo.gif\n/report\n')
  assert.match(stdout, /\/\*\* +502 FORMAT_UNKNOWN +3\n/)
  assert.match(stdout, /\(request 1, 3 of the file\).*\n {4}assets:\n {6}paths: \[\/photo\/\*\*, \/logo\.gif\]\n/)
  assert.match(stdout, /\(request 2 of the file\).* JSONP.*:\n {4}jsonp: allow\n/)
  assert.doesNotMatch(stdout, /opaque/)
})

test('what has no name is no field to be listed', async () => {
  const { stdout } = await rehearse('/service.wsdl\n')
  assert.match(stdout, / {6}Ward: \{ not_personal: … \}\n/)
  assert.doesNotMatch(stdout, /u0000/)
})

test('an answer that labels its values is read as the gateway reads it', async () => {
  const { status, stdout } = await rehearse('/labelled\n')
  assert.equal(status, 0, stdout)
  assertNoSentinel(stdout, 'what was printed')
})

test('a field of the policy that no answer has is told, with the name that was likely meant', async () => {
  await mkdir(join(directory, 'mistyped/systems'), { recursive: true })
  await writeFile(
    join(directory, 'mistyped/systems/xg.yaml'),
    'system: xg\nfields: { yhl: cn_mobile, room: { not_personal: a room }, 颜色: B2 }\nroutes: [ { path: /api/7 } ]\n',
  )
  const { stdout, stderr } = await rehearse('/api/7\n', '--policies', 'mistyped', '--system', 'xg')
  assert.match(stdout, /\nxg: fields that the policy names and that were never met: 2\./, stderr)
  assert.match(stdout, /xg\.yaml:2 yhl: did you mean 'ylh'\?/)
  assert.match(stdout, /: 颜色 \(2\)\n/)
  assert.doesNotMatch(stdout, /room \(2\)/)
  assertNoSentinel(stdout, 'what was printed')
})

test('things that are masked as people are told, with what to write, and people are not', async () => {
  const { stdout } = await rehearse('/menus\n')
  const told = stdout.slice(stdout.indexOf('most look like names of things')).split('\n').slice(1)
  assert.deepEqual(
    told.filter(line => line !== ''),
    [
      '    fields:',
      '      children.name: { not_personal: … }   # 4/5',
      '      colModel.name: { not_personal: … }   # 3/3',
      '      file-list.name: { not_personal: … }   # 3/3',
      '      menus.name: { not_personal: … }   # 3/3',
    ],
  )
  assertNoSentinel(stdout, 'what was printed')
  await mkdir(join(directory, 'menus/systems'), { recursive: true })
  const fields = told.filter(line => line.includes('name')).map(line => line.replace('…', 'menus'))
  const file = `system: m\nroutes:\n  - path: /menus\n    fields:\n${fields.join('\n')}\n`
  await writeFile(join(directory, 'menus/systems/m.yaml'), file)
  const again = await rehearse('/menus\n', '--policies', 'menus', '--system', 'm')
  assert.doesNotMatch(again.stdout, /most look like/, again.stderr)
})

test('the columns of tables are fields too', async () => {
  const { stdout } = await rehearse('/people.csv\n/people.xlsx\n')
  assert.match(stdout, / {6}楼层: \{ not_personal: … \}\n/)
  assert.match(stdout, / {6}床位: \{ not_personal: … \}\n/)
  assert.match(stdout, / {6}来访回拨: cn_mobile\n/)
  assert.doesNotMatch(stdout, / {6}(姓名|电话):/)
  assertNoSentinel(stdout, 'what was printed')
})

test('under policies of one’s own, missing routes and parameters come with the lines that add them', async () => {
  const policies = join(directory, 'policies')
  await mkdir(join(policies, 'systems'), { recursive: true })
  await writeFile(
    join(policies, 'systems/xg.yaml'),
    'system: xg\nfields: { room: { not_personal: a room }, ylh: cn_mobile, jj: free_text }\nroutes:\n  - path: /api/{id}\n    query: { tab: any }\n',
  )
  const args = ['--policies', 'policies', '--system', 'xg', '--audience', 'staff', '--header', 'X-Session: s1']
  const { status, stdout } = await rehearse(`/api/7\n/api/7?page=2\n/old/${sentinel.mobile}/list\n`, ...args)
  assert.equal(status, 1)
  assert.match(stdout, / {4}routes:\n {6}- path: \/old\/\{id\}\/list\n/)
  assert.match(stdout, / {4}query: \{ page: any \}\n/)
  assert.doesNotMatch(stdout, / {6}(room|ylh|jj):/)
  assert.match(stdout, / {6}memo: free_text\n/)
  assert.equal(upstream.calls.at(-1)!.headers['x-session'], 's1')
  assertNoSentinel(stdout, 'what was printed')
})

test('what a field is said to be is a type that may be written, whatever the audience sees of it', async () => {
  for (const audience of ['public', 'staff', 'counsellor']) {
    const { stdout } = await rehearse('/houses\n', '--audience', audience)
    const lines = stdout.match(/^ {6}\w+: .*/gm)!.map(line => line.trim())
    assert.deepEqual(lines, ['jingshou: person_name', 'zuoluo: address'], audience)
    const policies = join(directory, `houses-${audience}`)
    await mkdir(join(policies, 'systems'), { recursive: true })
    const text = `system: houses\nfields:\n${lines.map(line => `  ${line}\n`).join('')}routes: [{ path: /houses }]\n`
    await writeFile(join(policies, 'systems/houses.yaml'), text)
    const { status, stdout: checked } = await runCommand(['check', policies])
    assert.equal(status, 0, checked)
  }
})

test('an answer that would wait for review is said to, with the fields that it would wait for', async () => {
  const policies = join(directory, 'holding')
  await mkdir(join(policies, 'systems'), { recursive: true })
  const fields = 'fields: { room: { not_personal: a room }, ylh: cn_mobile }'
  await writeFile(
    join(policies, 'systems/xg.yaml'),
    `system: xg\n${fields}\nunlisted: hold\nroutes: [{ path: /api/7 }]\n`,
  )
  const args = ['--policies', 'holding', '--system', 'xg', '--audience', 'staff']
  const { status, stdout } = await rehearse('/api/7\n', ...args)
  assert.equal(status, 1)
  assert.match(stdout, /REVIEW_UNAVAILABLE/)
  assert.match(stdout, /would wait for three people/)
  assert.match(stdout, / {6}memo: free_text\n/)
  assert.doesNotMatch(stdout, / {6}(room|ylh):/)
  assertNoSentinel(stdout, 'what was printed')
})

test('rules that look at the row are rehearsed as they are served', async () => {
  const policies = join(directory, 'by-row')
  await mkdir(join(policies, 'systems'), { recursive: true })
  const rules = 'when: [{ room: 3-305, fields: { memo: A4 } }]'
  await writeFile(join(policies, 'systems/xg.yaml'), `system: xg\n${rules}\nroutes: [{ path: /api/7 }]\n`)
  const { status, stdout } = await rehearse('/api/7\n', '--policies', 'by-row', '--system', 'xg')
  assert.equal(status, 0, stdout)
})

test('no more is asked than the limit', async () => {
  const before = upstream.calls.length
  const { status } = await rehearse('/a\n/b\n/c\n/c\n', '--limit', '2')
  assert.equal(status, 0)
  assert.equal(upstream.calls.length - before, 2)
})

test('what an old system needs is told by what it is: a charset, an account, or nothing that could be written', () => {
  assert.deepEqual(adviceFor('TARGET_MALFORMED', ['/%D1%A7%C9%FA/a.asp', '/a.asp?n=%u5F20'])?.yaml, [
    'charset: gb18030',
  ])
  assert.equal(adviceFor('TARGET_MALFORMED', ['/%D1%A7%C9%FA/a.asp', '/a%2fb']), null)
  assert.equal(adviceFor('CHARSET_UNKNOWN', ['/a'])?.yaml, undefined)
  assert.match(String(adviceFor('UPSTREAM_SIGN_IN', ['/a'])?.yaml), /^credentials: \{ basic:/)
})

test('a HAR file is a list of what a browser asked', () => {
  const entry = (method: string, url: string) => ({ request: { method, url } })
  const urls = ['http://old.example:8080/a?b=1#c', 'https://x/', 'http://x', 'http://x/张', 'data:text/plain,x']
  const entries = [...urls.map(url => entry('GET', url)), entry('POST', 'http://x/a')]
  const read = readRequests(JSON.stringify({ log: { version: '1.2', entries } }))
  assert.deepEqual(read, {
    targets: new Map([
      ['/a?b=1', 1],
      ['/', 2],
      ['/%E5%BC%A0', 4],
    ]),
    others: 1,
  })
  for (const text of ['{}', '{"log":', '{"log":{"entries":[{}]}}', 'not a path', 'GET\n'])
    assert.equal(readRequests(text), null, text)
})

test('what cannot be rehearsed is said, with status 2', async () => {
  for (const [requests, ...args] of [
    ['nonsense'],
    ['/a', '--audience', 'nobody'],
    ['/a', '--header', 'x'],
    ['/a', '--limit', '0'],
    ['/a', '--upstream', 'ftp://x'],
  ] as const) {
    const { status, stdout } = await rehearse(requests, ...args)
    assert.deepEqual([status, stdout], [2, ''])
  }
})

test('a system that cannot be reached is told of with what is behind it, and its authority may be named', async t => {
  const { certificate: cert, key } = localhost
  const system = createServer({ cert, key }, (_, response) => {
    response.setHeader('content-type', 'application/json').end('{"jj":"x"}')
  })
  await new Promise<void>(resolve => system.listen(0, '127.0.0.1', resolve))
  t.after(() => system.close())
  await writeFile(join(directory, 'ca.pem'), cert)
  await writeFile(join(directory, 'requests'), '/a\n')
  const { port } = system.address() as AddressInfo
  const ask = (...args: string[]) =>
    runCommand(['rehearse', '--upstream', `https://localhost:${port}`, '--requests', 'requests', ...args], {
      cwd: directory,
    })
  const untrusted = await ask()
  assert.match(untrusted.stdout, /UPSTREAM_UNREACHABLE .*The certificate of a system is not trusted/)
  assert.equal((await ask('--ca', 'ca.pem')).status, 0)
  assert.match((await ask('--ca', 'requests')).stderr, /requests holds no certificate/)
  assert.match((await ask('--ca', 'none')).stderr, /Cannot read none/)
})

test('a system of gateway.yaml is asked as the gateway would: with its authority, credentials, proof and policy', async t => {
  const { certificate: cert, key } = localhost
  const asked: string[] = []
  const system = createServer({ cert, key }, (request, response) => {
    asked.push(
      [request.url, request.headers['x-token'], request.headers['x-proof'], request.headers['x-session']].join(' '),
    )
    response.setHeader('content-type', 'application/json').end(`{"ylh":"${sentinel.mobile}"}`)
  })
  await new Promise<void>(resolve => system.listen(0, '127.0.0.1', resolve))
  const cwd = await mkdtemp(join(tmpdir(), 'veilgate-'))
  t.after(async () => {
    system.close()
    await removeFolder(cwd)
  })
  const { port } = system.address() as AddressInfo
  await mkdir(join(cwd, 'policies/systems'), { recursive: true })
  await mkdir(join(cwd, 'keys'), { mode: 0o700 })
  for (const [name, text] of [
    ['keys/proof-xg.secret', 'proof'],
    ['token', 'token'],
    ['ca.pem', cert],
    ['requests', '/a\n'],
    ['policies/systems/xg.yaml', 'system: xg\nroutes: [{ path: /a, fields: { ylh: cn_mobile } }]\n'],
    [
      'gateway.yaml',
      `systems:
  xg:
    upstream: https://localhost:${port}/app
    prefix: /xg
    until: 2020-01-01
    ca: ca.pem
    proof_header: X-Proof
    credentials: { header: { name: X-Token, value_file: token } }
  other: { upstream: "http://127.0.0.1:9", policy: shipped }
anonymous: { audience: public }
`,
    ],
  ] as const)
    await writeFile(join(cwd, name), text, { mode: 0o600 })
  const ask = (...args: string[]) =>
    runCommand(['rehearse', '--config', 'gateway.yaml', '--requests', 'requests', ...args], { cwd })
  const { status, stdout, stderr } = await ask('--system', 'xg', '--header', 'X-Session: s')
  assert.equal(status, 0, stderr)
  assert.match(stdout, /^\/a +released, masked by the policy +1$/m)
  assert.doesNotMatch(stdout, /not listed/)
  assert.deepEqual(asked, ['/app/a token proof s'])
  const unnamed = await ask()
  assert.deepEqual([unnamed.status, unnamed.stdout], [2, ''])
  assert.match(unnamed.stderr, /Name a system of gateway\.yaml by --system: xg, other/)
  assert.equal((await ask('--system', 'xg', '--upstream', 'http://127.0.0.1:9')).status, 2)
  assert.match((await ask('--system', 'xg', '--ca', 'ca.pem')).stderr, /--ca goes with --upstream/)
})
