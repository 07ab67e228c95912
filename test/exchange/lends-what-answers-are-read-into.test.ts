/**
 * What answers are read into is lent anew once they are masked (`upstream/incoming.ts`). Whatever form they have, however they come
 * and whatever is left of them, each caller gets its own answer: the same as when nobody else asks.
 */
import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { rawClient } from '../support/raw-client.ts'
import { startTestGateway, type TestOptions } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

/** A letter of each answer's own, in all of its rows. */
const own = (of: number) => String.fromCharCode(0x4e00 + of).repeat(12)
const rowsOf = (of: number) => Array.from({ length: 700 + (of % 7) * 400 }, (_, at) => at)

/** Bodies of 40 to 250 KB: masked here and there, left as they are, or mostly removed. */
const forms: readonly (readonly [string, (of: number) => string])[] = [
  ['application/json', of => JSON.stringify(rowsOf(of).map(at => ({ at, tel: '13800138000', note: own(of) })))],
  ['application/json', of => JSON.stringify(rowsOf(of).map(at => `${own(of)} ${at}`))],
  ['application/json', of => JSON.stringify({ tel: own(of).repeat(2000), note: own(of) })],
  [
    'application/x-ndjson',
    of =>
      rowsOf(of)
        .map(at => `{"at":${at},"note":"${own(of)}"}\n`)
        .join(''),
  ],
  ['text/csv', of => ['at,note,tel', ...rowsOf(of).map(at => `${at},${own(of)},13800138000`)].join('\r\n')],
  [
    'text/plain',
    of =>
      rowsOf(of)
        .map(at => `${at} ${own(of)}\n`)
        .join(''),
  ],
  [
    'application/xml',
    of =>
      `<list>${rowsOf(of)
        .map(at => `<row at="${at}">${own(of)}</row>`)
        .join('')}</list>`,
  ],
  [
    'text/html',
    of =>
      `<p>${rowsOf(of)
        .map(at => `<b>${at}</b> ${own(of)}`)
        .join('<br>')}</p>`,
  ],
]

/** With a length or in chunks, in one go or with pauses, as it is or packed. */
async function answer(of: number, response: ServerResponse): Promise<void> {
  const [type, make] = forms[of % forms.length]!
  const plain = Buffer.from(make(of))
  const isPacked = of % 5 === 0
  const body = isPacked ? gzipSync(plain, { level: 0 }) : plain
  response.setHeader('content-type', `${type}; charset=utf-8`)
  if (isPacked) response.setHeader('content-encoding', 'gzip')
  if (of % 3 === 0) return void response.end(body)
  const step = 20_000 + of * 977
  for (let at = 0; at < body.length; at += step) {
    response.write(body.subarray(at, at + step))
    if (of % 4 === 0) await wait(2)
  }
  response.end()
}

async function gatewayBefore(
  t: TestContext,
  ask: (of: number, response: ServerResponse) => unknown,
  pool: TestOptions['pool'],
) {
  const upstream = await startUpstream(({ url = '' }, response) => void ask(Number(url.slice(1)), response))
  const gateway = await startTestGateway({ upstream: upstream.url, pool: pool! })
  t.after(async () => {
    await gateway.close()
    await upstream.close()
  })
  const fetched = async (of: number) => {
    const response = await fetch(`${gateway.url}/${of}`)
    assert.equal(response.status, 200)
    return Buffer.from(await response.arrayBuffer())
  }
  return { port: gateway.port, fetched }
}

for (const pipelining of [1, 4]) {
  test(`answers of all forms, ${pipelining} at once on a connection, are what they are alone`, async t => {
    const { fetched } = await gatewayBefore(t, answer, { connections: 10, pipelining })
    const asked = Array.from({ length: 96 }, (_, of) => of)
    const alone: Buffer[] = []
    for (const of of asked) alone.push(await fetched(of))
    for (const of of asked) assert.ok(alone[of]!.includes(own(of)), `answer ${of}`)
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(asked.map(fetched))
      for (const of of asked) assert.ok(answers[of]!.equals(alone[of]!), `answer ${of}`)
    }
  })
}

test('an answer that leaves as it came waits behind another, and stays what it was', async t => {
  // little enough to leave in no block, and with its head enough to be read into a lent buffer
  const small = (of: number) => JSON.stringify(Array.from({ length: 420 }, () => own(of)))
  const padding = Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`x-padding-${at}`, 'x'.repeat(3000)]))
  const { port, fetched } = await gatewayBefore(
    t,
    async (of, response) => {
      if (of < 96) return void answer(of, response)
      if (of % 8 === 0) await wait(300)
      response.writeHead(200, { 'content-type': 'application/json', ...padding }).end(small(of))
    },
    { connections: 16 },
  )
  const behind = Array.from({ length: 7 }, (_, caller) => Array.from({ length: 8 }, (_, at) => 96 + caller * 8 + at))
  const clients = await Promise.all(behind.map(() => rawClient(port)))
  t.after(() => {
    for (const client of clients) client.destroy()
  })
  for (const [caller, asked] of behind.entries()) {
    clients[caller]!.write(asked.map(of => `GET /${of} HTTP/1.1\r\nhost: gw\r\n\r\n`).join(''))
  }
  for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 96 }, (_, of) => fetched(of)))
  for (const [caller, asked] of behind.entries()) {
    await clients[caller]!.settled()
    const came = clients[caller]!.received().toString()
    for (const of of asked) assert.ok(came.includes(small(of)), `answer ${of}`)
  }
})
