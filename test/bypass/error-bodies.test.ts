import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const { mobile, id, name } = sentinel
const stack = `java.sql.SQLException: Duplicate entry '${id}' for key 'sfzh'\n\tat Dao.find(${mobile}.java:1)\nrow: ${name}`

const bodies: [string, string | Buffer, Record<string, string>][] = [
  ['a stack trace', stack, { 'content-type': 'text/plain' }],
  [
    'a page with a stack trace',
    `<html><body><h1>500</h1><pre>${stack}</pre></body></html>`,
    { 'content-type': 'text/html' },
  ],
  ['a row in JSON', JSON.stringify(person), {}],
  [
    'words in JSON',
    JSON.stringify({
      message: `no ${mobile} (${id})`,
      detail: { trace: [`at ${mobile}`, stack.replaceAll(name, '')] },
    }),
    {},
  ],
  [
    'an echo in a problem',
    JSON.stringify({
      errors: [
        { field: 'tel', rejected: mobile },
        { field: 'xm', value: mobile },
      ],
    }),
    { 'content-type': 'application/problem+json' },
  ],
  [
    'SOAP',
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultstring>no ${mobile}</faultstring><detail><xm>${name}</xm></detail></s:Fault></s:Body></s:Envelope>`,
    { 'content-type': 'text/xml' },
  ],
  ['compressed words', gzipSync(stack), { 'content-type': 'text/plain', 'content-encoding': 'gzip' }],
  ['words labelled JSON', stack, {}],
  ['JSON labelled as a page', JSON.stringify(person), { 'content-type': 'text/html' }],
  ['JSON cut short', JSON.stringify(person).slice(0, -1), {}],
  ['words without a label', stack, { 'content-type': '' }],
  ['a picture', `\x89PNG\r\n\x1a\n${mobile}`, { 'content-type': 'image/png' }],
  ['a line of CSV', `xm,tel\n${name},${mobile}\n`, { 'content-type': 'text/csv' }],
]

for (const status of [
  '400 Bad Request',
  '401 Unauthorized',
  '404 Not Found',
  '409 Conflict',
  '422 No',
  '500 Error',
  '503 No',
  '599 Odd',
]) {
  test(`an error ${status.slice(0, 3)} keeps its status, and its words stay behind or are masked`, async () => {
    for (const [what, body, headers] of bodies) {
      const got = await ask(answer(body, headers, status))
      assert.equal(got.status, Number(status.slice(0, 3)), what)
    }
  })
}

test('the reason phrase of an upstream is not relayed', async () => {
  for (const status of [`200 ${mobile}`, `404 no ${id}`, `500 ${mobile}`, `299 ${mobile}`, '200', `200 ${name}`])
    await ask(answer('{}', {}, status))
})
