import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import { rawClient } from '../support/raw-client.ts'
import { startTestGateway, type TestGateway, type TestRecord } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

let upstream: Upstream
let gateway: TestGateway
const waiting = new Map<string, (response: ServerResponse) => void>()

const line = (at: number) => `{"id":${at},"xm":"张三","tel":"13800138000","note":"${'x'.repeat(900)}"}\n`
const masked = (at: number) => `{"id":${at},"xm":"张*","tel":"***","note":"${'x'.repeat(900)}"}\n`
const lines = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join('')

before(async () => {
  upstream = await startUpstream((request, response) => {
    response.setHeader('content-type', 'application/x-ndjson')
    waiting.get(request.url!)!(response)
  })
  gateway = await startTestGateway({ upstream: upstream.url, timeouts: { idle: 1000 } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

async function recordsOf(open: TestRecord): Promise<TestRecord[]> {
  const id = `${open.log}:${open.seq}`
  return (await gateway.records()).filter(record => record['of'] === id)
}

async function lastOpen(): Promise<TestRecord> {
  return (await gateway.records()).findLast(({ kind }) => kind === 'open')!
}

/** Waits until the exchange's last entry is written. */
function ending(): Promise<TestRecord> {
  return until('the last entry', async () =>
    (await recordsOf(await lastOpen())).find(({ kind }) => kind === 'close' || kind === 'aborted'),
  )
}

test('an answer of 256 KiB leaves whole, with its length; one byte more leaves in windows', async () => {
  const text = (size: number) => JSON.stringify('y'.repeat(size - 2))
  waiting.set('/whole', response => void response.setHeader('content-type', 'application/json').end(text(256 * 1024)))
  waiting.set(
    '/long',
    response => void response.setHeader('content-type', 'application/json').end(text(256 * 1024 + 1)),
  )
  const whole = await fetch(`${gateway.url}/whole`)
  assert.equal(whole.headers.get('content-length'), String(256 * 1024))
  assert.equal((await whole.text()).length, 256 * 1024)
  assert.equal((await gateway.records()).at(-1)!.kind, 'access')
  const long = await fetch(`${gateway.url}/long`)
  assert.equal(long.headers.get('content-length'), null)
  assert.equal((await long.text()).length, 256 * 1024 + 1)
  assert.equal((await ending()).kind, 'close')
})

test('windows add up to the whole, and each is on record before its bytes are here', async () => {
  const count = 5000
  waiting.set('/export', response => void response.end(lines(count, line)))
  const answer = await fetch(`${gateway.url}/export`)
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body!) {
    text += decoder.decode(chunk, { stream: true })
    const sofar = (await recordsOf(await lastOpen())).filter(({ kind }) => kind === 'window')
    const recorded = sofar.reduce((sum, record) => sum + (record['bytes'] as number[])[1]!, 0)
    assert.ok(recorded >= Buffer.byteLength(text) - 4, `${recorded} on record, ${Buffer.byteLength(text)} here`)
  }
  assert.equal(text, lines(count, masked))
  const end = await ending()
  const windows = (await recordsOf(await lastOpen())).filter(({ kind }) => kind === 'window')
  assert.ok(windows.length >= 4)
  const rows = windows.reduce((sum, record) => sum + (record['rows'] as number), 0)
  assert.equal(rows, count)
  assert.partialDeepStrictEqual(end, {
    kind: 'close',
    rows: count,
    bytes: [Buffer.byteLength(lines(count, line)), Buffer.byteLength(text)],
  })
})

test('what is masked goes out when the upstream pauses, as soon as it is more than would leave whole', async () => {
  let more: (() => void) | null = null
  for (const rows of [400, 290]) {
    waiting.set('/slow', response => {
      response.write(lines(rows, line))
      more = () => void response.end(line(rows))
    })
    const answer = await fetch(`${gateway.url}/slow`)
    const reader = answer.body!.getReader()
    let size = 0
    const first = Buffer.byteLength(lines(rows, masked))
    while (size < first) size += (await reader.read()).value!.length
    assert.equal(size, first)
    more!()
    assert.equal(Buffer.from((await reader.read()).value!).toString(), masked(rows))
    assert.equal((await reader.read()).done, true)
  }
})

test('a fault after the first byte cuts the connection, and the record says aborted', async () => {
  for (const [path, spoil, code] of [
    ['/breaks', (response: ServerResponse) => void response.destroy(), 'UPSTREAM_BROKEN'],
    ['/lies', (response: ServerResponse) => void response.end('{"tel":"13800138000",}\n'), 'FORMAT_MALFORMED'],
    ['/stalls', () => {}, 'UPSTREAM_TIMEOUT'],
  ] as const) {
    waiting.set(path, response => void response.write(lines(400, line), () => setTimeout(spoil, 100, response)))
    const answer = await fetch(`${gateway.url}${path}`)
    assert.equal(answer.status, 200)
    let text = ''
    await assert.rejects(async () => {
      for await (const chunk of answer.body!) text += Buffer.from(chunk).toString('latin1')
    })
    assert.ok(text.length > 0 && !text.includes('13800138000'))
    assert.partialDeepStrictEqual(await ending(), { kind: 'aborted', code })
  }
})

test('a caller that takes nothing holds up its own upstream, not the memory of the gateway', async () => {
  let written = 0
  waiting.set('/endless', response => {
    const pour = () => {
      while (!response.destroyed && response.write(lines(50, line))) written += 50_000
      response.once('drain', pour)
    }
    pour()
  })
  const client = await rawClient(gateway.port)
  client.socket.pause()
  client.write('GET /endless HTTP/1.1\r\nhost: gw\r\n\r\n')
  let before = -1
  while (before !== written || written === 0) {
    before = written
    await new Promise(resolve => setTimeout(resolve, 300))
  }
  assert.ok(written < 64 << 20, `${written} bytes were taken`)
  client.destroy()
  assert.partialDeepStrictEqual(await ending(), { kind: 'aborted' })
  assert.equal((await ending())['code'], undefined)
})
