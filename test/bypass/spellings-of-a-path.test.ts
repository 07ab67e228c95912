import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { exchangeRaw } from '../support/raw-client.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

/** As where a system's owner says what is special, and leaves the rest to `/**`. */
const system = `system: upstream
routes:
  - path: /**
    unlisted: { keep: pages about nobody }
  - path: /api/students/{id}
    fields: { ward: A4, mentor: B4 }
  - path: /Export/List.aspx
    fields: { ward: A4, mentor: B4 }
    bulk: { rows: 1 }
`
const rows = [
  { ward: 'seven', mentor: 'somebody' },
  { ward: 'eight', mentor: 'somebody' },
]
let [upstream, gateway]: [Upstream, TestGateway] = [] as never

before(async () => {
  upstream = await startUpstream(({ url = '' }, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(/export/i.test(url) ? rows : rows[0]))
  })
  gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': system } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

async function ask(path: string) {
  const got = await exchangeRaw(gateway.port, `GET ${path} HTTP/1.1\r\nhost: gw\r\n\r\n`)
  return { status: got.status, text: got.body.toString() }
}

test('a path in another spelling is masked as the route that the system takes it for', async () => {
  const paths = [
    ...['/api/students/7', '/API/students/7', '/api/STUDENTS/7', '/api/students/7/', '/%41pi/students/7'],
    ...['/api./students/7', '/api%20/students/7', '/api/students/7.json', '/api/students::$DATA/7'],
  ]
  for (const path of paths) {
    const { status, text } = await ask(path)
    assert.equal(status, 200, path)
    assert.doesNotMatch(text, /seven|somebody/, path)
  }
})

test('a path in another spelling is held to the limits of the route that the system takes it for', async () => {
  const paths = [
    '/Export/List.aspx',
    '/export/list.aspx',
    '/export/list.aspx/',
    '/Export/List.aspx/x.css',
    '/EXPORT/LIST.ASPX.',
  ]
  for (const path of paths) {
    const { status, text } = await ask(path)
    assert.equal(status, 403, path)
    assert.match(text, /ROWS_NEED_GRANT/)
  }
})

test('the record says which route it was', async () => {
  await ask('/API/Students/7')
  const last = (await gateway.records()).findLast(({ kind }) => kind === 'access')
  assert.equal(last?.['route'], '/api/students/{id}')
  assert.equal(upstream.calls.at(-1)?.url, '/API/Students/7')
})

test('a path that is near no other is of the route it was', async () => {
  for (const path of ['/API/teachers/7', '/export/', '/a.aspx/x']) assert.match((await ask(path)).text, /seven/, path)
})
