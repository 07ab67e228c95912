import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, wayAround } from '../support/way-around.ts'

/** A hundred people that the attacker does not know; the system answers any question about them. */
const people = Array.from({ length: 100 }, (_, at) => ({
  id: at,
  tel: `139${String(12_340_987 + at * 7919).padStart(8, '0')}`,
}))
const { ask } = wayAround()

type Found = { readonly status: number; readonly head: string; readonly text: string }

/** What the old system does with any of the ways to ask. */
function search(head: string): Buffer {
  const url = new URL(head.split(' ')[1]!, 'http://x')
  const asked = [...url.searchParams].flatMap(([name, value]) =>
    /tel|where|filter|q/i.test(name) ? (/1\d{2,10}/.exec(value) ?? []) : [],
  )
  const hits = people.filter(({ tel }) => asked.length === 0 || asked.some(prefix => tel.startsWith(prefix)))
  const body = JSON.stringify({ total: hits.length, rows: hits.slice(0, 3) })
  return answer(body, { etag: `"${hits.length}"`, 'x-total-count': String(hits.length) })
}

const ways: ((prefix: string) => string)[] = [
  prefix => `?tel=${prefix}`,
  prefix => `?tel__startswith=${prefix}`,
  prefix => `?telLike=${prefix}%25`,
  prefix => `?filter[tel][like]=${prefix}`,
  prefix => `?where={"tel":{"$regex":"^${prefix}"}}`,
  prefix => `?where[tel][$gte]=${prefix}00000000`,
  prefix => `?$filter=startswith(tel,'${prefix}')`,
  prefix => `?q=tel:${prefix}*`,
  prefix => `?rsql=tel==${prefix}*`,
  prefix => `?_where[tel_contains]=${prefix}`,
  prefix => `?%74el=${prefix}`,
  prefix => `?ｔｅｌ=${prefix}`,
  prefix => `/Students(tel='${prefix}')`,
  prefix => `/Students/$filter(tel eq '${prefix}')/$count`,
  prefix => `/tel=${prefix}`,
  prefix => `/{"tel":"${prefix}"}`,
  prefix => `?q=${Buffer.from(`{"where":{"tel":"${prefix}"}}`).toString('base64url')}`,
  prefix => `?filter=${encodeURIComponent(Buffer.from(`[{"tel":"${prefix}"}]`).toString('base64'))}`,
]

test('no way of asking by a masked field tells whether somebody is there', async () => {
  let told = 0
  const distinct = new Map<number, Set<string>>()
  for (const [at, way] of ways.entries()) {
    for (const prefix of ['1391', '1392', '13912340987', '13800000000']) {
      const got: Found = await ask((socket, head) => void socket.write(search(head)), {
        behind: encodeURI(way(prefix)),
      })
      if (got.status === 200) told++
      const seen = distinct.get(at) ?? new Set()
      // the number of the record is another each time
      seen.add(`${got.status} ${got.text.replace(/"record":"[^"]*"/, '')}`)
      distinct.set(at, seen)
    }
  }
  assert.equal(told, 0)
  for (const [at, seen] of distinct) assert.equal(seen.size, 1, ways[at]!('x'))
})

test('no value is asked by under a name that could mean it as well as something else', async () => {
  const asked = [
    '?sj=13912340987',
    '?dh=139-1234-0987',
    '?sj__in=13912340987',
    '?kh=6222021234567890128',
    '?code=11010519491231002X',
  ]
  for (const behind of [...asked, '?filter[dh]=13912340987', '?sj=%2513912340987%25']) {
    const got = await ask((socket, head) => void socket.write(search(head)), { behind })
    assert.deepEqual([got.status, got.code], [403, 'PARAMETER_MASKED'], behind)
  }
  for (const behind of ['?sj=2026-11-21', '?dh=DH-2026-7', '?kh=7', '?code=404', '?number=3', '?zh=CN'])
    assert.equal((await ask(answer('{}'), { behind })).status, 200, behind)
})

test('a path that holds signs and asks by nothing masked goes on', async () => {
  for (const behind of ['/Students(7)', "/Students(id='7')", '/a=b/c(d)', '/tel', '/list/tel(1)', '/{"page":1}']) {
    const got = await ask(answer('{}'), { behind: encodeURI(behind) })
    assert.equal(got.status, 200, behind)
  }
})

test('a record says by what was asked, and not what for', async () => {
  const behind = '?stuNo=20260001'
  const got = await ask((socket, head) => void socket.write(search(head)), { behind })
  assert.equal(got.status, 403)
})
