import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { createMasking } from '../../gateway/masking/engine.ts'
import type { Plan } from '../../gateway/policy/plan.ts'
import { multipart } from '../../plugins/formats/multipart.ts'
import { plugins } from '../../plugins/index.ts'
import { limits } from '../support/mask-body.ts'
import { planOf } from '../support/plan.ts'
import { id, people, tel } from './people-plan.ts'

const masking = createMasking(plugins)
const nothing = planOf({ types: {}, unlisted: 'keep' })

function run(plan: Plan, body: string | Buffer, cuts: readonly number[] = [], boundary: string | null = 'B') {
  const bytes = Buffer.from(body as string)
  const masker = masking.start(plan, multipart, { consumer: 't', purpose: 't' }, limits, { boundary })
  const out: Buffer[] = []
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    const piece = Buffer.from(bytes.subarray(from, to))
    out.push(...masker.write(piece).map(part => Buffer.from(part)))
    piece.fill(0x58)
    from = to
  }
  out.push(...masker.end().map(part => Buffer.from(part)))
  return { text: Buffer.concat(out).toString(), tally: masker.takeTally() }
}

const part = (headers: string, content: string) => `--B\r\n${headers}\r\n\r\n${content}\r\n`
const form = (name: string) => `Content-Disposition: form-data; name="${name}"`

const harmless = [
  `${part(form('a'), '1')}${part(form('b'), '')}--B--\r\n`,
  `${part('Content-Type: application/json', '{"a":[1,2]}')}--B--`,
  `--B\r\n\r\nplain text\r\nof two lines\r\n--B--\r\n`,
  `${part('Content-Type: text/csv; charset=utf-8', 'a,b\r\n1,2')}--B--\r\n`,
  `${part('Content-Type: multipart/mixed; boundary=CC', '--CC\r\nContent-Type: text/plain\r\n\r\nx\r\n--CC--')}--B--\r\n`,
  `${part(`${form('f')}; filename="a.txt"\r\nContent-Type: text/plain`, 'x--B y')}--B--\r\n`,
]

test('a body leaves as it came where nothing is masked, at every split', () => {
  for (const body of harmless) {
    assert.equal(run(nothing, body).text, body)
    for (let cut = 0; cut <= body.length; cut++) assert.equal(run(nothing, body, [cut]).text, body)
    fc.assert(
      fc.property(fc.array(fc.nat(body.length)), cuts => {
        assert.equal(
          run(
            nothing,
            body,
            cuts.sort((a, b) => a - b),
          ).text,
          body,
        )
      }),
      { numRuns: 30 },
    )
  }
})

test('each part is read in its own format', () => {
  const body = [
    part('Content-Type: application/json', `{"xm":"张三丰","tel":"${tel}"}`),
    part('Content-Type: text/csv', `姓名,身份证号\r\n李四光,${id}`),
    part('Content-Type: text/plain', `电话 ${tel}`),
    part(form('xm'), '王五一'),
    part(form('note'), `call ${tel}`),
  ]
  const { text, tally } = run(people, `${body.join('')}--B--\r\n`)
  for (const planted of ['三丰', '四光', '五一', tel, id]) assert.ok(!text.includes(planted), text)
  assert.match(text, /\{"xm":"张\*\*","tel":"\*\*\*"\}/)
  assert.match(text, /name="xm"\r\n\r\n王\*\*\r\n--B/)
  assert.ok(Object.keys(tally.fields).length > 0)
})

test('names and file names are read, and all other headers go', () => {
  const headers = `${form(`f ${tel}`)}; filename="${id}.txt"\r\nX-Student: 张三丰\r\nContent-Type: text/plain; x="${tel}"`
  const { text } = run(people, `${part(headers, 'x')}--B--\r\n`)
  for (const planted of ['三丰', tel, id]) assert.ok(!text.includes(planted), text)
  assert.match(
    text,
    /^--B\r\nContent-Disposition: form-data; name="[^"]*"; filename="[^"]*"\r\nContent-Type: text\/plain\r\n\r\nx\r\n--B--\r\n$/,
  )
})

test('a part that no format reads withholds the whole', () => {
  for (const headers of ['Content-Type: image/png', 'Content-Type: application/json']) {
    assert.throws(() => run(people, `${part(headers, '\x89PNG')}--B--`), Refusal)
  }
})

test('boundaries that two readers could see in two places withhold the body', () => {
  const good = part(form('a'), '1')
  const cases: Record<string, string> = {
    'no end': good,
    'text before the first': `preamble\r\n${good}--B--`,
    'text behind the last': `${good}--B--\r\nepilogue`,
    'a lone line feed before one': `${part(form('a'), 'x\n--B\nmore')}--B--`,
    'a lone carriage return before one': `${part(form('a'), 'x\r--B')}--B--`,
    'blanks behind one': `--B \r\n${form('a')}\r\n\r\n1\r\n--B--`,
    'a longer line that begins as one': `${part(form('a'), 'x\r\n--Bx')}--B--`,
    'a header twice': `${part(`${form('a')}\r\n${form('b')}`, '1')}--B--`,
    'a header over two lines': `${part(`Content-Disposition: form-data;\r\n name="a"`, '1')}--B--`,
    'an encoding of its own': `${part(`${form('a')}\r\nContent-Transfer-Encoding: base64`, 'eA==')}--B--`,
    'a range': `${part('Content-Range: bytes 0-1/2', 'ab')}--B--`,
    'another charset': `${part('Content-Type: text/plain; charset=gbk', 'ab')}--B--`,
    'three deep': `${part('Content-Type: multipart/mixed; boundary=C', '--C\r\nContent-Type: multipart/mixed; boundary=D\r\n\r\n--D\r\n\r\nx\r\n--D--\r\n--C--')}--B--`,
    'related parts': `${part('Content-Type: multipart/related; boundary=C', '--C\r\n\r\nx\r\n--C--')}--B--`,
  }
  for (const [what, body] of Object.entries(cases)) {
    for (const cuts of [[], [7], Array.from(body, (_, at) => at)])
      assert.throws(() => run(people, body, cuts), Refusal, what)
  }
  for (const boundary of [null, '', 'a b', tel, 'x'.repeat(71)]) {
    assert.throws(() => run(people, good, [], boundary), Refusal)
  }
})

test('the same leaves at every split', () => {
  const body = Buffer.from(
    `${part('Content-Type: application/json', `{"xm":"张三丰"}`)}${part(form('tel'), tel)}${part(`${form('f')}; filename*=UTF-8''${id}`, `姓名：李四光\r\n${tel}`)}--B--\r\n`,
  )
  const whole = run(people, body).text
  for (const planted of ['三丰', '四光', tel, id]) assert.ok(!whole.includes(planted), whole)
  for (let cut = 0; cut <= body.length; cut++) assert.equal(run(people, body, [cut]).text, whole)
})
