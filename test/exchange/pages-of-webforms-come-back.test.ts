import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { nodesOf } from '../../plugins/formats/update-panel/nodes.ts'
import { startBrowser } from '../support/browser.ts'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { people, startWebForms, type WebForms } from '../support/start-webforms.ts'

const policies = {
  'systems/upstream.yaml': `system: upstream
charset: gbk
routes:
  - path: /List.aspx
    methods: [GET, POST]
  - path: /Find.aspx
    query: { page: any }
`,
}

let system: WebForms
let gateway: TestGateway

before(async () => {
  system = await startWebForms()
  gateway = await startTestGateway({ upstream: system.url, policies })
})
after(async () => {
  await gateway?.close()
  await system?.close()
})

const gbk = new TextDecoder('gbk')

async function opened(url = gateway.url, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`${url}/List.aspx`, { headers })
  assert.equal(answer.status, 200)
  return gbk.decode(await answer.arrayBuffer())
}

/** The hidden fields of a page, as a browser sends them back. */
function fieldsIn(page: string): URLSearchParams {
  const inputs = page.matchAll(/<input type="hidden" name="([^"]*)"[^>]* value="([^"]*)"/g)
  return new URLSearchParams(Array.from(inputs, ([, name, value]) => [name!, value!]))
}

function nextPage(page: string): URLSearchParams {
  const fields = fieldsIn(page)
  fields.set('__EVENTTARGET', 'GridView1')
  fields.set('__EVENTARGUMENT', 'Page$2')
  fields.set('ctl00$main$txtName', '')
  return fields
}

const post = (body: URLSearchParams | FormData | string, headers: Record<string, string> = {}, url = gateway.url) =>
  fetch(`${url}/List.aspx`, { method: 'POST', body, headers })

async function refused(answer: Response): Promise<void> {
  const asked = system.posted.length
  assert.equal(((await answer.json()) as { code: string }).code, 'PAGE_STATE_UNUSABLE')
  assert.equal(answer.status, 403)
  assert.equal(system.posted.length, asked)
}

/** All that stands in a text in base64, whatever it is padded with. */
function decodedIn(text: string): Buffer {
  const runs = text.matchAll(/[\w+/-]{8,}=*/g)
  return Buffer.concat(
    Array.from(runs, ([run]) => [0, 1, 2, 3].map(from => Buffer.from(run.slice(from), 'base64'))).flat(),
  )
}

describe('a page of WebForms', () => {
  test('goes to its next page: the system gets its state back as it gave it', async () => {
    const answer = await post(nextPage(await opened()))
    const page = gbk.decode(await answer.arrayBuffer())
    assert.equal(answer.status, 200)
    assert.ok(page.includes('<span id="lblPage">2</span>'), page)
    const sent = new URLSearchParams(system.posted.at(-1)!.toString('latin1'))
    assert.equal(sent.get('__VIEWSTATE'), system.states.at(-2))
  })

  test('does so with a form in GBK, whose other fields go on byte for byte', async () => {
    const fields = nextPage(await opened()).toString()
    // 三班 in GBK
    const answer = await post(`${fields}&bj=%C8%FD%B0%E0+%2b`, {
      'content-type': 'application/x-www-form-urlencoded; charset=gbk',
    })
    assert.equal(answer.status, 200)
    assert.ok(system.posted.at(-1)!.toString().endsWith('&bj=%C8%FD%B0%E0+%2b'))
    assert.ok(system.posted.at(-1)!.includes(`__VIEWSTATE=${encodeURIComponent(system.states.at(-2)!)}&`))
  })

  test('does so with files in its form', async () => {
    const form = new FormData()
    for (const [name, value] of nextPage(await opened())) form.set(name, value)
    form.set('file', new File(['vgs1.'], 'a.bin'))
    assert.equal((await post(form)).status, 200)
  })

  test('does so where its form is sent by GET, also where the route declares other parameters', async () => {
    const fields = fieldsIn(await opened())
    for (const name of ['__EVENTTARGET', '__EVENTARGUMENT', '__LASTFOCUS', '__SCROLLPOSITIONX']) fields.delete(name)
    const answer = await fetch(`${gateway.url}/Find.aspx?${fields}&page=1`)
    assert.equal(answer.status, 200)
    assert.equal(new URL(system.calls.at(-1)!.url, system.url).searchParams.get('__VIEWSTATE'), system.states.at(-2))
    assert.equal((await fetch(`${gateway.url}/Find.aspx?__VIEWSTATE=1`)).status, 400)
  })

  test('says nothing of anybody in its state, in whatever decoding', async () => {
    const raw = system.states.at(-1)!
    assert.ok(decodedIn(raw).includes('欧阳小凤'), 'the state would say it')
    const page = await opened()
    const found = [Buffer.from(page), decodedIn(page), Buffer.from(decodedIn(page).toString('latin1'), 'base64')]
    for (const { name, id, tel } of people) {
      for (const value of [name, id, tel]) {
        for (const bytes of [Buffer.from(value), Buffer.from(value, 'utf16le')])
          assert.ok(
            found.every(all => !all.includes(bytes)),
            value,
          )
      }
    }
    assert.ok(!page.includes(raw.slice(0, 24)))
  })

  test('is found in no record', async () => {
    const page = await opened()
    await post(nextPage(page))
    const said = JSON.stringify(await gateway.records()) + gateway.log.join()
    for (const [name, value] of fieldsIn(page)) if (value.length > 20) assert.ok(!said.includes(value), name)
    assert.ok(!said.includes('VIEWSTATE'))
  })

  test('of one caller does not open for another', async () => {
    const theirs = await opened(gateway.url, { authorization: `Bearer ${gateway.keys.staff}` })
    await refused(await post(nextPage(theirs)))
    const own = await post(nextPage(theirs), { authorization: `Bearer ${gateway.keys.staff}` })
    assert.equal(own.status, 200)
  })

  test('whose state was changed, or stands in another field, does not open', async () => {
    const page = await opened()
    for (const change of [
      (fields: URLSearchParams) => fields.set('__VIEWSTATE', fields.get('__VIEWSTATE')!.replace(/.$/, 'B')),
      (fields: URLSearchParams) => fields.set('__VIEWSTATE', `${fields.get('__VIEWSTATE')!}A`),
      (fields: URLSearchParams) => fields.set('remark', fields.get('__VIEWSTATE')!),
      (fields: URLSearchParams) => fields.set('__VIEWSTATE', fields.get('__EVENTVALIDATION')!),
    ]) {
      const fields = nextPage(page)
      change(fields)
      await refused(await post(fields))
    }
    await refused(await fetch(`${gateway.url}/List.aspx?x=${fieldsIn(page).get('__EVENTVALIDATION')}`))
  })

  test('tells a person at a browser what to do where its state does not open', async () => {
    const fields = nextPage(await opened())
    fields.set('__VIEWSTATE', `vgs1.${'A'.repeat(80)}`)
    const headers = { accept: 'text/html', 'accept-language': 'zh-CN', 'sec-fetch-mode': 'navigate' }
    const answer = await post(fields, headers)
    assert.match(await answer.text(), /页面状态已失效，或属于其他用户；请重新打开该页面再操作/)
  })

  test('posts a state that never went through the gateway as it is', async () => {
    const fields = nextPage(await opened())
    const answer = await post(
      new URLSearchParams([...fields].map(([name, value]) => [name, name === '__VIEWSTATE' ? 'dDwtMTA4MzQ=' : value])),
    )
    assert.equal(answer.status, 500)
    assert.equal(new URLSearchParams(String(system.posted.at(-1))).get('__VIEWSTATE'), 'dDwtMTA4MzQ=')
  })

  test('with a state of 1 MB, and one that is spread over fields, goes to its next page', async t => {
    for (const options of [{ extra: 1 << 20 }, { extra: 5000, split: 1000 }]) {
      const other = await startWebForms(options)
      t.after(() => other.close())
      const before = await startTestGateway({ upstream: other.url, policies })
      t.after(() => before.close())
      const page = await opened(before.url)
      assert.ok(page.length < other.states[0]!.length * 1.2 + 8192)
      const answer = await post(nextPage(page), {}, before.url)
      assert.equal(answer.status, 200, await answer.text())
    }
  })

  test('comes back also where all goes that no field names, with what the policy says is nobody’s', async t => {
    const before = await startTestGateway({
      upstream: system.url,
      policies: {
        'systems/upstream.yaml': `system: upstream
unlisted: remove
fields: { __SCROLLPOSITIONX: { not_personal: a place on the screen } }
routes:
  - path: /List.aspx
    methods: [GET, POST]
`,
      },
    })
    t.after(() => before.close())
    const page = await opened(before.url)
    assert.equal(fieldsIn(page).get('__SCROLLPOSITIONX'), '0')
    assert.equal((await post(nextPage(page), {}, before.url)).status, 200)
  })

  test('has parts of itself brought anew, and goes on from their state', async () => {
    const first = nextPage(await opened())
    first.set('__ASYNCPOST', 'true')
    const answer = await post(first, { 'x-microsoftajax': 'Delta=true' })
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=gb2312')
    const delta = gbk.decode(await answer.arrayBuffer())
    for (const { name, id, tel } of people)
      for (const value of [name, id, tel])
        assert.ok(!delta.includes(value) && !decodedIn(delta).includes(Buffer.from(value)), delta)
    const nodes = nodesOf(delta)
    assert.ok(
      nodes.some(({ type, content }) => type === 'updatePanel' && content.includes('<span id="lblPage">2</span>')),
    )
    assert.equal(nodes.find(({ type }) => type === 'formAction')!.content, '/List.aspx')
    for (const { type, id, content } of nodes) if (type === 'hiddenField') first.set(id, content)
    first.set('__EVENTARGUMENT', 'Page$3')
    const next = await (await post(first, { 'x-microsoftajax': 'Delta=true' })).arrayBuffer()
    assert.ok(gbk.decode(next).includes('<span id="lblPage">3</span>'))
    assert.equal(new URLSearchParams(String(system.posted.at(-1))).get('__VIEWSTATE'), system.states.at(-2))
    assert.equal((await gateway.records()).at(-1)!['format'], 'update_panel')
  })

  test('works in a browser', async t => {
    const started = await startBrowser()
    if ('unavailable' in started) return t.skip(started.unavailable)
    const browser: Browser = started.browser
    t.after(() => browser.close())
    const page = await browser.newPage()
    await page.goto(`${gateway.url}/List.aspx`)
    assert.equal(await page.innerText('#lblPage'), '1')
    await page.click('text=下一页')
    await page.waitForFunction("document.querySelector('#lblPage').innerText === '2'")
    assert.ok(!(await page.content()).includes('欧阳小凤'))
    await page.click('#GridView1_ctl01_lnk')
    await page.waitForFunction("document.querySelector('#lblPage').innerText === '1'")
    assert.equal(new URLSearchParams(String(system.posted.at(-1))).get('__EVENTTARGET'), 'GridView1$ctl01$lnk')
    await page.click('text=下一页')
    await page.waitForFunction("document.querySelector('#lblPage').innerText === '2'")
    await page.click('text=查询')
    await page.waitForFunction("document.querySelector('#lblPage').innerText === '1'")
  })
})
