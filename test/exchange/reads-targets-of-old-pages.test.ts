import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../gateway/errors.ts'
import { renderTarget } from '../../gateway/exchange/request/render-target.ts'
import { parseTarget, segmentsOf } from '../../gateway/exchange/request/target.ts'
import { encodeChinese, encodeUnits } from '../../gateway/exchange/request/target-charset.ts'
import { startTestGateway, type TestGateway, type TestOptions } from '../support/start-gateway.ts'
import { startUpstream } from '../support/start-upstream.ts'

const audiences = `audiences:
  public: { 4: remove, 3: token, 2: partial, 1: clear }
  staff: { 4: partial, 3: clear, 2: clear, 1: clear }
  counsellor: { like: staff }
`
const systemIn = (charset: string) => `system: upstream
${charset}fields: { xm: person_name, bj: { not_personal: a class } }
routes:
  - path: /**
  - path: /模/list.asp
  - path: /find.asp
    methods: [POST]
  - path: /save.asp
    methods: [POST]
    body: data
  - path: /of/{name}
    params: { name: person_name }
`

/** A gateway before a system that redirects from /go to where it is told, and else gives one row. */
async function startOld(t: { after(done: () => Promise<void>): void }, charset: string) {
  let posted = Buffer.alloc(0)
  const upstream = await startUpstream(async (request, response) => {
    posted = await buffer(request)
    if (request.url === '/%D1%A7%C9%FA/go') response.writeHead(302, { location: 'list.asp' }).end()
    else if (request.url === '/raw') response.writeHead(302, { location: 'list.asp?bj=\xbc\xc6\xcb\xe3' }).end()
    else if (request.url === '/go') response.writeHead(302, { location: 'list.asp?bj=%BC%C6%CB%E3' }).end()
    else response.setHeader('content-type', 'application/json; charset=utf-8').end('{"xm":"张三"}')
  })
  t.after(() => upstream.close())
  const catalogue =
    'data_types:\n  person_name: { title: { zh: 姓名, en: Name }, cell: A3, names: [姓名], forms: { token: { token: {} } } }\n  home_address: { title: { zh: 住址, en: Address }, cell: A3, names: [住址] }\n'
  const policies: TestOptions['policies'] = {
    'audiences.yaml': audiences,
    'catalogue.yaml': catalogue,
    'systems/upstream.yaml': systemIn(charset),
  }
  const gateway: TestGateway = await startTestGateway({ upstream: upstream.url, policies })
  t.after(() => gateway.close())
  return { gateway, sent: () => upstream.calls.at(-1)!.url, posted: () => String(posted) }
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

test('what asks by a masked field in GBK, and is fine as UTF-8 by chance, is refused', async t => {
  for (const charset of ['charset: gbk\n', '']) {
    const { gateway } = await startOld(t, charset)
    for (const query of [
      '%D7%A1%D6%B7=1',
      '%D7%A1%D6%B7_like=1',
      'sort=%D7%A1%D6%B7',
      'page=1&order=%D7%A1%D6%B7%20desc',
    ])
      assert.equal(await code(await get(gateway, `/list.asp?${query}`)), 'PARAMETER_MASKED', query)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const body of ['%D7%A1%D6%B7=1', 'sort=%D7%A1%D6%B7']) {
      const asked = await fetch(`${gateway.url}/find.asp`, { method: 'POST', body, headers })
      assert.equal(await code(asked), 'PARAMETER_MASKED', body)
    }
    assert.equal((await get(gateway, '/list.asp?%E7%8F%AD%E7%BA%A7=%E4%B8%80%E7%8F%AD')).status, 200)
  }
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

test('a system in GBK gets paths of its own pages as they came', async t => {
  const { gateway, sent } = await startOld(t, 'charset: gbk\n')
  assert.equal((await get(gateway, '/%d1%a7%C9%FA/%D5A%28.asp?bj=%BC%C6')).status, 200)
  assert.equal(sent(), '/%D1%A7%C9%FA/%D5A%28.asp?bj=%BC%C6')
  assert.equal((await get(gateway, '/%E5%AD%A6%E7%94%9F/list.asp')).status, 200)
  assert.equal(sent(), '/%E5%AD%A6%E7%94%9F/list.asp', 'what browsers send in UTF-8 stays so')
  const moved = await get(gateway, '/%D1%A7%C9%FA/go')
  assert.match(moved.headers.get('location')!, /\/%D1%A7%C9%FA\/list\.asp$/, 'and leads on beside where it was')
})

test('a path in GBK is held to the route that names it, also where its bytes are UTF-8 by chance', async t => {
  const { gateway } = await startOld(t, 'charset: gbk\n')
  assert.equal(await code(await get(gateway, '/%C4%A3/list.asp')), 'TARGET_MALFORMED')
  assert.equal((await get(gateway, '/%E6%A8%A1/list.asp')).status, 200)
})

test('a token in a path comes back in the charset of the system', async t => {
  const { gateway, sent } = await startOld(t, 'charset: gbk\n')
  const { xm } = (await (await get(gateway, '/list.asp')).json()) as { xm: string }
  assert.equal((await get(gateway, `/of/${encodeURIComponent(xm)}`)).status, 200)
  assert.equal(sent(), '/of/%D5%C5%C8%FD')
})

test('without a charset in its policy a system gets paths in UTF-8 only, and nothing that went through escape', async t => {
  const { gateway } = await startOld(t, '')
  for (const path of ['/%D1%A7%C9%FA/list.asp', '/list.asp?bj=%u8BA1%u7B97'])
    assert.equal(await code(await get(gateway, path)), 'TARGET_MALFORMED')
})

test('a path that is neither, or could be two, is refused', () => {
  for (const path of [
    '/%D1',
    '/%80',
    '/%FF%FF',
    '/%D5%5C',
    '/%D5%5c/x',
    '/%A3%AF',
    '/%D1%A7%2F',
    '/%D1%A7/..',
    '/%E5%AD%A6/%D1',
    '/%C0%AF',
    '/%C0%AE%C0%AE/x',
  ])
    assert.throws(() => parseTarget(path, undefined), Refusal, path)
})

test('what went through escape reaches the system so, and is read', async t => {
  const { gateway, sent } = await startOld(t, 'charset: gbk\n')
  assert.equal((await get(gateway, '/list.asp?bj=%u8ba1%u7B97%20%u0041&page=1')).status, 200)
  assert.equal(sent(), '/list.asp?bj=%u8BA1%u7B97%20A&page=1')
  assert.equal(await code(await get(gateway, '/list.asp?%u59D3%u540D=%u5F20')), 'PARAMETER_MASKED')
  assert.equal(await code(await get(gateway, '/list.asp?%u0078m=%u5F20')), 'PARAMETER_MASKED')
  assert.equal(await code(await get(gateway, '/list.asp?sort=%25u0078m')), 'PARAMETER_MASKED', 'escaped twice too')
})

test('what no escape writes is refused', () => {
  for (const query of [
    'a=%u5F2',
    'a=%U5F20',
    'a=%uD83D',
    'a=%u5F20%BC%C6',
    'a=%u5F20&b=%E5%AD%A6',
    'a=%u0000',
    '%u0025=1',
    'a=1&%u0061=2',
  ])
    assert.throws(() => parseTarget(`/a?${query}`, undefined), Refusal, query)
  assert.throws(() => parseTarget('/%u5F20', undefined), Refusal)
})

test('a form that went through escape is read, and passes as it came', async t => {
  const { gateway, posted } = await startOld(t, 'charset: gbk\n')
  const post = (path: string, body: string) =>
    fetch(gateway.url + path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  assert.equal((await post('/find.asp', 'bj=%u8ba1+%u7b97&n=1')).status, 200)
  assert.equal(posted(), 'bj=%u8ba1+%u7b97&n=1')
  for (const body of ['xm=%u5F20', '%u59D3%u540D=x', '%u0078m=x'])
    assert.equal(await code(await post('/find.asp', body)), 'PARAMETER_MASKED', body)
  for (const body of ['bj=%BC%C6&%u0078m=x', 'bj=%E5%AD%A6&%u0078m=x', 'bj=%uD83D'])
    assert.equal(await code(await post('/find.asp', body)), 'REQUEST_UNREADABLE', body)
  const { xm } = (await (await get(gateway, '/list.asp')).json()) as { xm: string }
  assert.equal((await post('/save.asp', `bj=%u8BA1&xm=${encodeURIComponent(xm)}`)).status, 200)
  assert.equal(posted(), 'bj=%u8BA1&xm=%u5F20%u4E09')
})

test('what is neither, or is written in a second way, is refused', () => {
  for (const query of ['a=%BC', 'a=%80', 'a=%FF%FF', 'a=%BC%00', '%A3%BD%FF=1', 'a=%81%30%81', 'b=%BC%C6&B=%BC%C6'])
    assert.throws(() => parseTarget(`/a?${query}`, undefined), Refusal, query)
})

const text = fc.string({
  unit: fc.constantFrom('学', '计', 'é', '€', '𠮷', 'a', '=', '&', '%', '+', ' ', '"'),
  maxLength: 6,
})

test('whatever is accepted has one normal form, and reading that again gives the same', () => {
  for (const [encode, charset] of [
    [encodeChinese, 'gb18030'],
    [encodeUnits, 'escape'],
  ] as const)
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), values => {
        const raw = `/a?${values.map((value, at) => `${at}=${encode(value)}`).join('&')}`
        const target = parseTarget(raw, undefined)
        if (target.charset === undefined) return
        assert.equal(target.charset, charset)
        assert.deepEqual(
          target.parameters.map(({ value }) => value),
          values,
        )
        assert.equal(renderTarget(target.path, target.parameters, '', target.charset), raw)
      }),
      { numRuns: 500 },
    )
})

test('a path in GBK is read as what it says, and written as it came', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), values => {
      const names = values.map(value => `张${value.replaceAll('%', '')}`)
      const raw = `/${names.map(encodeChinese).join('/')}`
      const target = parseTarget(raw, undefined)
      assert.equal(target.pathCharset, 'gb18030')
      assert.deepEqual(segmentsOf(target.path), names)
      assert.equal(renderTarget(target.path, [], '', 'utf-8', target.pathCharset), raw)
    }),
    { numRuns: 500 },
  )
})
