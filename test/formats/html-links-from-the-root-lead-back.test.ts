import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PathBase } from '../../gateway/contracts.ts'
import { limits, masking } from '../support/mask-body.ts'
import { startTestGateway } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { people, tel } from './people-plan.ts'

const html = masking.chooseFormat('text/html', Buffer.from('<!DOCTYPE html>'))!

function read(page: string, pathBase: PathBase): string {
  const masker = masking.start(people, html, { consumer: 'tester', purpose: '' }, limits, { pathBase })
  return Buffer.concat([...masker.write(Buffer.from(page)), ...masker.end()]).toString()
}

test('links, forms and pictures of a system under a prefix lead to it', () => {
  const page =
    '<a href="/list.do?id=1#x">1</a><form action="/save"></form><img src=/a.png><a href="/">2</a><iframe srcdoc="&lt;a href=/b&gt;">'
  const shown =
    '<a href="/xg/list.do?id=1#x">1</a><form action="/xg/save"></form><img src="/xg/a.png"><a href="/xg/">2</a><iframe srcdoc="&lt;a href=&quot;/xg/b&quot;&gt;">'
  assert.equal(read(page, { inside: '', outside: '/xg' }), shown)
})

test('what is no path from the root, leads elsewhere or is there already stays', () => {
  const page =
    '<a href="list.do">1</a><a href="//other/x">2</a><a href="https://other/x">3</a><a href="#/x">4</a><a href="/xg/y">5</a><a href="/\\other">6</a><p title="/x">/x</p><script>fetch("/x")</script>'
  assert.equal(read(page, { inside: '', outside: '/xg' }), page)
})

test('a path that the system itself stands under is taken off', () => {
  const bases = { inside: '/app', outside: '' }
  assert.equal(read('<a href="/app/x">1</a><a href="/app">2</a>', bases), '<a href="/x">1</a><a href="/">2</a>')
  const page = '<a href="/apple">1</a><a href="/other/x">2</a><a href="/app//host/x">3</a>'
  assert.equal(read(page, bases), page)
})

test('what is personal in such a link is masked as in any', () => {
  assert.equal(read(`<a href="/u?tel=${tel}">1</a>`, { inside: '', outside: '/xg' }), '<a href="/xg/u?tel=***">1</a>')
})

test('through the gateway a page under a prefix can be clicked through', async t => {
  const upstream = await startUpstream(
    (request, response) =>
      void response.setHeader('content-type', 'text/html').end(`<p>${request.url}</p><a href="/next">next</a>`),
  )
  t.after(() => upstream.close())
  const gateway = await startTestGateway({ upstream: upstream.url, system: { prefix: '/xg' } })
  t.after(() => gateway.close())
  const first = await (await fetch(`${gateway.url}/xg/first`)).text()
  assert.equal(first, '<p>/first</p><a href="/xg/next">next</a>')
  const [, link] = /href="([^"]+)"/.exec(first)!
  assert.match(await (await fetch(gateway.url + link!)).text(), /^<p>\/next<\/p>/)
})
