import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const inviting = {
  'cache-control': 'public, max-age=31536000, immutable, stale-while-revalidate=60',
  expires: 'Sat, 21 Nov 2099 09:30:00 GMT',
  'surrogate-control': 'max-age=600',
  'cdn-cache-control': 'max-age=600',
  pragma: 'cache',
  age: '5',
  vary: '*',
}

for (const behind of ['', '/x.css', '/x.js', '/logo.png', '/a.html', '?v=1.css']) {
  test(`no cache may keep an answer, whatever the system invites to: ${behind || 'an ordinary path'}`, async () => {
    for (const status of ['200 OK', '301 Moved', '404 Not Found', '500 Error']) {
      const got = await ask(answer(JSON.stringify(person), { ...inviting, location: '/x' }, status), { behind })
      assert.match(got.head, /^cache-control: no-store, private\r?$/im)
      assert.doesNotMatch(got.head, /^(expires|surrogate-control|cdn-cache-control|age|vary|pragma):/im)
    }
  })
}

test('refusals may be kept by no cache either', async () => {
  for (const behind of ['/../x', '?tel=1'])
    assert.match((await ask('', { behind })).head, /^cache-control: no-store, private\r?$/im)
})
