import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { asForm, asJson, type Desk, openDesk, type Student } from './tokens-desk.ts'

let desk: Desk
let shown: Student
let seen: number
before(async () => {
  desk = await openDesk()
  shown = await desk.shown()
})
after(() => desk.close())

const reached = () => desk.upstream.calls.length - seen
const last = () => desk.upstream.calls.at(-1)!
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code

async function refused(answer: Promise<Response>, status: number, code: string) {
  seen = desk.upstream.calls.length
  const got = await answer
  assert.equal(await codeOf(got), code)
  assert.equal(got.status, status)
  assert.equal(reached(), 0, 'the system was not asked')
  const record = (await desk.gateway.records()).at(-1)!
  assert.deepEqual([record.kind, record['code'], record['status']], ['refused', code, status])
}

describe('a consumer that only ever saw tokens', () => {
  test('gets tokens in place of numbers', () => {
    assert.match(shown.xh, /^vg1\.[\w-]{8}\.[\w-]{43,}$/)
    assert.match(shown.tel, /^vg1\./)
    assert.equal(shown.xm, '张**')
  })

  test('follows one to the detail page', async () => {
    const detail = await desk.ask('partner', `/students/${shown.xh}`)
    assert.equal(detail.status, 200)
    assert.equal(last().url, '/students/2026010001')
    assert.deepEqual((await detail.json()) as Student, shown)
  })

  test('asks by one in a query', async () => {
    const list = await desk.ask('partner', `/students?xh=${shown.xh}&page=1`)
    assert.equal(last().url, '/students?xh=2026010001&page=1')
    assert.deepEqual(((await list.json()) as { rows: Student[] }).rows, [shown])
    const record = (await desk.gateway.records()).at(-1)!
    assert.match(String(record['searched']), /^student_number@A3:[\w-]{22}$/)
  })

  test('asks by a list of them, and not by a number that it puts among them', async () => {
    await desk.ask('partner', `/chosen?xh[]=${shown.xh}&xh[]=${shown.xh}`)
    assert.equal(last().url, '/chosen?xh%5B%5D=2026010001&xh%5B%5D=2026010001')
    await refused(desk.ask('partner', `/chosen?xh[]=${shown.xh}&xh[]=2026010002`), 403, 'PARAMETER_MASKED')
  })

  test('posts a form with one', async () => {
    const answer = await desk.ask('partner', '/visits', {
      method: 'POST',
      ...asForm({ xh: shown.xh, remark: '咨询 1+1' }),
    })
    assert.equal(answer.status, 200)
    assert.deepEqual(Object.fromEntries(new URLSearchParams(desk.bodies.at(-1))), {
      xh: '2026010001',
      remark: '咨询 1+1',
    })
    assert.equal(last().headers['content-length'], String(Buffer.byteLength(desk.bodies.at(-1)!)))
  })

  test('posts one from an old page, in the charset of that page', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    // 咨询 and 李四 in GBK
    const body = `remark=%D7%C9%D1%AF&xm=%C0%EE%CB%C4+a&xh=${shown.xh}&n=1%2B2`
    assert.equal((await desk.ask('partner', '/visits', { method: 'POST', headers, body })).status, 200)
    assert.equal(desk.bodies.at(-1), body.replace(shown.xh, '2026010001'))
  })

  test('sends JSON with some, also in text that is JSON', async () => {
    const visit = { tel: shown.tel, rows: [{ xh: shown.xh, n: 12345 }], data: JSON.stringify({ xh: shown.xh }) }
    const answer = await desk.ask('partner', '/visits', { method: 'POST', ...asJson(visit) })
    assert.equal(answer.status, 200)
    assert.equal(
      desk.bodies.at(-1),
      '{"tel":"13800138000","rows":[{"xh":"2026010001","n":12345}],"data":"{\\"xh\\":\\"2026010001\\"}"}',
    )
  })

  test('is redirected with its token, not with the number behind it', async () => {
    const answer = await desk.ask('partner', `/moves/${shown.xh}`, { method: 'POST' })
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), `/students/${shown.xh}`)
  })

  test('gets its token, not the number, where the system says back what it was asked for', async () => {
    const answer = await desk.ask('partner', '/echo', { method: 'POST', ...asForm({ xh: shown.xh }) })
    const text = await answer.text()
    assert.ok(!text.includes('2026010001') && !JSON.stringify([...answer.headers]).includes('2026010001'), text)
    const body = JSON.parse(text) as Record<string, unknown>
    assert.equal(body['message'], `visit of ${shown.xh} (%E5%BC%A0%E4%B8%89%E4%B8%B0)`)
    assert.equal(body[shown.xh], shown.xh)
    assert.equal(body['n'], 2026)
    assert.equal(body['body'], `xh=${shown.xh}`)
  })

  test('gets its token in the words of an error', async () => {
    const xh = desk.student.xh
    desk.student.xh = '2026019999'
    const other = (await desk.shown()).xh
    desk.student.xh = xh
    const answer = await desk.ask('partner', `/students/${other}`)
    assert.equal(answer.status, 404)
    assert.deepEqual(await answer.json(), { message: `no student ${other}` })
  })

  test('still may not ask by a number it was never shown', async () => {
    await refused(desk.ask('partner', '/students?xh=2026010001'), 403, 'PARAMETER_MASKED')
  })
})

describe('a token is refused, and that is on record,', () => {
  test('from another consumer of the same audience', async () => {
    await refused(desk.ask('other', `/students/${shown.xh}`), 403, 'TOKEN_FORGED')
    await refused(desk.ask('other', `/students?xh=${shown.xh}`), 403, 'TOKEN_FORGED')
    await refused(desk.ask('other', '/visits', { method: 'POST', ...asForm({ xh: shown.xh }) }), 403, 'TOKEN_FORGED')
  })

  test('for another purpose than it was given for', async () => {
    const headers = { 'veilgate-purpose': 'survey' }
    await refused(desk.ask('partner', `/students/${shown.xh}`, { headers }), 403, 'TOKEN_FORGED')
  })

  test('with anything in it changed', async () => {
    const forged = shown.xh.slice(0, -2) + (shown.xh.at(-2) === 'A' ? 'BA' : 'AA')
    await refused(desk.ask('partner', `/students/${forged}`), 403, 'TOKEN_FORGED')
  })

  test('in a remark, where it would be read back clear', async () => {
    for (const remark of [shown.xh, `see ${shown.xh}`]) {
      await refused(desk.ask('partner', '/visits', { method: 'POST', ...asForm({ remark }) }), 422, 'TOKEN_MISPLACED')
      await refused(desk.ask('partner', '/visits', { method: 'POST', ...asJson({ remark }) }), 422, 'TOKEN_MISPLACED')
      const nested = { data: JSON.stringify({ remark }) }
      await refused(desk.ask('partner', '/visits', { method: 'POST', ...asJson(nested) }), 422, 'TOKEN_MISPLACED')
    }
  })

  test('in a field, parameter or path of another type, or of none', async () => {
    await refused(
      desk.ask('partner', '/visits', { method: 'POST', ...asJson({ tel: shown.xh }) }),
      422,
      'TOKEN_MISPLACED',
    )
    await refused(desk.ask('partner', `/students?tel=${shown.xh}`), 422, 'TOKEN_MISPLACED')
    await refused(desk.ask('partner', `/students?page=${shown.xh}`), 422, 'TOKEN_MISPLACED')
    await refused(desk.ask('partner', `/open/${shown.xh}`), 422, 'TOKEN_MISPLACED')
    await refused(desk.ask('partner', `/students/${shown.tel}`), 422, 'TOKEN_MISPLACED')
  })

  test('beside other text in its own field', async () => {
    await refused(desk.ask('partner', `/students?xh=${shown.xh}0`), 403, 'TOKEN_FORGED')
    await refused(desk.ask('partner', `/students?xh=0%20${shown.xh}`), 422, 'TOKEN_MISPLACED')
  })

  test('with an operator that would compare by what it stands for', async () => {
    await refused(desk.ask('partner', `/open/1?xh__gt=${shown.xh}`), 422, 'TOKEN_MISPLACED')
    await refused(desk.ask('partner', `/open/1?xh%5Bgt%5D=${shown.xh}`), 422, 'TOKEN_MISPLACED')
  })

  test('from an audience that is never given tokens of that type', async () => {
    const staff = await (await desk.ask('staff', '/students')).json()
    assert.ok(!JSON.stringify(staff).includes('vg1.'))
    await refused(desk.ask('staff', `/students/${shown.xh}`), 403, 'TOKEN_FORGED')
  })
})

test('no number behind a token is in any record, log line or refusal', async () => {
  const all = JSON.stringify(await desk.gateway.records()) + desk.gateway.log.join('')
  for (const value of ['2026010001', '13800138000', shown.xh, shown.tel]) assert.ok(!all.includes(value), value)
})
