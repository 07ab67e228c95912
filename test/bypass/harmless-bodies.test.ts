import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()

/** Bodies with nothing personal in them, in odd but lawful spellings: each comes out as it went in. */
const bodies: [type: string, body: string][] = [
  ['application/json', ' {"a" :\t1 ,\r\n"b":[ ],"c":{ },"d":"\\u0041\\/\\ud83d\\ude00","e":-0.0e+10,"a":null}\n'],
  ['application/json', '12345678901234567890'],
  ['application/json', '"2026-11-21T09:30:00.123+08:00 INV-2026-000123 v1.2.3 10.0.0.1"'],
  [
    'application/json',
    '[{"order":"202611210930001234","at":1763689800123,"id":"7f1c2f9e-8a2b-4c3d-9e4f-5a6b7c8d9e0f"}]',
  ],
  ['application/json', '{"课程":"高等数学","学分":4,"教室":"教三-305"}'],
  ['application/json', '\ufeff{"x":1}'],
  ['application/json', '{"tel@odata.type":"#Edm.String","photo@odata.mediaContentType":"image/png"}'],
  ['application/vnd.api+json', '{"data":[],"links":{"next":null}}'],
  ['application/x-ndjson', '{"a":1}\n\n{"a":2}\r\n[]\n'],
  [
    'application/xml',
    '<?xml version="1.0" encoding="UTF-8"?>\n<r a="1"  b=\'x\'><c/><d>&lt;&#65;</d><![CDATA[x<y]]></r>\n',
  ],
  ['text/xml', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ok/></s:Body></s:Envelope>'],
  ['text/csv', '课程,学分\r\n"高等数学, 上",4\r\n,\r\n"a""b",5'],
  ['text/csv', '\ufeffa;b\n1;2\n'],
  ['text/tab-separated-values', 'a\tb\n1\t2\n'],
  ['text/plain', 'All is well.\r\nBuild 1.2.3 of 2026-11-21, 42 tests.\n'],
  ['application/x-www-form-urlencoded', 'a=1&b=x+y&c=%e4%b8%ad&&d'],
  ['text/event-stream', ': hello\n\nid: 7\nevent: tick\ndata: {"n": 1}\n\ndata: a\ndata: b\n\n'],
  [
    'text/html',
    '<!DOCTYPE html>\n<html><head><title>课程</title></head><body><TABLE><tr><td>高等数学<td>4</TABLE>&nbsp;</body></html>',
  ],
]

for (const [type, body] of bodies) {
  test(`${type} without a personal value comes out as it went in: ${JSON.stringify(body).slice(0, 40)}`, async () => {
    const got = await ask(answer(body, { 'content-type': type }))
    assert.equal(got.status, 200, got.text)
    assert.equal(got.text, body)
    const zipped = await ask(answer(gzipSync(body), { 'content-type': type, 'content-encoding': 'gzip' }))
    assert.equal(zipped.text, body)
  })
}
