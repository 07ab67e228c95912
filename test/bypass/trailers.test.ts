import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile } = sentinel
const body = JSON.stringify(person)
const chunked = (headers: string, extension: string, trailers: string) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n${headers}\r\n` +
  `${Buffer.byteLength(body).toString(16)}${extension}\r\n${body}\r\n0\r\n${trailers}\r\n`

for (const [what, text] of Object.entries({
  'a declared trailer': chunked('trailer: x-tel\r\n', '', `x-tel: ${mobile}\r\n`),
  'an undeclared trailer': chunked('', '', `x-tel: ${mobile}\r\n`),
  'a trailer that names a header': chunked(
    'trailer: content-type\r\n',
    '',
    `content-type: text/${mobile}\r\nlocation: /${mobile}\r\n`,
  ),
  'a cookie as a trailer': chunked('', '', `set-cookie: a=${mobile}\r\n`),
  'a thousand trailers': chunked('', '', `x-tel: ${mobile}\r\n`.repeat(1000)),
  'an extension of a chunk': chunked('', `;tel=${mobile}`, ''),
  'an extension in quotes': chunked('', `;a="${mobile}"`, ''),
})) {
  test(`${what} stays behind`, async () => {
    const got = await ask(text, { headers: ['te: trailers'] })
    assert.ok([200, 502].includes(got.status))
    if (got.status === 200) assert.equal(JSON.parse(got.text).tel, '***')
    assert.doesNotMatch(got.head, /trailer/i)
  })
}
