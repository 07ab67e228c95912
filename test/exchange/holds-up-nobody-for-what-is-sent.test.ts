import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const system = `system: upstream
routes: [ { path: /**, methods: [GET, POST, PUT] } ]
`
let [upstream, gateway]: [Upstream, TestGateway] = [] as never

before(async () => {
  upstream = await startUpstream((asked, response) => {
    asked.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"ok":1}'))
  })
  gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': system } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

function send(method: string, type: string, body: string): Promise<number> {
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    request({ port: gateway.port, method, path: '/a', headers }, answer => {
      answer.resume().on('end', () => resolve(answer.statusCode!))
    })
      .on('error', reject)
      .end(body)
  })
}

const many = <One>(count: number, one: (at: number) => One) => Array.from({ length: count }, (_, at) => one(at))
const bodies: Record<string, readonly [method: string, type: string, body: string]> = {
  'names in JSON': ['POST', 'application/json', `{${many(20_000, at => `"a.b.c.d.e.f.g.h${at}":1`).join()}}`],
  'values in JSON that name fields': [
    'POST',
    'application/json',
    `{"filter":[${many(2000, at => `"${`aB${at}.x like `.repeat(20)}${many(20, no => `w${at}x${no}`).join(' ')}"`)}]}`,
  ],
  'a form': ['POST', 'application/x-www-form-urlencoded', many(60_000, at => `k${at}=v`).join('&')],
  'elements of XML': ['POST', 'text/xml', `<a>${many(60_000, at => `<b${at} c="d">e</b${at}>`).join('')}</a>`],
  'a form that is stored': ['PUT', 'application/x-www-form-urlencoded', many(1_200_000, at => `k${at}=v`).join('&')],
}

for (const [what, [method, type, body]] of Object.entries(bodies)) {
  test(`${what}: while one caller's megabytes are looked at, others are answered`, async () => {
    let isOver = false
    const large = send(method, type, body).then(status => {
      isOver = true
      return status
    })
    let others = 0
    while (!isOver) {
      const answer = await fetch(`${gateway.url}/others`)
      assert.equal(answer.status, 200)
      if (!isOver) others++
    }
    assert.equal(await large, 200)
    assert.ok(others >= 5, `${others} others were answered meanwhile`)
  })
}

test('what repeats itself is looked at once, however often', async () => {
  const row = JSON.stringify({ filter: 'aB.x like '.repeat(800), id: 7 })
  assert.equal(await send('POST', 'application/json', `[${Array(500).fill(row).join()}]`), 200)
})

test('a body that asks by more than anybody does is refused', async () => {
  const body = `{${many(300_000, at => `"k${at}":${at}`).join()}}`
  assert.equal(await send('POST', 'application/json', body), 413)
  assert.equal(await send('PUT', 'application/json', body), 200)
  assert.equal(await send('POST', 'application/x-www-form-urlencoded', `${'a.'.repeat(500_000)}=v`), 413)
})

test('what is asked by far into a large body is refused as anywhere else', async () => {
  const padding = many(30_000, at => `k${at}=v`).join('&')
  assert.equal(await send('POST', 'application/x-www-form-urlencoded', `${padding}&tel=139`), 403)
  const json = `{${many(30_000, at => `"k${at}":1`).join()},"where":{"tel":"139"}}`
  assert.equal(await send('POST', 'application/json', json), 403)
})
