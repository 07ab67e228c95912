import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problemAnswer } from '../../gateway/exchange/refusal/problem.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'
const secret = '13800138000'

test('whoever opens a page is told in words what a program is told in JSON', async () => {
  const system = await startUpstream((_request, response) => {
    response.setHeader('content-type', 'application/pdf').end(`%PDF-1.4 ${secret}`)
  })
  const gateway = await startTestGateway({ upstream: system.url, config: { contact: '个保投诉 <0571-1>' } })
  const ask = (accept: string, lang: string, path = '/a') =>
    fetch(`${gateway.url}${path}`, { headers: { accept, 'accept-language': lang } })
  try {
    const page = await ask(browser, 'zh-CN,zh;q=0.9')
    assert.equal(page.status, 502)
    assert.equal(page.headers.get('content-type'), 'text/plain; charset=utf-8')
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(page.headers.get('content-language'), 'zh')
    const text = await page.text()
    assert.match(
      text,
      /^应答格式无法识别，已扣留\n\n代码：FORMAT_UNKNOWN\n记录编号：gw1-0:\d+\n.*：个保投诉 <0571-1>\n$/,
    )
    assert.ok(!text.includes(secret))
    assert.match(await (await ask(browser, 'en')).text(), /^The answer is in no format .*\n\nCode: FORMAT_UNKNOWN\n/)
    const asked = await (await ask(browser, 'en', `/a?tel=${secret}`)).text()
    assert.match(asked, /Code: PARAMETER_MASKED/)
    assert.ok(!asked.includes(secret))
  } finally {
    await gateway.close()
    await system.close()
  }
})

test('who is refused without a record is not asked for the number of one', () => {
  const told = (record: string | null) =>
    problemAnswer({ code: 'RECORDS_UNUSABLE', details: {}, record, contact: '0571-1', languages: 'zh', asText: true })
      .body
  assert.match(told(null), /\n如有疑问，请联系：0571-1\n$/)
  assert.match(told('gw1-0:7'), /记录编号：gw1-0:7\n如有疑问，请联系（并告知记录编号）：0571-1\n$/)
})

test('programs are told in JSON, whatever else they take', async () => {
  const system = await startUpstream((_request, response) => void response.end('%PDF-1.4 \u0000'))
  const gateway = await startTestGateway({ upstream: system.url })
  try {
    for (const accept of [
      '*/*',
      'application/json',
      'application/json, text/plain, */*',
      'application/problem+json, text/html',
    ]) {
      const answer = await fetch(`${gateway.url}/a`, { headers: { accept } })
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8', accept)
      assert.equal(((await answer.json()) as { code: string }).code, 'FORMAT_UNKNOWN')
    }
  } finally {
    await gateway.close()
    await system.close()
  }
})
