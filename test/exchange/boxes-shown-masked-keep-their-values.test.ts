import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import type { Upstream } from '../support/start-upstream.ts'
import { type Field, fieldsOf, gbkForm, gbkParts, startFormSystem, typed } from './form-desk.ts'

const policies = {
  'catalogue.yaml': `extends: veilgate
data_types:
  lodging: { title: { zh: 住宿, en: Lodging }, cell: B3, names: [住宿], forms: {} }
`,
  'systems/upstream.yaml': `system: upstream
routes:
  - { path: /Edit.aspx, methods: [GET, POST], body: data }
  - { path: /Save.aspx, methods: [GET, POST], body: data }
  - { path: /Drop.aspx, methods: [GET, POST], body: data, masked_values: drop }
  - { path: /Find.aspx, methods: [GET, POST] }
  - { path: /Strict.aspx, methods: [GET, POST], body: data, masked_values: refuse }
`,
}
const page = (method = 'post', action = '') => `<html><body><form method="${method}" action="${action}"><table>
<tr><td>姓名</td><td><input type="text" name="TextBox1" value="欧阳小凤"></td></tr>
<tr><td>手机</td><td><input type="text" name="TextBox2" value="13800138000"></td></tr>
<tr><td>家庭住址</td><td><input name="TextBox3" value="浙江省杭州市西湖区余杭塘路866号&#183;12"></td></tr>
<tr><td>既往病史</td><td><input name="TextBox4" value="哮喘"></td></tr>
<tr><td>备注</td><td><textarea name="TextBox5">
先打 13900139000
再说</textarea></td></tr>
<tr><td>民族</td><td><select name="ddl"><option value="1">汉族</option><option value="2" selected>藏族</option></select></td></tr>
<tr><td>住宿</td><td><input type="radio" name="rbl" value="男"><input type="radio" name="rbl" value="女" checked></td></tr>
<tr><td>出生日期</td><td><input type="date" name="born" value="2001-02-03"></td></tr>
<tr><td>分机</td><td><input name="TextBox6" value="1"></td></tr>
<tr><td>手机</td><td><input name="tels" value="13800138001"></td><td><input name="tels" value="13811138001"></td></tr>
</table><input type="submit" name="b" value="ok"></form></body></html>`
const stored: readonly Field[] = fieldsOf(page())

let system: Upstream & { readonly posted: Buffer[] }
let gateway: TestGateway
let shown = page()

before(async () => {
  system = await startFormSystem(() => shown)
  gateway = await startTestGateway({ upstream: system.url, policies })
})
after(async () => {
  await gateway?.close()
  await system?.close()
})

const gbk = new TextDecoder('gbk')
const staff = () => ({ authorization: `Bearer ${gateway.keys.staff}` })

async function opened(path: string, own = page()): Promise<string> {
  shown = own
  const answer = await fetch(`${gateway.url}${path}`, { headers: staff() })
  assert.equal(answer.status, 200)
  return gbk.decode(await answer.arrayBuffer())
}

type Sent = { readonly headers: Record<string, string>; readonly body: string | Buffer }
const post = (path: string, { headers, body }: Sent, as = staff()) =>
  fetch(`${gateway.url}${path}`, { method: 'POST', headers: { ...as, ...headers }, body })

/** What the system was sent last, as it reads it: its own charset, whatever the form holds. */
function received(): Field[] {
  const text = system.posted.at(-1)!.toString('latin1')
  const decode = (part = '') =>
    gbk.decode(
      Buffer.from(
        part.replaceAll('+', ' ').replace(/%(..)/g, (_, hex) => String.fromCharCode(Number(`0x${hex}`))),
        'latin1',
      ),
    )
  return text.split('&').map(pair => {
    const [name, value] = pair.split('=')
    return [decode(name), decode(value)]
  })
}

const inOrder = (fields: readonly Field[]) =>
  fields.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))

async function refused(answer: Response, status: number, code: string, fields?: readonly string[]): Promise<void> {
  const before = system.posted.length
  const problem = (await answer.json()) as { code: string; fields?: string[] }
  assert.deepEqual([answer.status, problem.code, problem.fields], [status, code, fields])
  assert.equal(system.posted.length, before)
}

describe('boxes that a page shows masked', () => {
  test('keep their values where another box is edited and the form is saved', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx'))
    assert.ok(!JSON.stringify(fields).match(/02-03|1380013|1390013|浙江省杭州市西湖|哮喘|"2"|女/))
    assert.equal((await post('/Edit.aspx', gbkForm(typed(fields, { TextBox6: '2' })))).status, 200)
    assert.deepEqual(inOrder(received()), inOrder(typed(stored, { TextBox6: '2' })))
  })

  test('keep them in a form with a file whose name is in Chinese, from a page in GBK', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx'))
    const answer = await post('/Edit.aspx', gbkParts(typed(fields, { TextBox6: '分机二' }), '附件一誠.txt'))
    assert.equal(answer.status, 200)
    const sent = gbk.decode(system.posted.at(-1)!)
    for (const [name, value] of typed(stored, { TextBox6: '分机二' }))
      assert.ok(sent.includes(`name="${name}"\r\n\r\n${value}\r\n--b7`), name)
    assert.ok(sent.includes('filename="附件一誠.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b7'))
    assert.ok(!sent.includes('vgboxes'))
  })

  test('keep a choice whose name is in Chinese, in a form with a file from a page in GBK', async () => {
    const one = page().replaceAll('name="rbl"', 'name="住宿性别"')
    const fields = fieldsOf(await opened('/Edit.aspx', one))
    assert.ok(!fields.some(([name]) => name === '住宿性别'))
    assert.equal((await post('/Edit.aspx', gbkParts(fields, 'a.txt'))).status, 200)
    assert.ok(gbk.decode(system.posted.at(-1)!).includes('name="住宿性别"\r\n\r\n女\r\n--b7--'))
  })

  test('keep them where browsers show nothing of what is masked, as in a box for a date', async () => {
    const fields = typed(fieldsOf(await opened('/Edit.aspx')), { born: '' })
    assert.equal((await post('/Edit.aspx', gbkForm(fields))).status, 200)
    assert.equal(new Map(received()).get('born'), '2001-02-03')
  })

  test('keep them where a name is hidden in a box as it is a field beside it', async () => {
    shown =
      '<form method=post><table><tr><td>姓名：</td><td>欧阳小凤</td></tr></table><input name="t" value="欧阳小凤一组"></form>'
    const page = gbk.decode(await (await fetch(`${gateway.url}/Edit.aspx`)).arrayBuffer())
    assert.ok(!page.includes('小凤'))
    const answer = await fetch(`${gateway.url}/Edit.aspx`, { method: 'POST', ...gbkForm(fieldsOf(page)) })
    assert.equal(answer.status, 200)
    assert.deepEqual(received(), fieldsOf(shown))
  })

  test('keep them in the charset of their page where all else that is sent is ASCII', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx')).filter(([name]) => name === 'TextBox4' || name.startsWith('__'))
    assert.equal((await post('/Edit.aspx', gbkForm(fields))).status, 200)
    assert.deepEqual(new Map(received()).get('TextBox4'), '哮喘')
  })

  test('take what is typed into them anew, and what is chosen', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx'))
    const anew = { TextBox2: '13700137000', TextBox4: '无', ddl: '1' }
    await post('/Edit.aspx', gbkForm([...typed(fields, anew), ['rbl', '男']]))
    assert.deepEqual(inOrder(received()), inOrder(typed(stored, { ...anew, rbl: '男' })))
  })

  test('keep them where an UpdatePanel was brought anew, whose boxes count as it has them', async () => {
    const box = (tel: string) => `<table><tr><td>手机</td><td><input name="up" value="${tel}"></td></tr></table>`
    const first = fieldsOf(await opened('/Edit.aspx', `<form method=post>${box('13800138000')}</form>`))
    const part = box('13855558000')
    const delta = await opened('/Edit.aspx', `1|#||4|${part.length}|updatePanel|up1|${part}|`)
    const [, length, content = ''] = /^1\|#\|\|4\|(\d+)\|updatePanel\|up1\|([^|]*)\|$/.exec(delta)!
    assert.equal(Number(length), content.length)
    const second = fieldsOf(`<form>${content}</form>`)
    assert.equal(new Map(second).get('up'), '138****8000')
    await post('/Edit.aspx', gbkForm([...second, ...first.filter(([name]) => name !== 'up')]))
    assert.deepEqual(received(), [['up', '13855558000']])
  })

  test('are refused by name, or left out as the policy says, where something was written around what is covered', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx'))
    const remark = new Map(fields).get('TextBox5')!
    const edited = typed(fields, { TextBox5: `${remark} 已联系` })
    await refused(await post('/Edit.aspx', gbkForm(edited)), 422, 'MASKED_VALUE', ['TextBox5'])
    assert.equal(
      (
        await post(
          '/Drop.aspx',
          gbkForm(
            typed(
              fieldsOf(await opened('/Drop.aspx')),
              Object.fromEntries(edited.filter(([name]) => name === 'TextBox5')),
            ),
          ),
        )
      ).status,
      200,
    )
    assert.deepEqual(inOrder(received()), inOrder(stored.filter(([name]) => name !== 'TextBox5')))
  })

  test('are refused where the form is sent to another page than its own, which might show them', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx')).filter(([name]) => name === 'TextBox2' || name.startsWith('__'))
    await refused(await post('/Save.aspx', gbkForm(fields)), 422, 'MASKED_VALUE', ['TextBox2', 'rbl'])
    const moved = fields.map(([name, value]): Field => [name === 'TextBox2' ? 'remark' : name, value])
    await refused(await post('/Edit.aspx', gbkForm(moved)), 422, 'MASKED_VALUE', ['remark'])
  })

  test('keep their values where the page sends its form to another page', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx', page('POST', 'save.aspx;jsessionid=1?id=7')))
    assert.equal((await post('/Save.aspx?id=7', gbkForm(fields))).status, 200)
    assert.deepEqual(inOrder(received()), inOrder(stored))
  })

  test('are refused where the policy says so', async () => {
    const fields = fieldsOf(await opened('/Strict.aspx')).filter(
      ([name]) => name === 'TextBox3' || name.startsWith('__'),
    )
    await refused(await post('/Strict.aspx', gbkForm(fields)), 422, 'MASKED_VALUE', ['TextBox3', 'rbl'])
  })

  test('do not open for another caller, nor changed', async () => {
    const fields = fieldsOf(await opened('/Edit.aspx'))
    const counsellor = { authorization: `Bearer ${gateway.keys.counsellor}` }
    await refused(await post('/Edit.aspx', gbkForm(fields), counsellor), 403, 'PAGE_STATE_UNUSABLE')
    const changed = fields.map(
      ([name, value]): Field => [name, name.startsWith('__') ? value.replace(/.$/, '') : value],
    )
    await refused(await post('/Edit.aspx', gbkForm(changed)), 403, 'PAGE_STATE_UNUSABLE')
    const states = fields.filter(([name]) => name.startsWith('__'))
    const parked = states.map(([, value]): Field => ['__VIEWSTATE', value])
    await refused(await post('/Edit.aspx', gbkForm(parked)), 403, 'PAGE_STATE_UNUSABLE')
  })

  test('say nothing that could be read of what they hold, and nothing of it is on record', async () => {
    const html = await opened('/Edit.aspx')
    const [, sealed = ''] = /name="__vgboxes" value="([^"]+)"/.exec(html)!
    await post('/Edit.aspx', gbkForm(fieldsOf(html)))
    const read = Buffer.from(sealed.slice(5), 'base64url').toString('latin1')
    assert.ok(!read.includes('13800138000') && !read.includes('TextBox'))
    const said = JSON.stringify(await gateway.records()) + gateway.log.join()
    assert.ok(!said.includes('vgs1') && !said.includes('TextBox2'))
  })

  test('of a form that only asks are asked for as they were filled in, and stay out of addresses', async () => {
    const one = '<form method=post><td>联系人</td><td><input name="k" value="13800138000"></td></form>'
    await post('/Find.aspx', gbkForm(fieldsOf(await opened('/Find.aspx', one))))
    assert.deepEqual(received(), [['k', '13800138000']])
    assert.ok(!(await opened('/Find.aspx', one.replace('post', 'get'))).includes('vgboxes'))
    const query = new URLSearchParams(fieldsOf(await opened('/Find.aspx', one)).map(([name, value]) => [name, value]))
    assert.equal((await fetch(`${gateway.url}/Find.aspx?${query}&n=1`, { headers: staff() })).status, 200)
    assert.match(system.calls.at(-1)!.url, /^\/Find\.aspx\?k=138(?:%2A){4}8000&n=1$/)
  })
})
