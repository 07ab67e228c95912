import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id, name } = sentinel

const cookies = [
  `sid=${mobile}`,
  `u=${encodeURIComponent(name)}; Path=/`,
  `u=${Buffer.from(JSON.stringify(person)).toString('base64')}`,
  `u=${encodeURIComponent(JSON.stringify(person))}`,
  `sid=1; Path=/u/${mobile}`,
  `sid=1; Domain=${mobile}.example`,
  `sid=1; Comment=${id}; Version=1`,
  `sid=1; Expires=${mobile}`,
  `sid=1; Max-Age=${mobile}`,
  `sid=1; SameSite=${mobile}`,
  `${mobile}=1`,
  `u${id}=1`,
  `__Host-u=${mobile}; Secure; Path=/`,
  `u="${mobile}"`,
  mobile,
  `=${mobile}`,
  `${encodeURIComponent(name)}=x`,
  `u_${Buffer.from(mobile).toString('hex')}=x`,
  `${Buffer.from(`tel:${mobile}`).toString('base64url')}=x`,
]

for (const cookie of cookies) {
  test(`a cookie tells nothing: ${cookie.slice(0, 40)}`, async () => {
    const got = await ask(answer('{}', { 'set-cookie': cookie }))
    assert.equal(got.status, 200)
    for (const [, again] of got.head.matchAll(/^set-cookie: (.*)$/gim)) assert.match(again!, /HttpOnly/)
  })
}

test('cookies of refusals, errors and redirects tell nothing', async () => {
  for (const status of ['302 Found', '404 Not Found', '500 Error', '204 No Content'])
    await ask(answer('', { 'set-cookie': cookies, location: '/x' }, status))
})
