import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { questionOf } from '../../gateway/exchange/request/question.ts'
import { removeFolder } from '../support/remove-folder.ts'
import { type ApprovingGateway, startApproving } from '../support/start-approving.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const row = { name: '张三丰', idCard: '11010519491231002X' }
const statement = {
  'veilgate-operator': 'u1203',
  'veilgate-purpose': 'enrolment',
  'veilgate-basis': 'work_order;ref="WO-2026-0012"',
}
let [folder, upstream, gateway]: [string, Upstream, ApprovingGateway] = [] as never
const bodies: string[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((asked, response) => {
    const chunks: Buffer[] = []
    asked.on('data', chunk => chunks.push(chunk))
    asked.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('latin1'))
      response.setHeader('content-type', 'application/json').end(JSON.stringify([row]))
    })
  })
  gateway = await startApproving({
    upstream: upstream.url,
    directory: folder,
    policies: {
      'systems/upstream.yaml': `system: upstream
routes:
  - path: /search
    methods: [POST]
  - path: /save
    methods: [POST]
    body: data
`,
      'audiences.yaml': `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 4: [operator, purpose, basis, grant] } }
`,
    },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

const grants = (person: string, ...args: string[]) => {
  return gateway.by(person, 'grants', ...args)
}
const form = 'application/x-www-form-urlencoded'

async function asked(target: string, body: string, type: string) {
  const file = join(folder, 'body')
  await writeFile(file, body)
  const until = new Date(Date.now() + 3_600_000).toISOString()
  return grants(
    ...(['li', 'ask', '--operator', 'u1203', '--consumer', 'counsellor', '--purpose', 'enrolment'] as const),
    ...['--basis', statement['veilgate-basis'], '--system', 'upstream', '--target', target, '--sees', 'cn_resident_id'],
    ...['--from-terminal', '127.0.0.1', '--until', until, '--body', file, '--type', type],
  )
}

async function ready(body: string, type: string): Promise<string> {
  const ran = await asked('/search', body, type)
  assert.equal(ran.status, 0, ran.stderr)
  const id = ran.stdout.trim()
  for (const person of ['wang', 'zhang']) assert.equal((await grants(person, 'approve', id)).status, 0)
  return id
}

const post = (path: string, body: string, type: string, grant: string | null) =>
  fetch(`${gateway.url}${path}`, {
    method: 'POST',
    body,
    headers: {
      authorization: `Bearer ${gateway.keys.counsellor}`,
      'content-type': type,
      ...statement,
      ...(grant !== null && { 'veilgate-grant': grant }),
    },
  })

test('a search by POST is granted with its question, once, and the question is nowhere on record', async () => {
  const id = await ready('dept=cs&year=2026', form)
  const without = (await (await post('/search', 'dept=cs&year=2026', form, null)).json()) as { idCard: string }[]
  assert.equal(without[0]!.idCard, '110***************')
  assert.deepEqual(await (await post('/search', 'year=2026&dept=cs', form, id)).json(), [row])
  assert.equal(bodies.at(-1), 'year=2026&dept=cs')
  assert.equal((await post('/search', 'dept=cs&year=2026', form, id)).status, 403)
  assert.ok(!JSON.stringify(await gateway.records()).includes('year'))
  const shown = await grants('wang', 'show', id)
  assert.match(shown.stdout, /upstream POST \/search/)
})

test('another question, or the same under another label or method, is another request, and uses nothing up', async () => {
  const id = await ready('dept=cs&year=2026', form)
  const others: [body: string, type: string][] = [
    ['dept=cs', form],
    ['dept=cs&year=2026&year=2025', form],
    ['dept=cs&year=2025', form],
    ['', form],
    ['{"dept":"cs","year":"2026"}', 'application/json'],
    ['dept=cs&year=2026', 'application/x-www-form-urlencoded; charset=gbk'],
  ]
  for (const [body, type] of others) {
    const answer = await post('/search', body, type, id)
    assert.partialDeepStrictEqual(await answer.json(), { code: 'GRANT_MISMATCH', missing: ['query'] }, body)
  }
  const stored = await post('/save', 'dept=cs&year=2026', form, id)
  assert.partialDeepStrictEqual(await stored.json(), { code: 'GRANT_MISMATCH', missing: ['method'] })
  assert.deepEqual(await (await post('/search', 'dept=cs&year=2026', form, id)).json(), [row])
})

test('JSON is compared but for its blanks; a question that is refused uses nothing up', async () => {
  const id = await ready('{ "dept": "cs",\n "tags": ["a b", 1.0] }', 'application/json')
  assert.equal((await post('/search', '{"dept":"cs","tags":["a  b",1.0]}', 'application/json', id)).status, 403)
  assert.deepEqual(await (await post('/search', '{"dept":"cs","tags":["a b",1.0]}', 'application/json', id)).json(), [
    row,
  ])
  const masked = await ready('mobile=13800138000', form)
  const refused = await post('/search', 'mobile=13800138000', form, masked)
  assert.partialDeepStrictEqual(await refused.json(), { code: 'PARAMETER_MASKED' })
  const shown = await grants('wang', 'show', masked, '--json')
  assert.equal(JSON.parse(shown.stdout).status, 'ready')
})

test('what stores and does not ask cannot be asked for, nor what cannot be compared', async () => {
  const stored = await asked('/save', 'dept=cs', form)
  assert.equal(stored.status, 2)
  assert.match(stored.stderr, /--body:/)
  const files = '--b\r\ncontent-disposition: form-data; name=f; filename=a.txt\r\n\r\nx\r\n--b--\r\n'
  assert.match((await asked('/search', files, 'multipart/form-data; boundary=b')).stderr, /--body:/)
})

test('which body it is for can be looked up by whoever has it', async () => {
  const id = await ready('dept=cs', form)
  const file = join(folder, 'other')
  await writeFile(file, 'dept=cs')
  assert.equal((await grants('wang', 'show', id, '--target', '/search', '--body', file, '--type', form)).status, 0)
  assert.equal((await grants('wang', 'show', id, '--target', '/search')).status, 1)
  await writeFile(file, 'dept=ee')
  assert.equal((await grants('wang', 'show', id, '--target', '/search', '--body', file, '--type', form)).status, 1)
})

test('two questions are one only where every reader reads them alike', () => {
  const same = (type: string, one: string, other: string) =>
    questionOf(type, Buffer.from(one)) === questionOf(type, Buffer.from(other))
  const json = 'application/json'
  assert.ok(same(json, '{"a":1,"b":[ ]}', '\n{ "a" : 1 , "b" : [] }'))
  for (const [one, other] of [
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['{"a":1}', '{"a":1.0}'],
    ['{"a":1}', '{"a":1,"a":1}'],
    ['{"a":"x y"}', '{"a":"xy"}'],
    ['[1 2]', '[12]'],
    ['{"a":"\\" , \\""}', '{"a":"\\",\\""}'],
    ['"\u00e9"', '"\u00e8"'],
  ] as const)
    assert.ok(!same(json, one, other), `${one} ${other}`)
  assert.ok(same(form, 'a=1&b=%20', 'b=+&a=%31'))
  for (const [one, other] of [
    ['a=1&a=2', 'a=2&a=1'],
    ['a', 'a='],
    ['a=1', 'A=1'],
    ['a=1', 'a=1&'],
    ['a=b%26c=d', 'a=b&c=d'],
  ] as const)
    assert.ok(!same(form, one, other), `${one} ${other}`)
  assert.ok(!same('text/xml', '<a> </a>', '<a></a>'))
  const parts = (boundary: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--${boundary}--\r\n`
  assert.equal(
    questionOf('multipart/form-data; boundary=x', Buffer.from(parts('x'))),
    questionOf('multipart/form-data; boundary=yy', Buffer.from(parts('yy'))),
  )
})
