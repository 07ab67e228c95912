import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id } = sentinel

for (const query of [
  'x=1&x=2',
  'x=1&X=2',
  'x=1&%78=2',
  'fields=idCard,tel',
  'select=id_card%20as%20x',
  '$select=idCard',
  'fields[]=tel',
  'include=guardian.tel',
  'expand=idCard',
  'columns=xm,sfzh',
  'projection={"idCard":1}',
  'query={students{alias:idCard}}',
  'query=query($t:String){students(tel:$t){id}}&variables={"t":"1"}',
]) {
  test(`a request that chooses masked fields, or reads two ways, is refused: ?${query}`, async () => {
    const got = await ask(answer('{}'), { behind: `?${encodeURI(query).replaceAll('%25', '%')}` })
    assert.ok([400, 403].includes(got.status), `${got.status} ${got.text}`)
    assert.equal(got.calls, 0)
  })
}

test('another format or version of an answer is read as what it is', async () => {
  const csv = `姓名,电话\n${sentinel.name},${mobile}\n`
  for (const [behind, body, type] of [
    ['?format=xml', `<r><tel>${mobile}</tel></r>`, 'application/xml'],
    ['?format=csv', csv, 'text/csv'],
    ['?v=2', `{"data":{"attributes":{"phone":"${mobile}","identity":"${id}"}}}`, 'application/vnd.api+json'],
    ['.xml', `<r><x>${id}</x></r>`, 'text/xml'],
    ['?pretty', `{\n  "tel" : "${mobile}"\n}`, 'application/json'],
  ] as const) {
    const got = await ask(answer(body, { 'content-type': type }), { behind, headers: [`accept: ${type}`] })
    assert.ok([200, 502].includes(got.status), behind)
  }
})

test('a value under a name that nobody bound is found by its look', async () => {
  for (const alias of ['x', 'a1', 'display', 'v', 'col_7', 'data', 'label'])
    assert.equal((await ask(answer(`{"${alias}":"${id}","y":["${mobile}"]}`))).status, 200)
})
