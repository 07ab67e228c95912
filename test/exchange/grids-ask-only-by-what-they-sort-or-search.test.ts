import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestGateway, type TestGateway } from '../support/start-gateway.ts'
import { startUpstream, type Upstream } from '../support/start-upstream.ts'

let upstream: Upstream
let gateway: TestGateway

before(async () => {
  upstream = await startUpstream(
    (_request, response) => void response.setHeader('content-type', 'application/json').end('{"data":[]}'),
  )
  const policy = 'system: upstream\nroutes:\n  - path: /list\n    methods: [GET, POST]\n'
  gateway = await startTestGateway({ upstream: upstream.url, policies: { 'systems/upstream.yaml': policy } })
})
after(async () => {
  await gateway.close()
  await upstream.close()
})

/** What a list sends when it is opened: of DataTables from 1.10 on, and before. */
const opened = [
  'draw=1&columns[0][data]=id&columns[0][name]=&columns[0][searchable]=true&columns[0][search][value]=&columns[0][search][regex]=false' +
    '&columns[1][data]=tel&columns[1][name]=tel&order[0][column]=0&order[0][dir]=asc&order[0][name]=&start=0&length=10&search[value]=',
  'sEcho=1&iColumns=2&sColumns=id,tel&mDataProp_0=id&mDataProp_1=tel&sSearch=&sSearch_1=&iSortCol_0=0&sSortDir_0=asc&iDisplayStart=0',
] as const

async function statuses(query: string): Promise<number[]> {
  const body = new URLSearchParams(query)
  const answers = [
    await fetch(`${gateway.url}/list?${query}`),
    await fetch(`${gateway.url}/list`, { method: 'POST', body }),
  ]
  for (const answer of answers) await answer.text()
  return answers.map(({ status }) => status)
}

test('a list opens, goes to its next page and searches by words, though it names masked columns', async () => {
  for (const query of [
    ...opened,
    opened[0].replace('start=0', 'start=10'),
    opened[0].replace('search[value]=', 'search[value]=%E5%BC%A0'),
    opened[0].replaceAll(/\[(\w+)\]/g, '.$1'),
  ])
    assert.deepEqual(await statuses(query), [200, 200], query)
})

for (const [what, query] of [
  ['sorts by a masked column', opened[0].replace('[column]=0', '[column]=1')],
  ['did so before DataTables 1.10', opened[1].replace('iSortCol_0=0', 'iSortCol_0=1')],
  ['sorts by a column that it only lists', 'sEcho=1&sColumns=id,tel&iSortCol_0=1'],
  ['sorts by what a column is called', 'draw=1&columns[0][data]=id&columns[0][name]=tel&order[0][column]=00'],
  ['says so in capitals, as .NET reads it', 'draw=1&Columns[1].Data=tel&Order[0].Column=1'],
  ['sorts by a name', opened[0].replace('order[0][name]=', 'order[0][name]=tel')],
  ['sorts by no number', opened[0].replace('[column]=0', '[column]=x')],
  ['searches a masked column', opened[0].replace('&columns[1][data]', '&columns[1][search][value]=1&columns[1][data]')],
  ['did so before', opened[1].replace('sSearch_1=', 'sSearch_1=138')],
  ['searches all columns for a piece of a number', opened[0].replace('search[value]=', 'search[value]=1380')],
  ['searches for a number where no masked column is named', 'draw=1&search[value]=13800138000'],
  ['may sort by a parameter of its own', `${opened[0]}&sortColumn=1`],
  ['asks for somebody beside', `${opened[0]}&tel=138`],
  ['is none, as nothing counts its requests', opened[0].replace('draw=1&', '')],
] as const) {
  test(`a list is refused that ${what}`, async () => {
    const calls = upstream.calls.length
    assert.deepEqual(await statuses(query), [403, 403], query)
    assert.equal(upstream.calls.length, calls)
  })
}
