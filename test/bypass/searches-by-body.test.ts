import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround({
  policies: {
    'systems/upstream.yaml':
      'system: upstream\nroutes:\n  - path: /**\n    methods: [GET, POST, PUT, DELETE]\n' +
      '  - path: /{number}/stored/**\n    methods: [POST, PUT]\n    body: data\n' +
      '  - path: /{number}/asked\n    methods: [PUT]\n    body: query\n',
  },
})
const json = ['content-type: application/json']
const form = ['content-type: application/x-www-form-urlencoded']
const post = (behind: string, body: string, headers = json) =>
  around.ask(answer('{"total":1}'), { method: 'POST', behind, body, headers })

const questions: [behind: string, body: string][] = [
  ['/search', '{"tel":"139"}'],
  ['/students/queryByPage.do', '{"guardian":{"id_card":"3301"}}'],
  ['/list', '[{"sfzh":"330106"}]'],
  ['', '{"filter":{"tel":"139"}}'],
  ['', '{"where":{"$or":[{"a":1},{"\\u0074el":{"$gt":"139"}}]}}'],
  ['', '{"tel":"139","pageNum":1,"pageSize":10}'],
  ['', '{"conditions":[{"field":"tel","op":"like","value":"139%"}]}'],
  ['', '{"sort":"tel desc"}'],
  ['', '{"filter":{"tel":"1"},"filter":{}}'],
  ['', '{"query":{"term":{"idCard":"3301"}}}'],
  ['', '{"tel__like":"139"}'],
  ['', '{"q":"tel:139*"}'],
]

for (const [behind, body] of questions) {
  test(`a question by a masked field is refused in a body too: ${behind} ${body}`, async () => {
    const got = await post(behind, body)
    assert.deepEqual([got.status, got.code, got.calls], [403, 'PARAMETER_MASKED', 0], got.text)
  })
}

for (const [behind, body] of [
  ['/search', 'tel=139'],
  ['', 'tel=139&page=1'],
  ['', 'filter%5Btel%5D=139'],
  ['/find', '%B5%E7%BB%B0=139'],
  ['', 'columns[0][data]=tel&search[value]=139&draw=1'],
] as const) {
  test(`and in a form: ${behind} ${body}`, async () => {
    const got = await post(behind, body, form)
    assert.deepEqual([got.status, got.code, got.calls], [403, 'PARAMETER_MASKED', 0], got.text)
  })
}

test('GraphQL, where a field can be called anything, is refused', async () => {
  for (const [body, headers] of [
    ['{"query":"{ students { x: idCard } }"}', json],
    ['{"query":"query($t:String){ students(tel:$t){ id } }","variables":{"t":"139"}}', json],
    ['[{"query":"mutation { a }"}]', json],
    ['{ students { x: idCard } }', ['content-type: application/graphql']],
    [`query=${encodeURIComponent('{students{x:tel}}')}`, form],
  ] as const) {
    const got = await post('/graphql', body, headers as string[])
    assert.deepEqual([got.status, got.code, got.calls], [400, 'PARAMETER_UNDECLARED', 0], body)
  }
})

const xml = ['content-type: text/xml; charset=utf-8']
const parts = ['content-type: multipart/form-data; boundary=b']
const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const file =
  '--b\r\nContent-Disposition: form-data; name="f"; filename="tel.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n'

for (const [what, body, headers] of [
  [
    'SOAP',
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><q:find xmlns:q="u"><q:tel>139</q:tel></q:find></s:Body></s:Envelope>',
    xml,
  ],
  ['an attribute', '<find tel="139"/>', xml],
  ['a name in a value', '<find by="tel"><order>idCard desc</order></find>', xml],
  ['XML that says nothing of itself', '<find><sfzh>3301</sfzh></find>', []],
  ['a field of a form with files', `${part('campus', 'east')}${file}${part('tel', '139')}--b--\r\n`, parts],
  ['a filter in one', `${part('filter[tel]', '139')}--b--`, parts],
  ['a number', '{"tel":13912340987}', json],
  ['JSON that says nothing of itself', '{"tel":"139"}', ['content-type: text/plain']],
] as const) {
  test(`${what} asks as well`, async () => {
    const got = await post('', body, [...headers])
    assert.deepEqual([got.status, got.code, got.calls], [403, 'PARAMETER_MASKED', 0], got.text)
  })
}

test('a name in GBK is read in XML that declares it', async () => {
  const body = Buffer.concat([
    Buffer.from('<?xml version="1.0" encoding="GBK"?><find><'),
    Buffer.from([0xb5, 0xe7, 0xbb, 0xb0]),
    Buffer.from('>139</'),
    Buffer.from([0xb5, 0xe7, 0xbb, 0xb0]),
    Buffer.from('></find>'),
  ])
  const got = await around.ask(answer('{}'), { method: 'POST', body, headers: ['content-type: application/xml'] })
  assert.deepEqual([got.code, got.calls], ['PARAMETER_MASKED', 0], got.text)
})

test('a body that could ask and cannot be read is refused', async () => {
  for (const [body, headers, code] of [
    ['tel=139', ['content-type: application/octet-stream'], 'REQUEST_UNREADABLE'],
    ['tel=139', ['content-type: text/plain'], 'REQUEST_UNREADABLE'],
    ['tel 139', [], 'REQUEST_UNREADABLE'],
    ['{"tel":', ['content-type: text/plain'], 'REQUEST_UNREADABLE'],
    ['{"tel":"1"}', [...json, 'content-encoding: gzip'], 'REQUEST_UNREADABLE'],
    ['<a><tel>139</a>', xml, 'REQUEST_MALFORMED'],
    ['<!DOCTYPE a [<!ENTITY x "tel">]><a by="&x;"/>', xml, 'REQUEST_MALFORMED'],
    [part('campus', 'east'), parts, 'REQUEST_MALFORMED'],
    [`x\r\n${part('campus', 'east')}--b--`, parts, 'REQUEST_MALFORMED'],
    [`${part('a"; name="tel', '1')}--b--`, parts, 'REQUEST_MALFORMED'],
    [`${part('a', '1').replaceAll('\r\n', '\n')}--b--`, parts, 'REQUEST_MALFORMED'],
    [`${part('a', '1')}--b--\r\n${part('tel', '1')}`, parts, 'REQUEST_MALFORMED'],
    [part('a', '1'), ['content-type: multipart/form-data'], 'REQUEST_MALFORMED'],
    [`${part('a', '1')}--b--`, ['content-type: multipart/related; boundary=b'], 'REQUEST_UNREADABLE'],
  ] as const) {
    const got = await post('', body, [...headers])
    assert.deepEqual([got.code, got.calls], [code, 0], `${headers} ${body}`)
  }
})

test('a route says whether what is sent to it asks or is stored; of itself only PUT stores', async () => {
  for (const [method, behind, status] of [
    ['POST', '/stored/x', 200],
    ['PUT', '', 200],
    ['POST', '', 403],
    ['DELETE', '', 403],
    ['PUT', '/asked', 403],
  ] as const) {
    const got = await around.ask(answer('{}'), { method, behind, headers: json, body: '{"tel":"13912340987"}' })
    assert.equal(got.status, status, `${method} ${behind}`)
  }
})

test('who was asked for is on record, though it was refused', async () => {
  const got = await post('/search', '{"tel":"13912340987"}')
  assert.equal(got.code, 'PARAMETER_MASKED')
  const record = (await around.gateway.records()).findLast(({ kind }) => kind === 'refused')!
  assert.match(String(record['searched']), /^cn_mobile@A3:[\w-]{22}$/)
})

test('what is stored, and what asks by a field that is no secret, goes on', async () => {
  for (const [behind, body, headers] of [
    ['/stored/students', '{"xm":"张三","tel":"13912340987","orderNo":"7"}', json],
    ['/stored/save.do', 'xm=%D5%C5&tel=139', form],
    ['/stored/students', '<student><tel>13912340987</tel></student>', xml],
    ['/stored/upload', `${part('tel', '139')}${file}--b--\r\n`, parts],
    ['/stored/photo', '\x89PNG', ['content-type: image/png']],
    ['/search', '<find><campus>east</campus></find>', xml],
    ['/upload', `${part('campus', 'east')}${file}--b--\r\n`, parts],
    ['/search', '{"campus":"east","pageSize":10}', json],
    ['/search', 'campus=east', form],
    ['/search', '', json],
  ] as const) {
    const got = await post(behind, body, headers as string[])
    assert.equal(got.status, 200, `${behind} ${body}: ${got.text}`)
  }
})

test('a question that is allowed is on record by the type it asked by, and not by its value', async () => {
  const key = [
    `authorization: Bearer ${around.gateway.keys.staff}`,
    'veilgate-operator: u7',
    'veilgate-purpose: enrolment',
  ]
  const got = await post('/search', '{"sex":"男"}', [...json, ...key])
  assert.equal(got.status, 200, got.text)
  const record = (await around.gateway.records()).findLast(({ kind }) => kind === 'access')!
  assert.deepEqual(record['searched'], ['sex@A2'])
})
