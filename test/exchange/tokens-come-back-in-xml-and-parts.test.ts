import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Desk, openDesk, type Student } from './tokens-desk.ts'

let desk: Desk
let shown: Student
before(async () => {
  desk = await openDesk()
  shown = await desk.shown()
})
after(() => desk.close())

const boundary = 'part-7f2'
type Part = { readonly name: string; readonly value: string; readonly file?: string; readonly type?: string }

function inParts(parts: readonly Part[]): RequestInit {
  const written = parts.map(({ name, value, file, type }) => {
    const labels = `form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"`}`
    const kind = type === undefined ? '' : `Content-Type: ${type}\r\n`
    return `--${boundary}\r\nContent-Disposition: ${labels}\r\n${kind}\r\n${value}\r\n`
  })
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return { method: 'POST', headers, body: `${written.join('')}--${boundary}--\r\n` }
}

const inXml = (body: string, type = 'text/xml; charset=utf-8'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body,
})
const envelope = (inner: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inner}</s:Body></s:Envelope>`

async function refused(
  init: RequestInit,
  status: number,
  code: string,
  who: 'partner' | 'other' | 'staff' = 'partner',
) {
  const before = desk.upstream.calls.length
  const got = await desk.ask(who, '/visits', init)
  const text = await got.text()
  assert.deepEqual([got.status, (JSON.parse(text) as { code: string }).code], [status, code], text)
  assert.equal(desk.upstream.calls.length, before, 'the system was not asked')
  const record = (await desk.gateway.records()).at(-1)!
  assert.deepEqual([record.kind, record['code'], record['status']], ['refused', code, status])
  for (const value of ['2026010001', '13800138000', shown.xh]) assert.ok(!text.includes(value))
}

async function arrives(init: RequestInit, body: string) {
  assert.equal((await desk.ask('partner', '/visits', init)).status, 200)
  assert.equal(desk.bodies.at(-1), body)
  assert.equal(desk.upstream.calls.at(-1)!.headers['content-length'], String(Buffer.byteLength(body)))
}

describe('XML with tokens', () => {
  test('reaches the system with the values, in elements, attributes and CDATA', async () => {
    const body = (xh: string, tel: string) =>
      envelope(
        `<visit tel="${tel}"><xh>${xh}</xh><rows><row><xh><![CDATA[${xh}]]></xh></row></rows><n>1 &lt; 2</n></visit>`,
      )
    await arrives(inXml(body(shown.xh, shown.tel)), body('2026010001', '13800138000'))
    await arrives(inXml(body(shown.xh, shown.tel), 'application/soap+xml'), body('2026010001', '13800138000'))
  })

  test('reaches a system in the charset it was sent in', async () => {
    const head = '<?xml version="1.0" encoding="GBK"?>'
    // 咨询 in GBK
    const bytes = (xh: string) => Buffer.from(`${head}<v><xh>${xh}</xh><remark>\xd7\xc9\xd1\xaf</remark></v>`, 'latin1')
    const init = { method: 'POST', headers: { 'content-type': 'text/xml' }, body: bytes(shown.xh) }
    assert.equal((await desk.ask('partner', '/visits', init)).status, 200)
    assert.equal(desk.bodies.at(-1), bytes('2026010001').toString('utf8'))
  })

  test('is refused where one stands in a remark, in another type, or beside other text', async () => {
    await refused(inXml(envelope(`<remark>${shown.xh}</remark>`)), 422, 'TOKEN_MISPLACED')
    await refused(inXml(envelope(`<v remark="${shown.xh}"/>`)), 422, 'TOKEN_MISPLACED')
    await refused(inXml(envelope(`<tel>${shown.xh}</tel>`)), 422, 'TOKEN_MISPLACED')
    await refused(inXml(envelope(`<remark><![CDATA[see ${shown.xh}]]></remark>`)), 422, 'TOKEN_MISPLACED')
    await refused(inXml(envelope(`<remark>&lt;xh>${shown.xh}&lt;/xh></remark>`)), 422, 'TOKEN_MISPLACED')
  })

  test('is refused where one is somebody else’s or was changed', async () => {
    await refused(inXml(envelope(`<xh>${shown.xh}</xh>`)), 403, 'TOKEN_FORGED', 'other')
    await refused(inXml(envelope(`<xh>${shown.xh.slice(0, -3)}AAA</xh>`)), 403, 'TOKEN_FORGED')
  })

  test('does not write masked values back', async () => {
    await refused(inXml(envelope('<v><xm>张**</xm><tel>138****8000</tel></v>')), 422, 'MASKED_VALUE', 'staff')
    await refused(inXml(envelope('<v tel="138****8000"/>')), 422, 'MASKED_VALUE', 'staff')
  })
})

describe('a form with files and tokens', () => {
  const file = { name: 'scan', value: 'vg1.not.looked-into', file: 'scan.txt', type: 'text/plain' }
  const parts = (xh: string): Part[] => [{ name: 'xh', value: xh }, file, { name: 'remark', value: '咨询 1+1 & 2%' }]

  test('reaches the system with the values, its files as they came', async () => {
    await arrives(inParts(parts(shown.xh)), String(inParts(parts('2026010001')).body))
    const asData = (xh: string) => [{ name: 'data', value: JSON.stringify({ xh }) }, file]
    await arrives(inParts(asData(shown.xh)), String(inParts(asData('2026010001')).body))
  })

  test('is refused where one stands in a remark or in another type', async () => {
    await refused(inParts([{ name: 'remark', value: shown.xh }, file]), 422, 'TOKEN_MISPLACED')
    await refused(inParts([file, { name: 'tel', value: shown.xh }]), 422, 'TOKEN_MISPLACED')
    const nested = { name: 'data', value: JSON.stringify({ remark: shown.xh }) }
    await refused(inParts([nested]), 422, 'TOKEN_MISPLACED')
  })

  test('is refused where one is somebody else’s', async () => {
    await refused(inParts([{ name: 'xh', value: shown.xh }]), 403, 'TOKEN_FORGED', 'other')
  })

  test('does not write masked values back', async () => {
    await refused(inParts([{ name: 'xm', value: '张**' }, file]), 422, 'MASKED_VALUE', 'staff')
  })
})

test('no number behind a token is in any record or log line', async () => {
  const all = JSON.stringify(await desk.gateway.records()) + desk.gateway.log.join('')
  for (const value of ['2026010001', '13800138000', shown.xh, shown.tel]) assert.ok(!all.includes(value), value)
})
