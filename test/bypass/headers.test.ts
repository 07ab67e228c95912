import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id, email, name } = sentinel
const url = encodeURIComponent(name)
const base64 = Buffer.from(JSON.stringify(person)).toString('base64')

/** Headers that could carry a value to a caller or a browser, each with one in it. */
const headers: Record<string, string> = {
  etag: `"${id}"`,
  'last-modified': mobile,
  link: `</u/${mobile}>; rel=next`,
  'content-location': `/u/${id}`,
  'content-disposition': `attachment; filename="${id}.csv"; filename*=UTF-8''${url}${id}.csv`,
  'x-user': mobile,
  'x-user-name': url,
  'x-payload': base64,
  'server-timing': `db;desc="${mobile}"`,
  warning: `199 - "${mobile}"`,
  'www-authenticate': `Basic realm="${mobile}"`,
  'proxy-authenticate': `Basic realm="${mobile}"`,
  'authentication-info': `rspauth="${id}"`,
  refresh: `0; url=/u/${mobile}`,
  sourcemap: `/u/${mobile}.map`,
  'x-sourcemap': `/u/${mobile}.map`,
  'report-to': `{"endpoints":[{"url":"http://x/${mobile}"}]}`,
  nel: mobile,
  via: `1.1 ${mobile}`,
  server: mobile,
  'x-powered-by': mobile,
  age: mobile,
  expires: mobile,
  pragma: mobile,
  vary: mobile,
  'cache-control': `public, max-age=${mobile}`,
  'access-control-allow-origin': `http://${mobile}.example`,
  'access-control-expose-headers': mobile,
  'content-language': mobile,
  'content-md5': base64.slice(0, 24),
  digest: `sha-256=${base64}`,
  'retry-after': mobile,
  'x-total-count': mobile,
  'x-total-count ': mobile,
  allow: `GET, ${mobile}`,
  'alt-svc': `h2="${mobile}.example:443"`,
  'content-security-policy': `report-uri /u/${mobile}`,
  'set-cookie2': `a=${mobile}`,
  p3p: mobile,
  status: mobile,
  'x-forwarded-for': mobile,
  'transfer-encoding-x': mobile,
  __proto__x: mobile,
  'x-email': email,
}

for (const [header, value] of Object.entries(headers)) {
  test(`the header ${header} carries nothing out`, async () => {
    const got = await ask(answer('{}', { [header]: value }))
    assert.ok([200, 502].includes(got.status), String(got.status))
  })
}

test('many, long, folded, doubled and 8-bit headers carry nothing out', async () => {
  const odd = [
    answer('{}', { 'x-a': Array(200).fill(mobile) }),
    answer('{}', { 'x-a': mobile.repeat(5900) }),
    answer('{}', { 'x-a': `1\r\n ${mobile}` }),
    answer('{}', { 'content-type': [`application/json; x=${mobile}`, 'application/json'] }),
    answer('{}', { 'content-type': `application/json; name="${id}"` }),
    answer('{}', { 'content-type': `application/${mobile}+json` }),
    answer('{}', { 'content-type': `multipart/mixed; boundary=${mobile}` }),
    answer('{}', { 'content-disposition': [`inline; filename=${mobile}`, 'attachment'] }),
    answer('{}', { 'content-disposition': Buffer.from(`attachment; filename="${name}"`).toString('latin1') }),
  ]
  for (const bytes of odd) await ask(bytes)
})

test('nothing of a header is in what HEAD, errors and empty answers say', async () => {
  for (const status of ['204 No Content', '304 Not Modified', '404 Not Found', '500 Error', '401 Unauthorized'])
    await ask(answer('', headers, status))
  await ask(answer('', headers), { method: 'HEAD' })
})
