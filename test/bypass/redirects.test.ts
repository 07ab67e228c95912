import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround()
const { ask } = around
const { mobile, id, name, email } = sentinel

const telling = [
  `/u/${mobile}`,
  `/u/u${id}.html`,
  `/find?tel=${mobile}`,
  `/find?q=${id}`,
  `/find?xm=${encodeURIComponent(name)}`,
  `/find#${mobile}`,
  `/${encodeURIComponent(email)}`,
  `/x?next=${encodeURIComponent(encodeURIComponent(`/u/${mobile}`))}`,
  `//${mobile}.example/`,
  `http://evil.example/?${id}`,
  `https://${mobile}@127.0.0.1/`,
  `javascript:alert("${mobile}")`,
  `data:text/plain,${mobile}`,
  `/a\tb${mobile}`,
  `\\\\evil.example\\${mobile}`,
  `/x?state=${Buffer.from(JSON.stringify(person)).toString('base64')}`,
  `/x/${Buffer.from(JSON.stringify({ xm: name, n: 1 })).toString('base64url')}/y`,
  `/x?state=${encodeURIComponent(Buffer.from(Buffer.from(`tel ${mobile}`).toString('base64')).toString('base64'))}`,
  `/x?h=${Buffer.from(id).toString('hex')}`,
  `/x#${Buffer.from(email).toString('base64url')}`,
  '',
]

for (const status of ['301 Moved', '302 Found', '303 See Other', '307 Temporary', '308 Permanent', '201 Created']) {
  test(`a redirect with ${status.slice(0, 3)} that tells something, or leads elsewhere, is withheld and not followed`, async () => {
    for (const location of telling) {
      const got = await ask(answer('', { location }, status))
      assert.equal(got.calls, 1)
      assert.doesNotMatch(got.head, /evil/)
      if (location !== '') assert.deepEqual([got.status, got.code], [502, 'LOCATION_WITHHELD'], location)
    }
  })
}

test('a redirect that hands on in base64 what says nothing of anybody goes on', async () => {
  const state = Buffer.from('{"next":"/list?page=2","sort":"xm","n":1}').toString('base64url')
  const got = await ask(answer('', { location: `/x?state=${state}&id=9f86d081884c7d659a2feaa0c55ad015` }, '302 Found'))
  assert.deepEqual([got.status, got.calls], [302, 1])
})

test('the body of a redirect or a choice is masked or withheld', async () => {
  for (const status of ['300 Multiple Choices', '302 Found', '307 Temporary'])
    for (const [body, type] of [
      [JSON.stringify(person), 'application/json'],
      [`<a href="/u/${mobile}">${mobile}</a>`, 'text/html'],
      [`moved to /u/${mobile}`, 'text/plain'],
    ] as const)
      assert.ok(
        [300, 302, 307, 502].includes(
          (await ask(answer(body, { location: '/x', 'content-type': type }, status))).status,
        ),
      )
})

test('two locations, and one on an answer that is no redirect, are read like any other', async () => {
  const two = await ask(answer('', { location: ['/a', `/u/${mobile}`] }, '302 Found'))
  assert.equal(two.code, 'LOCATION_WITHHELD')
  await ask(answer('{}', { location: `/u/${mobile}` }))
})

test('a redirect to the system leads through the gateway', async () => {
  const got = await ask(answer('', { location: `${around.upstream.url}/next?page=2` }, '302 Found'))
  assert.equal(got.status, 302)
  assert.match(got.head, /^location: \/next\?page=2\r?$/m)
})
