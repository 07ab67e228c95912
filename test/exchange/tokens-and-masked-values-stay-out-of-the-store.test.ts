import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { asForm, asJson, type Desk, openDesk, type Student } from './tokens-desk.ts'

const stored: Student = { xh: '2026010001', xm: '张三丰', tel: '13800138000', csrq: '1990-05-17' }
let desk: Desk
before(async () => {
  desk = await openDesk()
})
beforeEach(() => {
  for (const key of Object.keys(desk.student)) delete (desk.student as Partial<Student>)[key as keyof Student]
  Object.assign(desk.student, stored)
})
after(() => desk.close())

type Problem = { code: string; fields?: string[] }
const problemOf = async (answer: Response) => ({ status: answer.status, ...((await answer.json()) as Problem) })
const save = (init: RequestInit, method = 'PUT', path = '/students/2026010001') =>
  desk.ask('staff', path, { method, ...init })

test('saving the edit page as it is shown is refused, and the record is unchanged', async () => {
  const page = (await (await desk.ask('staff', '/students')).json()) as { rows: Student[] }
  const form = page.rows[0]!
  assert.deepEqual(form, { xh: '2026******', xm: '张**', tel: '138****8000', csrq: '1990' })
  for (const init of [asJson(form), asForm(form)]) {
    const problem = await problemOf(await save(init, 'POST'))
    assert.equal(problem.status, 422)
    assert.equal(problem.code, 'MASKED_VALUE')
    assert.deepEqual(problem.fields!.toSorted(), ['csrq', 'tel', 'xh', 'xm'])
    assert.ok(!JSON.stringify(problem).includes('138'))
  }
  assert.deepEqual(desk.student, stored)
  const record = (await desk.gateway.records()).at(-1)!
  assert.deepEqual([record.kind, record['code']], ['refused', 'MASKED_VALUE'])
})

test('each masked field is named by the policy, wherever it stands', async () => {
  const problem = await problemOf(await save(asJson({ list: [{ TEL: '***' }], data: '{"xm":"李*"}' })))
  assert.deepEqual(problem.fields!.toSorted(), ['tel', 'xm'])
})

test('what only a detector has masked is refused by its place in the body, whatever its field is called', async () => {
  const cases: [RequestInit, string[]][] = [
    [
      asJson({ person: { ldh: '138****8000', bz: 'x' }, lxr: [{ yj: 'z*******@example.edu.cn' }] }),
      ['person.ldh', 'lxr[].yj'],
    ],
    [asJson({ a: { b: 1 }, list: ['138****8000'] }), ['list[]']],
    [asJson({ data: '{"ldh":"138****8000"}', bzr: '王**' }), ['bzr', 'data']],
    [asForm({ 'p.ldh': '138****8000', n: '1' }), ['p.ldh']],
    [{ headers: { 'content-type': 'text/xml' }, body: '<r><ldh>138****8000</ldh></r>' }, ['r.ldh']],
  ]
  for (const [init, fields] of cases) {
    const problem = await problemOf(await save(init, 'POST'))
    assert.deepEqual([problem.code, problem.fields?.toSorted()], ['MASKED_VALUE', fields.toSorted()])
  }
  assert.deepEqual(desk.student, stored)
  const patched = await save(asJson({ ldh: '138****8000', tel: '13900139000' }), 'PATCH')
  assert.deepEqual([patched.status, desk.bodies.at(-1)], [200, '{"tel":"13900139000"}'])
})

test('the place of a masked value is told without names that are of people themselves', async () => {
  for (const init of [
    asJson({ rows: { '13800138000': '王**', '13900139000': { ldh: '138****8000' } } }),
    asForm({ 'rows[13800138000]': '王**', 'rows[13900139000][ldh]': '138****8000' }),
  ]) {
    const problem = await problemOf(await save(init, 'POST'))
    assert.deepEqual([problem.code, problem.fields?.toSorted()], ['MASKED_VALUE', ['rows.***', 'rows.***.ldh']])
  }
})

test('what has stars in it and is shown for nobody is saved', async () => {
  const odd = {
    password: '******',
    md: '***bold***',
    glob: 'src/***/index',
    grade: 'A*',
    rank: '优*',
    rule: '*****',
    card: '13****80',
    more: '请勿***外传',
    line: '----------',
    remark: '机主 138****8000',
  }
  assert.equal((await save(asJson(odd))).status, 200)
  assert.deepEqual(JSON.parse(desk.bodies.at(-1)!), odd)
})

test('what was typed anew is saved, and so is what only looks odd', async () => {
  const answer = await save(asJson({ ...stored, tel: '13900139000', remark: '评分 * 号为必填 138****0000' }))
  assert.equal(answer.status, 200)
  assert.equal(desk.student.tel, '13900139000')
})

test('a partial date that another audience would see is no masked value of a field that has none', async () => {
  assert.equal((await save(asJson({ xm: '李四', year: '1990' }))).status, 200)
})

test('a masked value in a path or query of a writing request is refused', async () => {
  const problem = await problemOf(await save(asJson({ xm: '李四' }), 'PUT', '/students/2026******'))
  assert.deepEqual([problem.status, problem.code, problem.fields], [422, 'MASKED_VALUE', ['id']])
})

test('where the route says so, masked values are left out of a patch, and the rest is saved', async () => {
  const patch = { xm: '张**', tel: '13900139000', csrq: '1990' }
  for (const type of ['application/merge-patch+json', 'application/json']) {
    Object.assign(desk.student, stored)
    const answer = await save(asJson(patch, type), 'PATCH')
    assert.equal(answer.status, 200)
    assert.equal(desk.bodies.at(-1), '{"tel":"13900139000"}')
    assert.deepEqual(desk.student, { ...stored, tel: '13900139000' })
  }
  await save(asForm({ xm: '张**', tel: '13900139001' }), 'PATCH')
  assert.equal(desk.bodies.at(-1), 'tel=13900139001')
})

test('out of an array nothing is left: it would stand in for the whole', async () => {
  const problem = await problemOf(await save(asJson({ guardians: [{ tel: '***' }] }), 'PATCH'))
  assert.deepEqual([problem.code, problem.fields], ['MASKED_VALUE', ['tel']])
})

test('a digest is known for what it is', async () => {
  const problem = await problemOf(await save(asJson({ tel: 'vNp3Ch0Qm6bJ2cX8aZ-1_w' })))
  assert.deepEqual(problem.fields, ['tel'])
})

test('a body that cannot be read is refused before the system sees any of it', async () => {
  const before = desk.upstream.calls.length
  const json = { 'content-type': 'application/json' }
  const cases: [RequestInit, number, string][] = [
    [{ headers: json, body: '{"xm":"李四"' }, 400, 'REQUEST_MALFORMED'],
    [{ headers: json, body: '{"xm":"李四"} {}' }, 400, 'REQUEST_MALFORMED'],
    [{ headers: json, body: Buffer.from('{"xm":"\xc0\xee"}', 'latin1') }, 400, 'REQUEST_MALFORMED'],
    [{ headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync('{}') }, 415, 'REQUEST_UNREADABLE'],
    [{ headers: { 'content-type': 'application/json; charset=utf-16' }, body: '{}' }, 415, 'REQUEST_UNREADABLE'],
    [{ headers: json, body: '['.repeat(300) + ']'.repeat(300) }, 413, 'REQUEST_TOO_LARGE'],
  ]
  for (const [init, status, code] of cases) {
    const problem = await problemOf(await save(init))
    assert.deepEqual([problem.status, problem.code], [status, code])
    assert.ok(!JSON.stringify(problem).includes('李四'))
  }
  assert.equal(desk.upstream.calls.length, before)
})

test('a form in the charset of an old page passes as it came, and a masked value in it is found', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  // 李四 in GBK
  assert.equal((await save({ headers, body: 'xm=%C0%EE%CB%C4&n=1+2' }, 'POST')).status, 200)
  assert.equal(desk.bodies.at(-1), 'xm=%C0%EE%CB%C4&n=1+2')
  const problem = await problemOf(await save({ headers, body: 'xm=%C0%EE*' }, 'POST'))
  assert.deepEqual([problem.code, problem.fields], ['MASKED_VALUE', ['xm']])
})

test('JSON without a label is read, and what is no JSON passes', async () => {
  const problem = await problemOf(await save({ body: '{"tel":"***"}', headers: { 'content-type': 'text/plain' } }))
  assert.equal(problem.code, 'MASKED_VALUE')
  assert.equal(
    (await save({ body: '{not json', headers: { 'content-type': 'text/plain' } }, 'POST', '/visits')).status,
    200,
  )
  assert.equal(desk.bodies.at(-1), '{not json')
})

test('a body of another kind, and an empty one, pass as they come', async () => {
  const png = Buffer.from('89504e470d0a1a0a00', 'hex')
  const answer = await save({ body: png, headers: { 'content-type': 'image/png' } }, 'POST', '/visits')
  assert.equal(answer.status, 200)
  assert.equal((await save({ headers: { 'content-type': 'application/json' } }, 'POST', '/visits')).status, 200)
  assert.equal(desk.bodies.at(-1), '')
})

test('long numbers, doubled names and white space of a body stay as they were', async () => {
  const body = '{ "n" : 12345678901234567890 , "a":1,"a":2, "xm" : "李四" }\n'
  const headers = { 'content-type': 'application/json' }
  assert.equal((await save({ headers, body }, 'POST', '/visits')).status, 200)
  assert.equal(desk.bodies.at(-1), body)
})
