import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

/** As Mojarra has states: a number that leads to one on the server, or what is there itself. */
const states = [
  '-8362748362748123456:1380013800012345678',
  Buffer.from('\xac\xed\0\x05t\0\x0c欧阳小凤 13800138000').toString('base64'),
  'e1s2',
  `H4sI${'A'.repeat(3000)}`,
]
const table = (name: string) => `<table id="f:t"><tr><th>姓名</th></tr><tr><td>${name}</td></tr></table>`
const update = (id: string, content: string) => `<update id="${id}"><![CDATA[${content}]]></update>`
const field = 'javax.faces.ViewState'

let system: Upstream
let gateway: TestGateway
let given = 0
let posted: URLSearchParams

before(async () => {
  system = await startUpstream(async (request, response) => {
    if (request.method === 'POST') posted = new URLSearchParams(await text(request))
    const state = states[given++ % states.length]!
    if (request.headers['faces-request'] !== 'partial/ajax') {
      const hidden = `<input type="hidden" name="${field}" id="j_id1:${field}:0" value="${state}" autocomplete="off" />`
      response.setHeader('content-type', 'text/html;charset=UTF-8')
      return void response.end(`<html><body><form id="f">${table('欧阳小凤')}${hidden}</form></body></html>`)
    }
    const changes = [update('f:t', table('欧阳小凤')), update('f:msg', ''), update(`j_id1:${field}:0`, state)]
    response.setHeader('content-type', 'text/xml;charset=UTF-8')
    response.end(
      `<?xml version='1.0' encoding='UTF-8'?>\n<partial-response id="j_id1"><changes>${changes.join('')}</changes></partial-response>`,
    )
  })
  const policy = 'system: upstream\nroutes:\n  - path: /list.xhtml\n    methods: [GET, POST]\n'
  gateway = await startTestGateway({ upstream: system.url, policies: { 'systems/upstream.yaml': policy } })
})
after(async () => {
  await gateway?.close()
  await system?.close()
})

async function ask(fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields)
  const answer = await fetch(`${gateway.url}/list.xhtml`, { method: 'POST', body, headers })
  assert.equal(answer.status, 200)
  const page = await answer.text()
  assert.ok(!page.includes('欧阳小凤') && !page.includes(states[(given - 1) % states.length]!), page)
  return page
}

const ajax = { 'faces-request': 'partial/ajax' }
const stateIn = (partial: string) =>
  /<update id="j_id1:javax.faces.ViewState:0"><!\[CDATA\[(.*?)\]\]>/.exec(partial)![1]!

test('a page of JSF goes on from its state, whole or in parts, and nobody can read it', async () => {
  for (const _ of states) {
    const whole = await ask({})
    const first = states[(given - 1) % states.length]
    const sealed = /name="javax.faces.ViewState"[^>]* value="([^"]*)"/.exec(whole)![1]!
    const partial = await ask({ [field]: sealed, 'javax.faces.partial.ajax': 'true' }, ajax)
    assert.equal(posted.get(field), first)
    assert.ok(partial.includes('<td>欧***</td>'), partial)
    const second = states[(given - 1) % states.length]
    await ask({ [field]: stateIn(partial) }, ajax)
    assert.equal(posted.get(field), second)
  }
})

test('in a portlet its state comes back under the name of the portlet', async () => {
  const partial = await ask({}, ajax)
  const state = states[(given - 1) % states.length]
  await ask({ [`_ns_:${field}`]: stateIn(partial) })
  assert.equal(posted.get(`_ns_:${field}`), state)
})
