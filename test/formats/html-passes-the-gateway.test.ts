import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const page = `<!DOCTYPE html>
<html><head><title>学生名册</title><script>var first = { xm: "欧阳小凤", id: 1 }</script></head><body class="list">
<h1>学生名册</h1><!-- 欧阳小凤 -->
<table class="grid"><tr><th>序号</th><th>姓名</th><th>身份证号</th><th>手机号</th><th>班级</th></tr>
<tr><td>1</td><td><a href="/view?id=1">欧阳小凤</a></td><td>11010519491231002X</td><td>138-0013-8000</td><td>三班</td></tr>
<tr><td>2</td><td>李建国</td><td></td><td>13900139000</td><td>四班</td></tr></table>
<form action="/search"><label>关键字 <input name="q"></label><input type="submit" value="查询"></form>
<p>共 2 人，打印于 2026-11-21。咨询电话 0571-88886666</p></body></html>`

const answers: Readonly<Record<string, readonly [label: string, body: string]>> = {
  '/page': ['text/html; charset=utf-8', page],
  '/xhtml': ['application/xhtml+xml', `<?xml version="1.0"?>\n${page}`],
  '/json-as-page': ['text/html', '{"xm":"欧阳小凤"}'],
  '/page-as-json': ['application/json', page],
  '/page-as-xml': ['text/xml', page.replace('<!DOCTYPE html>\n', '')],
  '/unlabelled': ['application/octet-stream', page],
  '/large': ['text/html', `<p>${'x'.repeat(70_000)}</p>`],
}

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream((request, response) => {
    const [label, body] = answers[request.url!]!
    response.writeHead(200, { 'Content-Type': label })
    response.end(body)
  })
  gateway = await startTestGateway({ upstream: upstream.url, limits: { page: 65_536 } })
})

after(async () => {
  await gateway?.close()
  await upstream?.close()
})

async function read(path: string): Promise<{ status: number; type: string | null; body: string }> {
  const answer = await fetch(`${gateway.url}${path}`)
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() }
}

test('a page is masked by the shipped catalogue and stays the page it was', async () => {
  const { status, type, body } = await read('/page')
  assert.equal(status, 200)
  assert.equal(type, 'text/html; charset=utf-8')
  for (const value of ['欧阳小凤', '李建国', '11010519491231002X', '138-0013-8000', '13900139000'])
    assert.ok(!body.includes(value), value)
  for (const kept of [
    '<h1>学生名册</h1>',
    '<td>三班</td>',
    '<a href="/view?id=1">',
    'value="查询"',
    '<label>关键字 <input name="q">',
  ])
    assert.ok(body.includes(kept), kept)
  const [entry] = (await gateway.records()).filter(({ outcome }) => outcome === 'released')
  assert.equal(entry!['format'], 'html')
  assert.equal(entry!['rows'], 2)
})

test('XHTML and a page without a label are read as pages', async () => {
  for (const path of ['/xhtml', '/unlabelled']) {
    const { status, body } = await read(path)
    assert.equal(status, 200, path)
    assert.ok(!body.includes('欧阳小凤') && body.includes('三班'), path)
  }
})

test('label and bytes decide together', async () => {
  const json = await read('/json-as-page')
  assert.equal(json.status, 200)
  assert.equal(json.type, 'application/json')
  assert.ok(!json.body.includes('欧阳小凤'))
  for (const path of ['/page-as-json', '/page-as-xml']) {
    const { status, body } = await read(path)
    assert.equal(status, 502, path)
    assert.ok(!body.includes('欧阳小凤'), path)
  }
})

test('a page over the limit is withheld', async () => {
  const { status, body } = await read('/large')
  assert.equal(status, 502)
  assert.match(body, /ANSWER_TOO_LARGE/)
})
