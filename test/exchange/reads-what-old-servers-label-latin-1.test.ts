import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const bodies: Record<string, { type: string; body: Buffer }> = {
  '/ascii.json': { type: 'text/html;charset=ISO-8859-1', body: Buffer.from('{"tel":"13800138000","success":true}') },
  '/entities.jsp': { type: 'text/html;charset=ISO-8859-1', body: Buffer.from('<p>&#30005;&#35805; 13800138000</p>') },
  '/utf-8.json': { type: 'application/json;charset=ISO-8859-1', body: Buffer.from('{"xm":"张三丰"}') },
  '/gbk.jsp': { type: 'text/html;charset=ISO-8859-1', body: Buffer.from('3c703ed5c5c8fd3c2f703e', 'hex') },
  '/latin.txt': { type: 'text/plain;charset=windows-1252', body: Buffer.from('José 13800138000', 'latin1') },
}

test('ASCII under the label of Latin-1 is masked and goes on as UTF-8; bytes that are no UTF-8 are withheld', async () => {
  const system = await startUpstream((request, response) => {
    const { type, body } = bodies[request.url ?? '']!
    response.setHeader('content-type', type)
    response.end(body)
  })
  const gateway = await startTestGateway({ upstream: system.url })
  try {
    const get = async (path: string) => {
      const answer = await fetch(`${gateway.url}${path}`)
      return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
    }
    const json = await get('/ascii.json')
    assert.deepEqual(json, {
      status: 200,
      type: 'application/json; charset=utf-8',
      text: '{"tel":"***","success":true}',
    })
    const page = await get('/entities.jsp')
    assert.equal(page.type, 'text/html; charset=utf-8')
    assert.ok(!page.text.includes('138'), page.text)
    assert.equal((await get('/utf-8.json')).text, '{"xm":"张**"}')
    for (const path of ['/gbk.jsp', '/latin.txt']) {
      const { status, text } = await get(path)
      assert.deepEqual([status, JSON.parse(text).code], [502, 'CHARSET_MALFORMED'], path)
    }
  } finally {
    await gateway.close()
    await system.close()
  }
})
