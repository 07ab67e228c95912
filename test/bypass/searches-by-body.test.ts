import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround({
  policies: {
    'systems/upstream.yaml': 'system: upstream\nroutes:\n  - path: /**\n    methods: [GET, POST, PUT]\n',
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
  ['', 'columns[0][data]=tel&search[value]=x&draw=1'],
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

test('what writes, and what asks by a field that is no secret, goes on', async () => {
  for (const [behind, body, headers] of [
    ['/students', '{"xm":"张三","tel":"13912340987","orderNo":"7"}', json],
    ['/save.do', 'xm=%D5%C5&tel=139', form],
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
