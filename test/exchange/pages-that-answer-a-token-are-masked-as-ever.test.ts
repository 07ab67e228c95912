import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeApiKey } from '../../plugins/identities/api-key.ts'
import { consumer, withKey } from '../support/consumer.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const policies = {
  'catalogue.yaml': `data_types:
  student_number:
    title: { zh: 学号, en: Student number }
    cell: A3
    names: [学号, xh]
    identifies: 1
    forms: { token: { token: {} } }
  person_name:
    title: { zh: 姓名, en: Name }
    cell: A3
    names: [姓名, xm]
  faculty:
    title: { zh: 学院, en: Faculty }
    cell: D1
    names: [学院]
`,
  'audiences.yaml': 'audiences:\n  partner: { 4: remove, 3: token, 2: partial, 1: clear }\n',
  'systems/upstream.yaml': 'system: upstream\nroutes: [{ path: /student, query: { xh: student_number } }]\n',
}
const page = `<p>姓名：诸葛亮明</p><table><tr><td>姓名</td><td><input name="TextBox1" value="诸葛亮明"></td></tr></table>
<label>学院 <select name="ddl"><option>医学院</option><option selected>法学院</option></select></label>
<span>学号</span><span>2026010001</span>`

let upstream: Upstream
let gateway: TestGateway
const key = makeApiKey()

before(async () => {
  upstream = await startUpstream((_, response) =>
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page),
  )
  const partner = consumer('partner', { audience: 'partner', credentials: withKey(key) })
  const config = { consumers: new Map([['partner', partner]]), anonymous: null }
  gateway = await startTestGateway({ upstream: upstream.url, policies, config })
})
after(async () => {
  await gateway?.close()
  await upstream?.close()
})

const opened = async (query: string) =>
  (await fetch(`${gateway.url}/student${query}`, { headers: { authorization: `Bearer ${key}` } })).text()

test('a page asked for by a token hides what its labels name, and keeps what was chosen, as any page does', async () => {
  const plain = await opened('')
  const [token = ''] = /vg1\.[\w.-]+/.exec(plain) ?? []
  const asked = await opened(`?xh=${token}`)
  assert.match(upstream.calls.at(-1)!.url, /xh=2026010001/)
  assert.equal(asked, plain)
  assert.ok(!asked.includes('诸葛'))
  assert.match(asked, /<option selected>法学院/)
})
