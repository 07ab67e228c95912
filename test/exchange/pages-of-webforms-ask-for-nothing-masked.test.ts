import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startWebForms, type WebForms } from '../support/start-webforms.ts'

let system: WebForms
let gateway: TestGateway
let page: URLSearchParams

before(async () => {
  system = await startWebForms()
  const drop = 'masked_values: drop'
  const policy = `system: upstream
charset: gbk
routes:
  - path: /List.aspx
    methods: [GET, POST]
  - path: /Edit.aspx
    methods: [GET, POST]
    body: data
  - { path: /Lenient.aspx, methods: [GET, POST], body: data, ${drop} }
`
  gateway = await startTestGateway({ upstream: system.url, policies: { 'systems/upstream.yaml': policy } })
  const shown = await (await fetch(`${gateway.url}/List.aspx`)).text()
  const inputs = shown.matchAll(/<input type="hidden" name="([^"]*)"[^>]* value="([^"]*)"/g)
  page = new URLSearchParams(Array.from(inputs, ([, name, value]) => [name!, value!]))
})
after(async () => {
  await gateway?.close()
  await system?.close()
})

async function posted(fields: Record<string, string>, path = '/List.aspx', state = page) {
  const body = new URLSearchParams([...state, ...Object.entries(fields)])
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  const answer = await fetch(gateway.url + path, { method: 'POST', body })
  if (answer.status === 200) return 'passed'
  return (await answer.json()) as { code: string; fields?: string[]; title: string }
}

const left = {
  ctl00$main$txtXm: '',
  ctl00$main$xm: '',
  ctl00$main$ddlSex: '-1',
  ctl00$main$ddlNation: '全部',
  'form1:idCard': '',
}

test('a page whose boxes for masked fields are left empty goes to its next page', async () => {
  assert.equal(await posted({ ...left, __EVENTTARGET: 'GridView1', __EVENTARGUMENT: 'Page$2' }), 'passed')
})

test('who may not see a field may not search by its box, whatever its control is called', async () => {
  for (const name of ['ctl00$main$txtIdCard', 'ctl00$main$idCard', 'form1:txt_idCard', 'tbXm', 'ctl00$txtXmLike'])
    assert.partialDeepStrictEqual(await posted({ [name]: '110' }), { code: 'PARAMETER_MASKED' }, name)
})

test('nor have a grid sorted by it', async () => {
  for (const argument of ['Sort$idCard', 'Sort$身份证号', 'sort$xm'])
    assert.partialDeepStrictEqual(await posted({ __EVENTARGUMENT: argument }), { code: 'PARAMETER_MASKED' }, argument)
  assert.equal(await posted({ __EVENTARGUMENT: 'Sort$bj' }), 'passed')
})

test('nor ask by operators of which nothing is said, or from outside of such a page', async () => {
  for (const name of ['sort.tel', 'tel__isnull', 'ctl00$orderTel', 'tel[]'])
    assert.partialDeepStrictEqual(await posted({ [name]: '' }), { code: 'PARAMETER_MASKED' }, name)
  const bare = new URLSearchParams()
  assert.partialDeepStrictEqual(await posted({ tel: '' }, '/List.aspx', bare), { code: 'PARAMETER_MASKED' })
})

test('a page whose boxes hold masked values is not saved, and whoever saves it is told which', async () => {
  const shown = { ctl00$main$txtXm: '张*', ctl00$main$tel: '138****8000', ctl00$main$txtNote: '1' }
  const problem = await posted(shown, '/Edit.aspx')
  assert.partialDeepStrictEqual(problem, { code: 'MASKED_VALUE' })
  assert.ok(typeof problem === 'object' && problem.fields!.length > 0, JSON.stringify(problem))
})

test('where the route says so, such values are left out, and the rest is saved with its state', async () => {
  assert.equal(await posted({ ctl00$main$txtXm: '张*', ctl00$main$txtNote: '1' }, '/Lenient.aspx'), 'passed')
  const sent = new URLSearchParams(system.posted.at(-1)!.toString('latin1'))
  assert.deepEqual([sent.get('ctl00$main$txtXm'), sent.get('ctl00$main$txtNote')], [null, '1'])
  assert.equal(sent.get('__VIEWSTATE'), system.states[0])
})
