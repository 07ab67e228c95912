import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { CharsetCodec } from '../../gateway/exchange/charset/codec.ts'
import { startBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

const gb18030 = (text: string) => Buffer.from(new CharsetCodec('gb18030', 'markup').write(Buffer.from(text)))
const half = (at: string, color: string) =>
  `<div style="position:absolute;${at};width:50%;height:100%;background:${color}">`
const shown = `<html><head><meta charset="gb2312"><title>名单</title></head><body style="margin:0">${half('left:0', '#fff')}姓名：张三</div>${half('right:0', '#000')}</div>
<a id="next" href="/page" onclick="this.textContent='按过了';return false" style="position:absolute">下一页</a></body></html>`
const long = `<html><body><table><tr><th>姓名</th></tr>${'<tr><td>张三</td></tr>'.repeat(60_000)}</table></body></html>`

let system: Upstream
let marked: TestGateway
let plain: TestGateway

before(async () => {
  system = await startUpstream((asked, response) => {
    const html = (type: string, body: string | Buffer, headers = {}) =>
      void response.writeHead(200, { 'content-type': type, ...headers }).end(body)
    if (asked.url === '/page') return html('text/html; charset=gb2312', gb18030(shown))
    if (asked.url === '/long') return html('text/html; charset=utf-8', long)
    if (asked.url === '/saved')
      return html('text/html; charset=utf-8', shown, { 'content-disposition': 'attachment; filename=a.html' })
    if (asked.url === '/strict') return html('application/xhtml+xml', '<html xmlns="http://www.w3.org/1999/xhtml"/>')
    html('application/json', '{"xm":"张三"}')
  })
  const policy = `system: upstream
routes: [{ path: /page }, { path: /long }, { path: /saved }, { path: /strict }, { path: /data }]
`
  const options = { upstream: system.url, policies: { 'systems/upstream.yaml': policy } }
  marked = await startTestGateway({ ...options, system: { watermark: true }, config: { timezone: 'Asia/Shanghai' } })
  plain = await startTestGateway(options)
})
after(async () => {
  await marked?.close()
  await plain?.close()
  await system?.close()
})

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function ask({ port }: TestGateway, path: string, headers: Record<string, string> = browser): Promise<Buffer> {
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, resolve).on('error', reject).end()
  })
  assert.equal(response.statusCode, 200)
  return buffer(response)
}

/** What a page through `marked` has behind what the same page has without a watermark; every byte ahead of it is as it was. */
async function markOf(path: string, headers?: Record<string, string>): Promise<string> {
  const [with_, without] = [await ask(marked, path, headers), await ask(plain, path, headers)]
  assert.deepEqual(with_.subarray(0, without.length), without)
  return decodeURIComponent(with_.subarray(without.length).toString('ascii'))
}

const person = () => ({
  authorization: `Bearer ${marked.keys.staff}`,
  'veilgate-operator': 'u1203',
})

test('a page has behind its end who asks for it, from where and when, in its own charset', async () => {
  const mark = await markOf('/page')
  assert.match(mark, /^<div aria-hidden="true" style=".*"><\/div>$/)
  assert.match(mark, />anonymous<.*>127\.0\.0\.1<.*>\d{4}-\d\d-\d\d \d\d:\d\d</)
  const time = Date.parse(`${/>(\d{4}-\d\d-\d\d \d\d:\d\d)</.exec(mark)![1]!.replace(' ', 'T')}+08:00`)
  assert.ok(Math.abs(Date.now() - time) < 300_000, mark)
})

test('whoever is named as the operator stands in it, and the record counts its bytes', async () => {
  const got = (await ask(marked, '/page', { ...browser, ...person() })).toString('latin1')
  assert.match(decodeURIComponent(got.slice(got.indexOf('</html>'))), />u1203<.*>staff 127\.0\.0\.1</)
  const last = (await marked.records()).at(-1)!
  assert.deepEqual([last['operator'], (last['bytes'] as number[])[1]], ['u1203', got.length])
})

test('a long page has it once, behind its end', async () => {
  const got = (await ask(marked, '/long')).toString()
  assert.equal(got.split('aria-hidden').length, 2)
  assert.match(got, /<\/html><div aria-hidden[^<]*<\/div>$/)
})

test('what is no page of its own has none', async () => {
  for (const [path, headers] of [
    ['/data', browser],
    ['/saved', browser],
    ['/strict', browser],
    ['/page', { ...browser, 'sec-fetch-dest': 'empty' }],
    ['/page', { ...browser, 'x-requested-with': 'XMLHttpRequest' }],
    ['/page', { accept: '*/*' }],
  ] as const)
    assert.equal(await markOf(path, headers), '', `${path} ${JSON.stringify(headers)}`)
  for (const destination of ['document', 'iframe', 'frame'])
    assert.notEqual(await markOf('/page', { accept: '*/*', 'sec-fetch-dest': destination }), '', destination)
})

/** In each cell of 4 by 2 how many points two screenshots differ in. */
async function differences(page: Page, one: Buffer, other: Buffer): Promise<number[]> {
  const urls = [one, other].map(image => `data:image/png;base64,${image.toString('base64')}`)
  return page.evaluate(`(async () => {
    const points = await Promise.all(${JSON.stringify(urls)}.map(async url => {
      const image = new Image()
      image.src = url
      await image.decode()
      const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d')
      canvas.drawImage(image, 0, 0)
      return canvas.getImageData(0, 0, image.width, image.height)
    }))
    const [{ data, width, height }, { data: others }] = points
    const counts = Array(8).fill(0)
    for (let at = 0; at < data.length; at += 4) {
      if (Math.abs(data[at] - others[at]) < 8) continue
      const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)]
      counts[Math.floor(x / width * 4) + 4 * Math.floor(y / height * 2)]++
    }
    return counts
  })()`)
}

test('in a browser it is seen everywhere, on light and on dark, and takes no clicks', async t => {
  const started = await startBrowser()
  if ('unavailable' in started) return t.skip(started.unavailable)
  t.after(() => started.browser.close())
  const page = await started.browser.newPage({ viewport: { width: 1200, height: 800 } })
  await page.goto(`${plain.url}/page`)
  const without = await page.screenshot()
  await page.goto(`${marked.url}/page`)
  const with_ = await page.screenshot()
  if (process.env['WATERMARK_PNG'] !== undefined) await writeFile(process.env['WATERMARK_PNG'], with_)
  const counts = await differences(page, with_, without)
  assert.ok(
    counts.every(count => count > 300),
    counts.join(),
  )
  await page.click('#next')
  assert.equal(await page.innerText('#next'), '按过了')
  assert.doesNotMatch(await page.innerText('body'), /127\.0\.0\.1/)
})
