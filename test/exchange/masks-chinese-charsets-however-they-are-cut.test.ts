import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { limitRules, limitsFrom } from '../../gateway/config/limits.ts'
import { CharsetCodec } from '../../gateway/exchange/charset/codec.ts'
import { maskAnswer } from '../../gateway/exchange/response/answer.ts'
import { linksOf } from '../../gateway/exchange/response/links.ts'
import { fill } from '../../gateway/exchange/response/masked-body.ts'
import { BodyQueue } from '../../gateway/exchange/upstream/body.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import { plugins } from '../../plugins/index.ts'
import { mask, planOf } from '../support/plan.ts'

const parts = {
  masking: createMasking(plugins),
  limits: limitsFrom(limitRules),
  plan: planOf({
    fields: { 姓名: 'name', 手機: 'tel' },
    types: { name: { form: 'partial', mask: mask('keep_ends', { head: 1, tail: 0 }) }, tel: {} },
  }),
  scope: { consumer: 'oa', purpose: '' },
  links: linksOf('http://10.0.0.5', '', 'https://xg.example.edu.cn'),
}

async function through(type: string, body: Uint8Array, cuts: readonly number[]): Promise<Buffer> {
  const queue = new BodyQueue({ pause() {}, resume() {}, cancel() {} })
  const ends = [...cuts.map(cut => cut % (body.length + 1)).toSorted((one, other) => one - other), body.length]
  for (const [at, end] of ends.entries()) queue.push(body.subarray(ends[at - 1] ?? 0, end))
  queue.end()
  const masked = await maskAnswer({ status: 200, headers: { 'content-type': type }, body: queue }, 'GET', parts)
  while (!masked.ended) await fill(masked, Number.POSITIVE_INFINITY)
  return Buffer.concat(masked.blocks.take())
}

const bodies: [type: string, given: string, expected: string][] = [
  [
    'application/json',
    '{"姓名":"王小明","手機":"0912345678","u":"http:\\/\\/10.0.0.5\\/a","x":"中文，好"}',
    '{"姓名":"王**","手機":"***","u":"https:\\/\\/xg.example.edu.cn\\/a","x":"中文，好"}',
  ],
  ['text/csv', '姓名,手機,x\r\n王小明,0912345678,中文\r\n', '姓名,手機,x\r\n王**,***,中文\r\n'],
  [
    'text/xml',
    '<r><姓名>王小明</姓名><手機>0912345678</手機><x a="好"/></r>',
    '<r><姓名>王**</姓名><手機>***</手機><x a="好"/></r>',
  ],
  [
    'text/html',
    '<table><tr><th>姓名<th>手機<tr><td>王小明<td>0912345678</table><a href="http://10.0.0.5/a">好</a>',
    '<table><tr><th>姓名<th>手機<tr><td>王**<td>***</table><a href="https://xg.example.edu.cn/a">好</a>',
  ],
]

for (const charset of ['gbk', 'gb18030', 'big5'] as const) {
  const encoded = (text: string) => Buffer.from(new CharsetCodec(charset, 'text').write(Buffer.from(text)))
  for (const [type, given, expected] of bodies) {
    test(`${type} in ${charset} is masked alike at every split, and leaves in ${charset}`, async () => {
      const body = encoded(given)
      const label = `${type}; charset=${charset}`
      for (let cut = 0; cut <= body.length; cut++)
        assert.deepEqual(await through(label, body, [cut]), encoded(expected), `cut at ${cut}`)
      const cuts = fc.array(fc.nat(10_000), { maxLength: 8 })
      const alike = fc.asyncProperty(cuts, async at => {
        assert.deepEqual(await through(label, body, at), encoded(expected))
      })
      await fc.assert(alike, { numRuns: 50 })
    })
  }
}
