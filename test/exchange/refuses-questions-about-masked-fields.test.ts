import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream(
    ({ url }, response) =>
      void (url!.startsWith('/static/')
        ? response.setHeader('content-type', 'text/javascript').end('var a = 1')
        : response.setHeader('content-type', 'application/json').end('{"ok":1}')),
  )
  gateway = await startTestGateway({
    upstream: upstream.url,
    policies: {
      'systems/upstream.yaml': [
        'system: upstream',
        'assets: { paths: [/static/**], kinds: [scripts] }',
        'routes:',
        '  - path: /open/**',
        '  - path: /declared',
        '    query: { page: any, xh: student_number, tab: any, sort: any }',
        '  - path: /by/{tel}',
        '    params: { tel: cn_mobile }',
      ].join('\n'),
    },
  })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

const asking = [
  'tel=138',
  'TEL=138',
  't_e_l=138',
  '%EF%BD%94el=138',
  'tel__like=138',
  'telLike=138',
  'tel_gte=1',
  'minTel=1',
  'tel[like]=138',
  'filter[tel]=138',
  'filter.tel=138',
  'student.tel=138',
  'filter[student.tel][like]=138',
  '$filter=tel%20eq%20%27138%27',
  '$orderby=tel',
  'sort=tel',
  'sort=-tel',
  'sort=name,tel:desc',
  'order=tel%20desc',
  'sidx=tel&sord=asc',
  'columns[0][data]=tel',
  'anything=tel',
  'anything=-idCard',
  'task=tel%20eq%20138',
  'action=eq(tel,138)',
  'fields=name,id_card',
  'q=tel:138*',
  'query={"tel":"138"}',
  'where={"$or":[{"a":1},{"te%5Cu006c":{"$gt":""}}]}',
  'where={tel:138}',
  'x=%257B%2522tel%2522:1%257D',
  'x=tel%253D138',
  'x=%2525+tel%253D138',
  '{"tel":1}=1',
  'x[tel=1',
  'rql=eq(tel,13800138000)',
  'x=and(gt(age,3),like(tel,138))',
  'or=(tel.eq.138,id.eq.1)',
  'x=tel.like.138*',
  'and(tel.eq.138)',
  'tel%3E1',
  'tel%7E=1',
  'x=lower(tel)',
  'jsonpath=$..tel',
  'x=$.rows[?(@.tel)]',
  'xpath=//tel',
  'q=13800138000',
  'act=search&key=13800138000',
  'keyword=%2B86+138-0013-8000',
  'keyword=%25%2531%2533800138000%25',
  'search=11010519491231002X',
  '%E5%AF%BC%E5%B8%88%E5%A7%93%E5%90%8D=%E7%8E%8B%E4%B8%80',
  '%E7%9B%91%E6%8A%A4%E4%BA%BA%E6%89%8B%E6%9C%BA%E5%8F%B7=138',
  'guar_tel=138',
  'guarTelLike=138',
  'sort=guar_tel',
  'tel2=138',
]

for (const query of asking) {
  test(`the public may not ask ?${query}`, async () => {
    const before = upstream.calls.length
    const answer = await fetch(`${gateway.url}/open/list?${query}`)
    assert.equal(answer.status, 403, await answer.text())
    assert.equal(upstream.calls.length, before)
    assert.partialDeepStrictEqual((await gateway.records()).at(-1)!, { kind: 'refused', code: 'PARAMETER_MASKED' })
  })
}

for (const query of [
  'page=2',
  'q=%E5%BC%A0',
  'size=20&tab=overview',
  'telemetry=1',
  'sort=score',
  'x=100%25',
  'from=2026-01-01',
  'q=2026010001',
  'q=order(20)',
  'x=13800138000',
  'next=/tel/list',
  '_task=mail&_action=show',
  'module=phone&act=address',
  'tab=email',
]) {
  test(`the public may ask ?${query}`, async () => {
    const answer = await fetch(`${gateway.url}/open/list?${query}`)
    assert.equal(answer.status, 200, await answer.text())
  })
}

test('who was asked for is on record by a blind index, the same for one person, also where it was refused', async () => {
  const searched = async (path: string) => {
    await (await fetch(gateway.url + path)).text()
    return String((await gateway.records()).at(-1)!['searched'])
  }
  const asked = await searched('/open/list?tel=13800138000')
  assert.match(asked, /^cn_mobile@A3:[\w-]{22}$/)
  assert.equal(await searched('/by/138%200013%208000'), asked)
  assert.notEqual(await searched('/open/list?tel=13800138001'), asked)
  // a sex is nobody
  assert.equal(await searched('/open/list?xb=1'), 'sex@A2')
})

test('once a route declares its parameters, others are refused', async () => {
  for (const [query, status] of [
    ['page=1', 200],
    ['tab=tel', 200],
    ['sort=tel', 403],
    ['size=1', 400],
    ['Page=1', 400],
    ['page[x]=1', 400],
  ] as const) {
    const answer = await fetch(`${gateway.url}/declared?${query}`)
    assert.equal(answer.status, status, query)
  }
})

test('a parameter that would make another method of this one is refused', async () => {
  for (const name of ['_method', '$httpMethod', 'X-HTTP-Method-Override', 'method']) {
    const answer = await fetch(`${gateway.url}/open/list?${name}=DELETE`)
    assert.equal(answer.status, 400, name)
  }
})

test('a parameter in the path is what the route is about: it passes, and is on record as searched by', async () => {
  const answer = await fetch(`${gateway.url}/by/13800138000`)
  assert.equal(answer.status, 200)
  const record = (await gateway.records()).at(-1)!
  assert.match(String(record['searched']), /^cn_mobile@A3:[\w-]{22}$/)
  assert.ok(!JSON.stringify(record).includes('13800138000'))
})

test('a value long and odd on purpose costs no time to speak of', async () => {
  for (const value of [
    'a'.repeat(7000),
    '_'.repeat(7000),
    `a${'.'.repeat(7000)}`,
    '['.repeat(2500),
    '%25'.repeat(2000),
  ]) {
    const before = process.cpuUsage()
    await (await fetch(`${gateway.url}/open/list?sort=${encodeURI(value)}`)).text()
    const { user } = process.cpuUsage(before)
    assert.ok(user < 1_000_000, `${user} µs`)
  }
})

test('modules of a page are asked for by names that fields have too, and by no question', async () => {
  const asked = async (query: string) => (await fetch(`${gateway.url}/static/load.php?${query}`)).status
  assert.equal(await asked('modules=jquery%2Ccookie%2Cemail%7Cmediawiki.mobile%2Cuser%2Cname%2Ctel'), 200)
  assert.equal(await asked('modules=mobile'), 200)
  for (const query of ['tel=138', 'x=tel:138', 'where={"tel":"138"}']) assert.equal(await asked(query), 403, query)
})
