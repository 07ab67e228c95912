import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { exchangeRaw } from '../support/raw-client.ts'
import { assertNoSentinel } from '../support/sentinels.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

/** Planted everywhere; none of them may be found anywhere but in the answer to somebody who may see it. */
const phone = '13912340987'
const id = '11010519491231002X'
const name = '欧阳若标'
const marks = [phone, id, name]

function assertClean(text: string, where: string): void {
  assertNoSentinel(text, where, marks)
}

const person = JSON.stringify({ xm: name, tel: phone, idCard: id })
const stack = `Error: no ${phone}\n  at find (${id}.js:1:1)`

/** By path: what the system says, with the marks wherever an upstream can put them. */
const system: Record<string, (response: ServerResponse, request: IncomingMessage) => void> = {
  '/json': response => void response.setHeader('content-type', 'application/json').end(person),
  '/broken': response => void response.setHeader('content-type', 'application/json').end(`${person},`),
  '/text': response => void response.setHeader('content-type', 'text/plain').end(stack),
  '/error': response => void response.writeHead(500, { 'content-type': 'text/html' }).end(stack),
  '/json-error': response =>
    void response
      .writeHead(404, { 'content-type': 'application/json' })
      .end(JSON.stringify({ message: `no ${phone} (${id}.js:1:1)` })),
  '/headers': response =>
    void response
      .writeHead(200, `OK ${phone}`, {
        'content-type': 'application/json',
        'x-user': phone,
        etag: `"${id}"`,
        link: `</${phone}>; rel=next`,
        'content-disposition': `attachment; filename="${id}.json"`,
        'content-language': id,
        'retry-after': phone,
        'x-total-count': phone,
        'www-authenticate': `Basic realm="${phone}"`,
        'set-cookie': [`sid=${phone}; Path=/${phone}`, `u=${encodeURIComponent(name)}`, `${phone}=1`],
      })
      .end('{}'),
  '/label': response => void response.setHeader('content-type', `application/${phone}+json`).end('{}'),
  '/charset': response => void response.setHeader('content-type', `application/json; charset=${phone}`).end('{}'),
  '/encoding': response =>
    void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': phone }).end('{}'),
  '/redirect': response => void response.writeHead(302, { location: `/find?q=${phone}` }).end(),
  '/fragment': response => void response.writeHead(302, { location: `/find#${phone}` }).end(),
  '/reset': (_response, request) => void request.socket.destroy(),
  '/long': response => {
    response.setHeader('content-type', 'application/x-ndjson')
    response.end(`${person}\n`.repeat(6000) + stack)
  },
}

const requests = (gateway: TestGateway): string[] => {
  const get = (target: string, ...headers: string[]) =>
    `GET ${target} HTTP/1.1\r\nhost: gw\r\n${headers.map(header => `${header}\r\n`).join('')}connection: close\r\n\r\n`
  const url = encodeURIComponent(name)
  const known = `authorization: Bearer ${gateway.keys.counsellor}`
  return [
    ...Object.keys(system).flatMap(path => [get(path), get(path, known), get(path).replace('GET', 'HEAD')]),
    get(`/json/${phone}?q=${phone}&n=${url}`, `cookie: sid=${phone}`, `referer: http://x/${phone}`, `x-id: ${id}`),
    get(`/json?tel=${phone}`),
    get(`/json?${phone}=1&${phone}=2`),
    get(`/json/../${phone}`),
    get(`/${phone}%00`),
    get(`http://${phone}.example/`),
    get('/json', `authorization: Bearer vg_${phone}`),
    get('/json', `authorization: Basic ${Buffer.from(`${phone}:${id}`).toString('base64')}`),
    get('/json', known, `veilgate-operator: ${phone}`),
    get('/json', known, `veilgate-operator: x-${phone}`),
    get('/json', known, `veilgate-purpose: ${phone}`),
    get(
      '/json',
      known,
      'veilgate-operator: u1',
      'veilgate-purpose: enrolment',
      `veilgate-basis: work_order;ref="${id}"`,
    ),
    get('/json', known, `veilgate-basis: ${phone}`),
    get('/json', known, `veilgate-grant: ${phone}`),
    get('/json', `accept-language: ${phone}`, `user-agent: ${phone}`, `content-type: ${phone}`),
    get('/json', `upgrade: ${phone}`),
    get('/json', `expect: ${phone}`),
    get('/json', `${phone}: ${phone}`, `bad header ${phone}`),
    `${phone} /json HTTP/1.1\r\nhost: gw\r\n\r\n`,
    `GET /json HTTP/1.1\r\nhost: ${phone}\r\nhost: ${id}\r\n\r\n`,
    `POST /json?x=${phone} HTTP/1.1\r\nhost: gw\r\ncontent-type: ${phone}/@\r\ncontent-length: 11\r\n\r\n${phone}`,
    `GET /${phone}/${'x'.repeat(70_000)} HTTP/1.1\r\n\r\n`,
  ]
}

test('planted values are in no log line, record, metric, error or header', async t => {
  const upstream = await startUpstream((request, response) => {
    const answer = system[request.url!.split('?')[0]!] ?? system['/json']!
    answer(response, request)
  })
  const gateway = await startTestGateway({
    upstream: upstream.url,
    config: { admin: { host: '127.0.0.1', port: 0 }, contact: '0571-0000000' },
  })
  t.after(() => Promise.all([gateway.close(), upstream.close()]))
  const all = requests(gateway)
  for (let at = 0; at < all.length; at += 8) {
    await Promise.all(
      all.slice(at, at + 8).map(async request => {
        const { head, body, status } = await exchangeRaw(gateway.port, request)
        const what = request.split('\r\n')[0]!.slice(0, 60)
        assertClean(head, `the head of the answer to ${what}`)
        const mayHoldSome = request.includes(gateway.keys.counsellor) && status === 200
        if (!mayHoldSome) assertClean(body.toString('utf8'), `the answer to ${what}`)
      }),
    )
  }
  const token = await readFile(join(gateway.directory, 'keys/admin.secret'), 'utf8')
  const { port } = gateway.running.admin!
  const metrics = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { authorization: `Bearer ${token.trim()}` },
  })
  const counted = await metrics.text()
  assert.match(
    counted,
    /veilgate_exchanges_total\{system="upstream",audience="public",outcome="withheld",code="FORMAT_/,
  )
  assertClean(counted, 'the metrics')
  await gateway.running.close()
  const folder = join(gateway.directory, 'records')
  for (const file of (await readdir(folder)).filter(name => name.endsWith('.jsonl'))) {
    const text = await readFile(join(folder, file), 'utf8')
    assert.ok(text.split('\n').length > all.length / 2)
    assertClean(text, 'the records')
  }
  assertClean(gateway.log.join(''), 'the log')
})
