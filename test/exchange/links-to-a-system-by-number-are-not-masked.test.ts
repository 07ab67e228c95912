import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limitRules, limitsFrom } from '../../gateway/config/limits.ts'
import { maskAnswer } from '../../gateway/exchange/response/answer.ts'
import { linksOf } from '../../gateway/exchange/response/links.ts'
import { fill } from '../../gateway/exchange/response/masked-body.ts'
import { BodyQueue } from '../../gateway/exchange/upstream/body.ts'
import { masking } from '../support/mask-body.ts'
import { mask, planOf } from '../support/plan.ts'

const plan = planOf({
  fields: {},
  types: { ip: { detector: 'ip_address', form: 'partial', mask: mask('keep_ends', { head: 2 }), cell: 'C2' } },
})
const parts = { masking, plan, limits: limitsFrom(limitRules), scope: { consumer: 'oa', purpose: '' } }

async function through(type: string, body: string, links: ReturnType<typeof linksOf>, cut: number): Promise<string> {
  const queue = new BodyQueue({ pause() {}, resume() {}, cancel() {} })
  for (const piece of [Buffer.from(body).subarray(0, cut), Buffer.from(body).subarray(cut)]) queue.push(piece)
  queue.end()
  const answer = { status: 200, headers: { 'content-type': type }, body: queue }
  const masked = await maskAnswer(answer, 'GET', { ...parts, links })
  while (!masked.ended) await fill(masked, Number.POSITIVE_INFINITY)
  return Buffer.concat(masked.blocks.take()).toString()
}

const bodies: readonly [type: string, body: (link: string, other: string) => string][] = [
  ['application/json', (link, other) => JSON.stringify({ next: `${link}/a?b=1`, seen: [`${link}/`, link], by: other })],
  ['application/json', (link, other) => JSON.stringify({ next: `${link}/a`, by: other }).replaceAll('/', '\\/')],
  ['application/xml', (link, other) => `<a href="${link}/a"><b>see ${link}/c</b><by>${other}</by></a>`],
  ['text/html', (link, other) => `<a href="${link}/a">see ${link}/c</a><p>${other}`],
  ['text/html', (link, other) => `<script>open('${link}/a')</script><img src="${link}/b"><p>${other}`],
  ['text/plain', (link, other) => `see ${link}/a\nfrom ${other}\n`],
  ['text/csv', (link, other) => `a,b\n${link}/a,${other}\n`],
]

test('links to a system that is known by its number lead to the gateway; other numbers are masked', async () => {
  const links = linksOf('http://10.0.0.5:8080', '', 'http://10.9.8.7/xg')
  for (const [type, body] of bodies) {
    const given = body('http://10.0.0.5:8080', '10.0.0.6')
    const shown = body('http://10.9.8.7/xg', '10******')
    for (let cut = 0; cut <= given.length; cut += 3) assert.equal(await through(type, given, links, cut), shown)
  }
})

test('without a public address they become paths', async () => {
  const links = linksOf('http://10.0.0.5:8080', '/app', '/xg')
  const given = '{"a":"http://10.0.0.5:8080/app/a","b":"http://10.0.0.5:8080/other"}'
  assert.equal(await through('application/json', given, links, 0), '{"a":"/xg/a","b":"http://10******:8080/other"}')
})
