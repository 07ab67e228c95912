import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentinel } from '../support/sentinels.ts'
import { answer, wayAround } from '../support/way-around.ts'

const around = wayAround()
const strict = wayAround({
  policies: { 'systems/upstream.yaml': 'system: upstream\nroutes:\n  - path: /{n}\n' },
})
const { mobile, id } = sentinel

test('attachments, pictures, prints and exports that cannot be read are withheld', async () => {
  const pdf = Buffer.from(`%PDF-1.4\n1 0 obj (${id}) endobj`)
  for (const [behind, type, bytes] of [
    ['/print.pdf', 'application/pdf', pdf],
    ['/photo.jpg', 'image/jpeg', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from(`\0\x10JFIF\0${mobile}`)])],
    ['/export.doc', 'application/msword', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), pdf])],
    ['/all.zip', 'application/zip', Buffer.from(`PK\x03\x04${id}`, 'latin1')],
    ['/dump.sql.gz', 'application/gzip', Buffer.from('1f8b0800', 'hex')],
    ['/attachment?f=1', 'application/octet-stream', pdf],
    ['/thumb', 'image/png', Buffer.from(`\x89PNG\r\n\x1a\n${mobile}`, 'latin1')],
  ] as const) {
    const headers = { 'content-type': type, 'content-disposition': `attachment; filename="${id}.pdf"` }
    const got = await around.ask(answer(bytes, headers), { behind })
    assert.deepEqual([got.status, got.code], [502, 'FORMAT_UNKNOWN'], behind)
  }
})

test('an old workbook that is none after all is withheld', async () => {
  const bytes = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from(mobile)])
  const got = await around.ask(answer(bytes, { 'content-type': 'application/vnd.ms-excel' }), { behind: '/export.xls' })
  assert.deepEqual([got.status, got.code], [502, 'FORMAT_MALFORMED'])
})

test('a path that no route names is not there', async () => {
  for (const behind of ['/print', '/attachments/1', '/export.xlsx']) {
    const got = await strict.ask(answer('{}'), { behind })
    assert.deepEqual([got.status, got.code, got.calls], [404, 'ROUTE_UNKNOWN', 0])
  }
})
