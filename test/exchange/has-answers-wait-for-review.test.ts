import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { removeFolder } from '../support/remove-folder.ts'
import { type ReviewingGateway, startReviewing } from '../support/reviewing.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const row = { name: '张三丰', idCard: '11010519491231002X', tel: '13800138000' }
const system = `system: upstream
routes:
  - { path: '/reviewed/{id}', review: three }
  - { path: '/reviewed/{id}/file', review: three, opaque: { allow: D1, reason: pictures of buildings } }
  - path: /listed/{id}
    unlisted: hold
    fields: { total: { not_personal: a count } }
  - { path: /plain }
`
const audiences = `audiences:
  public: { 4: remove, 3: redact, 2: partial, 1: clear }
  staff: { 4: partial, 3: partial, 2: clear, 1: clear }
  counsellor: { like: staff, clear_with: { 3: [operator, purpose, basis] } }
`
let [folder, upstream, gateway]: [string, Upstream, ReviewingGateway] = [] as never
let answer: (path: string) => { status?: number; type?: string; body: string | Buffer } = () => ({ body: '' })
let asked: string[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veilgate-'))
  upstream = await startUpstream((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { status = 200, type = 'application/json', body } = answer(request.url ?? '')
    response.writeHead(status, { 'content-type': type, 'set-cookie': 'sid=1', 'x-total-count': '7' })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  gateway = await startReviewing({
    directory: folder,
    upstream: upstream.url,
    policies: { 'systems/upstream.yaml': system, 'audiences.yaml': audiences },
    limits: { answer: 64 * 1024 },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
  await removeFolder(folder)
})

/** Asks, and is told to wait. */
async function waits(path: string, as: 'staff' | 'counsellor' | null = 'staff', headers = {}) {
  const told = await gateway.ask(path, as, headers)
  assert.equal(told.status, 202, await told.clone().text())
  return { location: told.headers.get('location')!, id: told.headers.get('location')!.slice(-22), told }
}

test('an answer of a reviewed route waits, is released by three, and is given out once, as it was masked', async () => {
  answer = () => ({ body: JSON.stringify(row) })
  asked = []
  const { location, id, told } = await waits('/reviewed/7')
  assert.equal(told.headers.get('set-cookie'), null)
  assert.match(told.headers.get('retry-after')!, /^\d+$/)
  const notice = await told.text()
  for (const value of Object.values(row)) assert.ok(!notice.includes(value.slice(0, 3)))
  assert.partialDeepStrictEqual(JSON.parse(notice), {
    review: id,
    for: { consumer: 'staff', operator: null },
    next: 'pass',
  })
  const steps = [
    ['wang', 'pass'],
    ['zhang', 'check'],
    ['chen', 'release'],
  ] as const
  for (const [person, step] of steps) {
    const still = await gateway.ask(location)
    assert.equal(still.status, 202)
    assert.partialDeepStrictEqual(await still.json(), { next: step })
    assert.equal((await gateway.reviews(person, step, id)).status, 0)
  }
  const given = await gateway.ask(location)
  assert.equal(given.status, 200)
  assert.equal(given.headers.get('content-type'), 'application/json')
  assert.equal(given.headers.get('set-cookie'), null)
  assert.equal(given.headers.get('cache-control'), 'no-store, private')
  assert.deepEqual(await given.json(), { name: '张三丰', idCard: '110***************', tel: '138****8000' })
  const again = await gateway.ask(location)
  assert.equal(again.status, 410)
  assert.partialDeepStrictEqual(await again.json(), { code: 'REVIEW_OVER' })
  assert.deepEqual(asked, ['GET /reviewed/7'])
  assert.deepEqual(await readdir(gateway.held), [])
})

test('its life can be followed through the records by its number, and who is in it stands in its release', async () => {
  answer = () => ({ body: JSON.stringify(row) })
  const { location, id } = await waits('/reviewed/8')
  await gateway.pass(id)
  await (await gateway.ask(location)).arrayBuffer()
  const own = (await gateway.records()).filter(({ review }) => review === id)
  const order = ['held', 'passed', 'checked', 'released', 'fetched']
  assert.deepEqual(
    own.flatMap(({ kind, action }) => (kind === 'review' ? [action] : [])),
    order,
  )
  const [first, last] = own.filter(({ kind }) => kind === 'access')
  assert.partialDeepStrictEqual(first!, { outcome: 'held', status: 202, upstream_status: 200, fields: {} })
  assert.partialDeepStrictEqual(first!, { subjects: { count: 0 } })
  assert.partialDeepStrictEqual(last!, {
    outcome: 'released',
    route: '/reviewed/{id}',
    rows: 1,
    subjects: { count: 1 },
  })
  assert.deepEqual(last!['fields'], {
    'cn_resident_id@A4': { partial: 1 },
    'person_name@A2': { clear: 1 },
    'cn_mobile@A3': { partial: 1 },
  })
})

test('what waits is on disk encrypted, for the gateway alone', async () => {
  answer = () => ({ body: JSON.stringify(row) })
  const { id } = await waits('/reviewed/9')
  const file = join(gateway.held, `${id}.held`)
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const bytes = (await readFile(file)).toString('latin1')
  for (const text of ['138****', 'idCard', 'staff', 'application/json']) assert.ok(!bytes.includes(text), text)
  assert.equal((await gateway.reviews('wang', 'refuse', id)).status, 0)
  await assert.rejects(stat(file), { code: 'ENOENT' })
})

test('one that was refused is gone, and its caller is told so', async () => {
  answer = () => ({ body: JSON.stringify(row) })
  const { location, id } = await waits('/reviewed/10')
  assert.equal((await gateway.reviews('wang', 'pass', id)).status, 0)
  assert.equal((await gateway.reviews('chen', 'refuse', id)).status, 0)
  const told = await gateway.ask(location)
  assert.equal(told.status, 403)
  assert.partialDeepStrictEqual(await told.json(), { code: 'REVIEW_REFUSED' })
  assert.equal((await gateway.reviews('zhang', 'check', id)).status, 2)
})

test('an answer with a field that nothing lists waits, and reviewers see what it is called', async () => {
  answer = () => ({ body: JSON.stringify({ total: 1, rows: [{ ...row, quux: 'chess', note: null, gone: '' }] }) })
  const { id, location } = await waits('/listed/7')
  const shown = await gateway.reviews('wang', 'show', id)
  assert.equal(shown.status, 0, shown.stderr)
  assert.match(shown.stdout, /\/rows\.quux: …/)
  assert.doesNotMatch(shown.stdout, /chess|note|gone|\/rows\.tel|138/)
  assert.ok(!JSON.stringify(await gateway.records()).includes('quux'))
  await gateway.pass(id)
  assert.partialDeepStrictEqual(await (await gateway.ask(location)).json(), { rows: [{ quux: 'chess' }] })
})

test('an answer in which every field is listed does not', async () => {
  answer = () => ({ body: JSON.stringify({ total: 1, rows: [row] }) })
  const given = await gateway.ask('/listed/7')
  assert.equal(given.status, 200)
  assert.partialDeepStrictEqual(await given.json(), { total: 1, rows: [{ tel: '138****8000' }] })
  answer = () => ({ body: '' })
  assert.equal((await gateway.ask('/listed/7')).status, 200)
})

test('the answer itself is read by reviewers, and on record before', async () => {
  answer = () => ({ body: JSON.stringify(row) })
  const { id } = await waits('/reviewed/11')
  const shown = await gateway.reviews('zhang', 'show', id)
  assert.doesNotMatch(shown.stdout, /138/)
  assert.match(shown.stdout, /cn_mobile@A3 partial 1/)
  const reads = async () =>
    (await gateway.records()).filter(({ review, action }) => review === id && action === 'read').length
  assert.equal(await reads(), 0)
  const read = await gateway.reviews('zhang', 'show', id, '--body')
  assert.deepEqual(JSON.parse(read.stdout), { name: '张三丰', idCard: '110***************', tel: '138****8000' })
  assert.equal(await reads(), 1)
  assert.equal((await gateway.reviews('li', 'show', id, '--body')).status, 2)
  assert.equal(await reads(), 1)
})

test('errors, empty answers, HEAD, tables, lines and files wait as well', async () => {
  const cases: [path: string, given: { status?: number; type?: string; body: string | Buffer }, shown: RegExp][] = [
    ['/reviewed/1', { status: 404, body: '{"message":"no student 13800138000"}' }, /138\*{4}8000/],
    ['/reviewed/2', { status: 204, body: '' }, /^$/],
    ['/reviewed/3', { type: 'text/csv', body: 'name,tel\n张三丰,13800138000\n' }, /张三丰,138\*{4}8000/],
    [
      '/reviewed/4',
      { type: 'application/x-ndjson', body: '{"tel":"13800138000"}\n{"tel":"13900139000"}\n' },
      /138\*{4}8000/,
    ],
    ['/reviewed/5/file', { type: 'image/png', body: Buffer.from('89504e470d0a1a0a0000', 'hex') }, /PNG/],
  ]
  for (const [path, given, shown] of cases) {
    answer = () => given
    const { location, id } = await waits(path)
    await gateway.pass(id)
    const released = await gateway.ask(location)
    assert.equal(released.status, given.status ?? 200, path)
    assert.match(
      Buffer.from(await released.arrayBuffer()).toString('latin1'),
      new RegExp(Buffer.from(shown.source).toString('latin1')),
    )
  }
  answer = () => ({ body: '' })
  const head = await fetch(`${gateway.url}/reviewed/6`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${gateway.keys.staff}` },
  })
  assert.equal(head.status, 202)
  assert.equal(head.headers.get('x-total-count'), null)
})

test('what is too long or goes on without an end is withheld by a code of its own', async () => {
  answer = () => ({ body: JSON.stringify({ rows: Array.from({ length: 5000 }, () => row) }) })
  for (const path of ['/reviewed/7', '/listed/7']) {
    const told = await gateway.ask(path)
    assert.equal(told.status, 502)
    assert.partialDeepStrictEqual(await told.json(), { code: 'REVIEW_TOO_LARGE' })
  }
  answer = () => ({ type: 'text/event-stream', body: 'data: {"tel":"13800138000"}\n\n' })
  assert.partialDeepStrictEqual(await (await gateway.ask('/reviewed/7')).json(), { code: 'REVIEW_TOO_LARGE' })
})

test('a caller that asks for text is told in text', async () => {
  answer = () => ({ body: JSON.stringify(row) })
  const { told, id } = await waits('/reviewed/7', 'staff', { accept: 'text/html,*/*' })
  assert.equal(told.headers.get('content-type'), 'text/plain; charset=utf-8')
  const text = await told.text()
  assert.match(text, /应答须经审核/)
  assert.match(text, /waits for review/)
  assert.ok(text.includes(id))
})
