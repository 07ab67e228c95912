import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { workbook } from '../../gateway/demo/workbook.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const rows = Array.from({ length: 200 }, (_, at) => [`第${at * 7919}行`, 'x'.repeat(at % 50)])
const bodies: Record<string, readonly [type: string, body: string | Buffer]> = {
  '/event': ['text/event-stream', `data: ${'x'.repeat(2000)}\n\n`],
  '/page': ['text/html', `<!DOCTYPE html><p>${'x'.repeat(5000)}`],
  '/workbook': ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', workbook('s', rows)],
}
let upstream: Upstream
let narrow: TestGateway
let usual: TestGateway

before(async () => {
  upstream = await startUpstream((request, response) => {
    const [type, body] = bodies[request.url!]!
    response.setHeader('content-type', type).end(body)
  })
  narrow = await startTestGateway({ upstream: upstream.url, limits: { event: 1000, page: 4000, workbook: 2000 } })
  usual = await startTestGateway({ upstream: upstream.url })
})
after(async () => {
  await narrow.close()
  await usual.close()
  await upstream.close()
})

for (const path of Object.keys(bodies)) {
  test(`${path}: what is over the limit of gateway.yaml is withheld, and passes under the usual one`, async () => {
    const withheld = await fetch(narrow.url + path)
    assert.equal(withheld.status, 502)
    assert.equal(((await withheld.json()) as { code: string }).code, 'ANSWER_TOO_LARGE')
    const passes = await fetch(usual.url + path)
    assert.equal(passes.status, 200)
    await passes.arrayBuffer()
  })
}
