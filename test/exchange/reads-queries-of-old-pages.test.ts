import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { encodeChinese } from '../../gateway/exchange/query-charset.ts'
import { parseTarget, renderTarget } from '../../gateway/exchange/target.ts'
import { startTestGateway, type TestGateway, type TestOptions } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const audiences = `audiences:
  public: { 4: remove, 3: token, 2: partial, 1: clear }
  staff: { 4: partial, 3: clear, 2: clear, 1: clear }
  counsellor: { like: staff }
`
const systemIn = (charset: string) => `system: upstream
${charset}fields: { xm: person_name, bj: { not_personal: a class } }
routes: [{ path: /** }]
`

/** A gateway before a system that redirects from /go to where it is told, and else gives one row. */
async function startOld(t: { after(done: () => Promise<void>): void }, charset: string) {
  const upstream = await startUpstream((request, response) => {
    if (request.url === '/raw') response.writeHead(302, { location: 'list.asp?bj=\xbc\xc6\xcb\xe3' }).end()
    else if (request.url === '/go') response.writeHead(302, { location: 'list.asp?bj=%BC%C6%CB%E3' }).end()
    else response.setHeader('content-type', 'application/json; charset=utf-8').end('{"xm":"张三"}')
  })
  t.after(() => upstream.close())
  const catalogue =
    'data_types:\n  person_name: { title: { zh: 姓名, en: Name }, cell: A3, names: [姓名], forms: { token: { token: {} } } }\n'
  const policies: TestOptions['policies'] = {
    'audiences.yaml': audiences,
    'catalogue.yaml': catalogue,
    'systems/upstream.yaml': systemIn(charset),
  }
  const gateway: TestGateway = await startTestGateway({ upstream: upstream.url, policies })
  t.after(() => gateway.close())
  return { gateway, sent: () => upstream.calls.at(-1)!.url }
}

const get = (gateway: TestGateway, path: string) => fetch(gateway.url + path, { redirect: 'manual' })
const code = async (answer: Response) => ((await answer.json()) as { code: string }).code

test('a system in GBK gets queries of its own pages as they came', async t => {
  const { gateway, sent } = await startOld(t, 'charset: gbk\n')
  assert.equal((await get(gateway, '/list.asp?bj=%bc%c6%CB%E3&page=1')).status, 200)
  assert.equal(sent(), '/list.asp?bj=%BC%C6%CB%E3&page=1')
  assert.equal((await get(gateway, '/list.asp?bj=%E8%AE%A1%E7%AE%97')).status, 200)
  assert.equal(sent(), '/list.asp?bj=%E8%AE%A1%E7%AE%97', 'what its programs send in UTF-8 stays so')
  for (const path of ['/go', '/raw'])
    assert.match((await get(gateway, path)).headers.get('location')!, /\/list\.asp\?bj=%BC%C6%CB%E3$/)
})

test('what may not be asked may not be asked in GBK either', async t => {
  const { gateway } = await startOld(t, 'charset: gb2312\n')
  assert.equal(await code(await get(gateway, '/list.asp?xm=%D5%C5%C8%FD')), 'PARAMETER_MASKED')
  assert.equal(await code(await get(gateway, '/list.asp?%D0%D5%C3%FB=%D5%C5%C8%FD')), 'PARAMETER_MASKED')
})

test('a token comes back in the charset of the system', async t => {
  const { gateway, sent } = await startOld(t, 'charset: gbk\n')
  const { xm } = (await (await get(gateway, '/list.asp')).json()) as { xm: string }
  assert.doesNotMatch(xm, /张/)
  assert.equal((await get(gateway, `/list.asp?xm=${encodeURIComponent(xm)}`)).status, 200)
  assert.equal(sent(), '/list.asp?xm=%D5%C5%C8%FD')
})

test('without a charset in its policy a system gets UTF-8 only', async t => {
  const { gateway } = await startOld(t, '')
  assert.equal(await code(await get(gateway, '/list.asp?bj=%BC%C6%CB%E3')), 'TARGET_MALFORMED')
  for (const path of ['/go', '/raw']) assert.equal(await code(await get(gateway, path)), 'LOCATION_WITHHELD')
})

test('what is neither, or is written in a second way, is refused', () => {
  for (const query of ['a=%BC', 'a=%80', 'a=%FF%FF', 'a=%BC%00', '%A3%BD%FF=1', 'a=%81%30%81', 'b=%BC%C6&B=%BC%C6'])
    assert.throws(() => parseTarget(`/a?${query}`, undefined), Refusal, query)
})

test('whatever is accepted has one normal form, and reading that again gives the same', () => {
  const text = fc.string({
    unit: fc.constantFrom('学', '计', 'é', '€', '𠮷', 'a', '=', '&', '%', '+', ' ', '"'),
    maxLength: 6,
  })
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), values => {
      const raw = `/a?${values.map((value, at) => `${at}=${encodeChinese(value)}`).join('&')}`
      const target = parseTarget(raw, undefined)
      if (target.charset === undefined) return
      assert.deepEqual(
        target.parameters.map(({ value }) => value),
        values,
      )
      assert.equal(renderTarget(target.path, target.parameters, '', target.charset), raw)
    }),
    { numRuns: 500 },
  )
})
