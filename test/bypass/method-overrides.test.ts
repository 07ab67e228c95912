import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()

test('headers by which frameworks take another method never reach the system', async () => {
  let seen = ''
  const names = [
    'x-http-method-override',
    'x-http-method',
    'x-method-override',
    'x-original-method',
    'x-original-url',
    'x-rewrite-url',
    'x-original-uri',
  ]
  const got = await ask(
    (socket, head) => {
      seen = head
      socket.write(answer('{}'))
    },
    { headers: names.map(name => `${name}: DELETE`) },
  )
  assert.equal(got.status, 200)
  assert.match(seen, /^GET /)
  assert.doesNotMatch(seen, /delete|override|original|rewrite/i)
})

for (const behind of [
  '?_method=DELETE',
  '?X-HTTP-Method-Override=PUT',
  '?$httpMethod=x',
  '?method=POST',
  '?_METHOD=put',
]) {
  test(`and so it is by parameter: ${behind}`, async () => {
    const got = await ask(answer('{}'), { behind })
    assert.deepEqual([got.status, got.calls], [400, 0])
  })
}

for (const method of [
  'get',
  'Get',
  'POST',
  'QUERY',
  'PROPFIND',
  'SEARCH',
  'REPORT',
  'MKCOL',
  'COPY',
  'PURGE',
  'TRACE',
  'TRACK',
  'DEBUG',
  'X',
  'OPTIONS',
]) {
  test(`the method ${method} is none that the route takes`, async () => {
    const got = await ask(answer('{}'), { method })
    assert.ok([400, 405].includes(got.status), String(got.status))
    assert.equal(got.calls, 0)
  })
}
