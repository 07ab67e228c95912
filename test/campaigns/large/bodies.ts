/** Bodies as long as asked for, each row of which is about one person of the sentinels. */
import { sentinel } from '../../support/sentinels.ts'

export type LargeBody = {
  readonly mediaType: string
  readonly boundary?: string
  readonly head: string
  readonly row: (number: number) => string
  readonly between: string
  readonly tail: string
}

const { name, id, mobile } = sentinel
const json = (at: number) => JSON.stringify({ n: at, xm: name, idCard: id, tel: mobile, note: `请拨 ${mobile}，谢谢` })
const page = (at: number) =>
  `<tr><td>${at}</td><td>${name}</td><td>${id}</td><td><a href="a?tel=${mobile}">${mobile}</a></td></tr>\n`

export const largeBodies: Readonly<Record<string, LargeBody>> = {
  json: { mediaType: 'application/json', head: '{"rows":[', row: json, between: ',', tail: ']}' },
  ndjson: { mediaType: 'application/x-ndjson', head: '', row: json, between: '\n', tail: '\n' },
  'event-stream': {
    mediaType: 'text/event-stream',
    head: '',
    row: at => `id: ${at}\ndata: ${json(at)}`,
    between: '\n\n',
    tail: '\n\n',
  },
  xml: {
    mediaType: 'application/xml',
    head: '<?xml version="1.0" encoding="UTF-8"?><rows>',
    row: at =>
      `<row n="${at}" tel="${mobile}"><xm>${name}</xm><idCard><![CDATA[${id}]]></idCard><note>请拨 ${mobile}</note></row>`,
    between: '\n',
    tail: '</rows>',
  },
  csv: {
    mediaType: 'text/csv',
    head: '序号,姓名,身份证号,手机号,说明\r\n',
    row: at => `${at},${name},${id},"${mobile}",请拨 ${mobile}`,
    between: '\r\n',
    tail: '\r\n',
  },
  form: {
    mediaType: 'application/x-www-form-urlencoded',
    head: '',
    row: at => `n=${at}&xm=${encodeURIComponent(name)}&idCard=${id}&tel=${mobile}`,
    between: '&',
    tail: '',
  },
  multipart: {
    mediaType: 'multipart/mixed',
    boundary: 'b0',
    head: '',
    row: at => `--b0\r\nContent-Type: application/x-ndjson\r\n\r\n${`${json(at)}\n`.repeat(200)}`,
    between: '\r\n',
    tail: '\r\n--b0--\r\n',
  },
  text: {
    mediaType: 'text/plain',
    head: '',
    row: at => `${at} 姓名：${name}；身份证号：${id}；请拨 ${mobile}`,
    between: '\n',
    tail: '\n',
  },
  html: {
    mediaType: 'text/html',
    head: '<!DOCTYPE html><table><tr><th>序号<th>姓名<th>身份证号<th>手机号</tr>',
    row: page,
    between: '',
    tail: '</table>',
  },
}

/** The body in pieces of about 64 KiB, `size` bytes or a little more in all. */
export function* piecesOf({ head, row, between, tail }: LargeBody, size: number): Iterable<Buffer> {
  let piece = head
  let sent = 0
  for (let at = 0; sent < size; at++) {
    piece += (at === 0 ? '' : between) + row(at)
    if (piece.length < 48_000) continue
    const bytes = Buffer.from(piece)
    sent += bytes.length
    piece = ''
    yield bytes
  }
  yield Buffer.from(piece + tail)
}
