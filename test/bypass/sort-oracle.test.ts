import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()

for (const query of [
  'sort=tel',
  'sort=-tel',
  'sort=name,tel',
  'sort[0][field]=tel',
  'order=tel%20desc',
  'orderBy=idCard',
  '$orderby=tel%20asc',
  'sidx=tel&sord=asc',
  'columns[2][data]=tel&order[0][column]=2',
  'sort={"tel":1}',
  'groupBy=tel',
  'group=idCard',
  'distinct=tel',
  'facet=tel',
  'aggs={"a":{"terms":{"field":"tel"}}}',
  'having=count(tel)',
  'suggest=tel',
  'highlight=tel',
  'search_by=tel',
]) {
  test(`nobody orders, groups or counts by what they may not see: ?${query}`, async () => {
    const got = await ask(answer('{}'), { behind: `?${encodeURI(query).replaceAll('%25', '%')}` })
    assert.deepEqual([got.status, got.code, got.calls], [403, 'PARAMETER_MASKED', 0])
  })
}

test('a cursor with a value in it is masked where a detector can read it', async () => {
  const cursor = { tel: sentinel.mobile, id: 7 }
  for (const next of [JSON.stringify(cursor), `tel=${sentinel.mobile}&id=7`, `/list?after=${sentinel.mobile}`])
    assert.equal((await ask(answer(JSON.stringify({ rows: [], next })))).status, 200)
})
