import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const token = '3c5f$Aq^l`0"9b'
const policy = `system: upstream
routes:
  - path: /form
  - { path: /save, methods: [GET, POST], body: data }
`
const page = `<html><head><meta name="csrf-token" content="${token.replace('"', '&quot;')}"></head><body>
<form method=post action=/save><input type=hidden name=token value="${token.replace('"', '&quot;')}"><input name=note></form>
<form><input name=token placeholder=API value="ask-me-not-0001"></form>
<a href="/save?token=${encodeURIComponent(token)}">go</a>
<script>Params.set({token:${JSON.stringify(token)},"_csrf_token":${JSON.stringify(token)}}); var api={secretKey:"do-not-show-me-01"}</script>
</body></html>`

let gateway: TestGateway
let system: Upstream
const sent: string[] = []
const cookieOfToken = 'eyJpdiI6IjM%3D'
let headers: IncomingHttpHeaders = {}
before(async () => {
  system = await startUpstream(async (request, response) => {
    sent.push((await text(request)) || request.url!)
    headers = request.headers
    if (request.url === '/save?login')
      return void response.writeHead(302, { location: '/form?task=mail&_token=OLbNGTPnRg4b53O6' }).end()
    if (request.url === '/save?spa')
      response.setHeader('set-cookie', [
        `XSRF-TOKEN=${cookieOfToken}; path=/`,
        'csrftoken=hidden-1; HttpOnly',
        'sid=s-1',
      ])
    response.setHeader('content-type', 'text/html; charset=utf-8').end(request.url === '/form' ? page : '<p>ok</p>')
  })
  gateway = await startTestGateway({
    upstream: system.url,
    policies: { 'systems/upstream.yaml': policy },
    system: { requestHeaders: ['x-my-token', 'x-grid-request'] },
  })
})
after(async () => {
  await gateway.close()
  await system.close()
})

async function shown() {
  const form = await (await fetch(`${gateway.url}/form`)).text()
  return { form, sealed: form.match(/vgs1\.[\w-]+/g) ?? [] }
}

async function posted(fields: Record<string, string>): Promise<number> {
  const answer = await fetch(`${gateway.url}/save`, { method: 'POST', body: new URLSearchParams(fields) })
  return answer.status
}

test('the token of a form leaves sealed, wherever the page has it, and what is no token of a page is emptied', async () => {
  const { form, sealed } = await shown()
  assert.equal(sealed.length, 5)
  for (const gone of ['3c5f', 'ask-me-not', 'do-not-show']) assert.ok(!form.includes(gone), gone)
})

test('a form, a program and a link send it back under any of its names, and the system gets its own', async () => {
  const { sealed } = await shown()
  for (const [at, name] of ['token', '_csrf_token', 'form[token]', 'sid'].entries()) {
    assert.equal(await posted({ note: '好', [name]: sealed[at]! }), 200)
    assert.equal(new URLSearchParams(sent.at(-1)).get(name), token)
  }
  assert.equal((await fetch(`${gateway.url}/save?token=${sealed[2]}`)).status, 200)
  assert.equal(new URL(sent.at(-1)!, 'http://x').searchParams.get('token'), token)
})

test('it opens in no other field, where the system might show it', async () => {
  const { sealed } = await shown()
  const before = sent.length
  assert.equal(await posted({ note: sealed[0]! }), 403)
  assert.equal(sent.length, before)
})

test('a program sends it back by a header of that name, and in no other', async () => {
  const { sealed } = await shown()
  const ask = (name: string, value: string) =>
    fetch(`${gateway.url}/save`, {
      method: 'POST',
      headers: { [name]: value, 'content-type': 'application/json' },
      body: '{}',
    })
  for (const name of [
    'X-CSRF-Token',
    'x-xsrf-token',
    'RequestVerificationToken',
    'X-CSRFToken',
    'X-My-Token',
    'X-Grid-Request',
  ]) {
    assert.equal((await ask(name, sealed[0]!)).status, 200)
    assert.equal(headers[name.toLowerCase()], token)
    assert.equal((await ask(name, 'of-its-own')).status, 200)
    assert.equal(headers[name.toLowerCase()], 'of-its-own')
  }
  const before = sent.length
  for (const [name, value] of [
    ['user-agent', sealed[0]!],
    ['x-csrf-token', `${sealed[0]!.slice(0, -2)}xx`],
  ] as const) {
    const answer = await ask(name, value)
    assert.equal(answer.status, 403)
    assert.partialDeepStrictEqual(await answer.json(), { code: 'PAGE_STATE_UNUSABLE' })
  }
  assert.equal(sent.length, before)
})

test('a redirect after signing in carries the token sealed, and the page it leads to is found', async () => {
  const answer = await fetch(`${gateway.url}/save?login`, { redirect: 'manual' })
  assert.equal(answer.status, 302, await answer.text())
  const to = answer.headers.get('location')!
  assert.match(to, /\/form\?task=mail&_token=vgs1\.[\w-]+$/)
  assert.equal((await fetch(new URL(to, gateway.url))).status, 200)
  assert.equal(sent.at(-1), '/form?task=mail&_token=OLbNGTPnRg4b53O6')
})

test('programs read the token in a cookie sealed, and no other cookie', async () => {
  const cookies = (await fetch(`${gateway.url}/save?spa`)).headers.getSetCookie()
  assert.equal(cookies.filter(cookie => cookie.includes('HttpOnly')).length, 2)
  const [pair] = cookies.find(cookie => cookie.startsWith('XSRF-TOKEN='))!.split(';')
  const value = pair!.slice('XSRF-TOKEN='.length)
  assert.match(value, /^vgs1\.[\w-]+$/)
  const { headers } = await ask({ cookie: pair!, 'X-XSRF-TOKEN': value })
  assert.equal(headers.cookie, `XSRF-TOKEN=${cookieOfToken}`)
  assert.equal(headers['x-xsrf-token'], 'eyJpdiI6IjM=')
  assert.equal(await posted({ _csrf: value }), 200)
  assert.equal(new URLSearchParams(sent.at(-1)).get('_csrf'), 'eyJpdiI6IjM=')
})

/** What the system got. */
async function ask(headers: Record<string, string>) {
  assert.equal((await fetch(`${gateway.url}/form`, { headers })).status, 200)
  return system.calls.at(-1)!
}
