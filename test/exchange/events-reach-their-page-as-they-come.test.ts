import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'
import { until } from '../support/until.ts'

let upstream: Upstream
let gateway: TestGateway
let stream: ServerResponse

const event = (at: number) => `id: ${at}\ndata: {"xm":"张三","tel":"13800138000"}\n\n`
const masked = (at: number) => `id: ${at}\ndata: {"xm":"张*","tel":"***"}\n\n`

before(async () => {
  upstream = await startUpstream((request, response) => {
    stream = response.setHeader('content-type', 'text/event-stream')
    if (request.url !== '/broken') response.write(event(0))
    else response.write(event(0).slice(0, 20), () => response.destroy())
  })
  gateway = await startTestGateway({ upstream: upstream.url })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

test('an event is with whoever listens before its system sends the next', { timeout: 20_000 }, async () => {
  const answer = await fetch(`${gateway.url}/events`)
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  let text = ''
  let at = 0
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (!text.endsWith(masked(at))) continue
    if (++at === 4) stream.end()
    else stream.write(event(at))
  }
  assert.equal(text, [0, 1, 2, 3].map(masked).join(''))
  const kinds = await until('the end on record', async () => {
    const all = (await gateway.records()).map(({ kind }) => kind)
    return all.at(-1) === 'close' ? all.slice(all.lastIndexOf('open')) : undefined
  })
  assert.equal(kinds[0], 'open')
  assert.ok(kinds.filter(kind => kind === 'window').length >= 4, kinds.join())
})

test('a stream that breaks before its first event is a problem with a code', { timeout: 20_000 }, async () => {
  const answer = await fetch(`${gateway.url}/broken`)
  assert.equal(answer.status, 502)
  assert.partialDeepStrictEqual(await answer.json(), { code: 'UPSTREAM_BROKEN' })
})
