import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const { ask } = wayAround()
const body = JSON.stringify(person)
const { id, mobile } = sentinel

const documents = {
  'a vCard': `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:${person.xm}\r\nTEL:${mobile}\r\nEND:VCARD\r\n`,
  'a calendar': `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE;CN=${person.xm}:mailto:a@b.example\r\n`,
  LDIF: `version: 1\n\ndn: uid=7,ou=people\ncn:: ${Buffer.from(person.xm).toString('base64')}\ncn: ${person.xm}\n`,
  mail: `Subject: x\r\nTo: y\r\n\tz\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=31=33${mobile.slice(2)}\r\n`,
  'HL7 version 2': `MSH|^~\\&|HIS|H|LIS|H|20261123||ADT^A01|1|P|2.4\rPID|1||7||${person.xm}||19940813|F\r`,
  'a batch of HL7 version 2': `BHS|^~\\&|HIS\rMSH|^~\\&|HIS\rPID|1||7||${person.xm}\r`,
  'what GWT answers': `//OK[1,["java.util.ArrayList/4159755760","${person.xm}"],0,7]`,
  'a table as SYLK': `ID;PCALCOOO32\nC;X1;Y1;K"姓名"\nC;X2;Y1;K"诊断"\nC;X1;Y2;K"${person.xm}"\nC;X2;Y2;K"冠心病"\nE\n`,
  'a table as DIF': `TABLE\r\n0,1\r\n"EXCEL"\r\nDATA\r\n0,0\r\n""\r\n-1,0\r\nBOT\r\n1,0\r\n"${person.xm}"\r\n`,
  'a box of mail': `From a@b.example Sat Nov 21\nSubject: ${person.xm}\n`,
}

for (const [what, text] of Object.entries(documents)) {
  test(`${what} under a label of text, or none, is withheld`, async () => {
    for (const type of [
      'text/plain',
      'text/html',
      'text/csv',
      'application/octet-stream',
      'text/vcard',
      'message/rfc822',
      null,
    ]) {
      const got = await ask(answer(text, { 'content-type': type }))
      assert.equal(got.code, 'FORMAT_UNKNOWN', String(type))
    }
  })
}

const panel = `<table><tr><td>姓名</td></tr>\r\n<tr><td>${person.xm}</td></tr></table>`
const withLength = `${panel.length}|updatePanel|p1|${panel}|`

for (const parts of [`1|#||4|${withLength}`, withLength]) {
  test(`parts of a page (${parts.slice(0, 6)}…) are masked as such under a label of text, or none, or withheld`, async () => {
    for (const type of ['text/plain', 'text/html', 'text/csv', 'application/octet-stream', 'text/x-any', null]) {
      const got = await ask(answer(parts, { 'content-type': type }))
      assert.equal(got.status, 200, String(type))
      assert.match(got.text, /^(?:1\|#\|\|4\|)?\d+\|updatePanel\|p1\|<table>/)
    }
    for (const type of ['application/json', 'text/xml', 'message/rfc822', 'text/javascript'])
      assert.equal((await ask(answer(parts, { 'content-type': type }))).status, 502, type)
    const wrong = parts.replace(/^(1\|#\|\|4\|)?\d/, '$19')
    assert.equal((await ask(answer(wrong, { 'content-type': 'text/plain' }))).code, 'FORMAT_MALFORMED')
  })
}

/** Labels for one and the same JSON. */
const labels = [
  null,
  '',
  'application/json',
  'Application/JSON ;a',
  'application/json\t; x=1',
  'application/json;charset',
  'application/vnd.x+json',
  'application/problem+json',
  'application/hal+json',
  'application/json-seq',
  'application/x-ndjson',
  'text/json',
  'text/plain',
  'text/html',
  'text/xml',
  'text/csv',
  'text/event-stream',
  'text/css',
  'text/javascript',
  'application/javascript',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/pdf',
  'application/zip',
  'application/grpc-web',
  'application/vnd.apache.arrow.stream',
  'image/png',
  'image/svg+xml',
  'font/woff2',
  'video/mp4',
  '*/*',
  'json',
  'application/json, text/html',
  'multipart/form-data; boundary=b',
  'message/http',
  'x'.repeat(5000),
]

for (const label of labels) {
  test(`JSON labelled ${JSON.stringify(label)?.slice(0, 50)} is masked or withheld`, async () => {
    const got = await ask(answer(body, { 'content-type': label }))
    assert.ok([200, 502].includes(got.status))
    assert.match(got.head, /x-content-type-options: nosniff/i)
  })
}

/** Bytes that are no text, or no text the label says, with a value in plain sight. */
const bytes: Record<string, Uint8Array> = {
  'a picture': Buffer.from(`\x89PNG\r\n\x1a\n${mobile}`, 'latin1'),
  'a PDF file': Buffer.from(`%PDF-1.7\n(${mobile}) Tj`),
  'a zip archive': Buffer.from(`PK\x03\x04${id}`, 'latin1'),
  'an old Excel file': Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from(id, 'utf16le')]),
  MessagePack: Buffer.concat([Buffer.from([0x81, 0xa3]), Buffer.from('tel'), Buffer.from([0xab]), Buffer.from(mobile)]),
  CBOR: Buffer.concat([Buffer.from([0xa1, 0x63]), Buffer.from('tel'), Buffer.from([0x6b]), Buffer.from(mobile)]),
  'a protocol buffer': Buffer.concat([Buffer.from([0x0a, 11]), Buffer.from(mobile)]),
  'a gRPC-web frame': Buffer.concat([Buffer.from([0, 0, 0, 0, 13, 0x0a, 11]), Buffer.from(mobile)]),
  BSON: Buffer.concat([
    Buffer.from([0x1a, 0, 0, 0, 2]),
    Buffer.from(`tel\0`),
    Buffer.from([12, 0, 0, 0]),
    Buffer.from(`${mobile}\0\0`),
  ]),
  'a class file': Buffer.concat([Buffer.from('cafebabe', 'hex'), Buffer.from(mobile)]),
  'serialised Java': Buffer.concat([Buffer.from('aced0005740b', 'hex'), Buffer.from(mobile)]),
  'an SQLite file': Buffer.from(`SQLite format 3\0${mobile}`),
}

for (const [what, content] of Object.entries(bytes)) {
  test(`${what} is withheld under any label`, async () => {
    for (const label of [
      'application/octet-stream',
      'application/json',
      'text/plain',
      'text/html',
      null,
      'image/png',
    ]) {
      const got = await ask(answer(content, { 'content-type': label }))
      assert.equal(got.status, 502, `${label}: ${got.text}`)
    }
  })
}
