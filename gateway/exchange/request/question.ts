/**
 * What a body asks, in one spelling: two bodies that a system reads alike are the same, and no two that it could read
 * otherwise. A grant for a route that is asked by POST names the body by it, through an HMAC.
 */
import { createHash } from 'node:crypto'
import { parseMediaType } from '../response/media-type.ts'
import { readMultipart } from './multipart.ts'
import { formDecoded, halvesOf } from './urlencoded.ts'
import { utf8Form } from './utf8-form.ts'

/** `contentType`: as labelled. null: it asks in no way that can be compared, as with files in it. Throws Refusal REQUEST_MALFORMED, REQUEST_UNREADABLE. */
export function questionOf(contentType: string | null, body: Buffer): string | null {
  const { essence, charset, boundary } = parseMediaType(contentType)
  if (body.length === 0) return 'nothing'
  if (essence === 'application/x-www-form-urlencoded') {
    const read = utf8Form(body, charset)
    return read === null ? null : JSON.stringify([essence, charset, fieldsOf(read.form)])
  }
  if (essence === 'multipart/form-data') {
    const { form, files } = readMultipart(body, boundary)
    return files > 0 ? null : JSON.stringify([essence, charset, fieldsOf(form)])
  }
  if (essence === 'application/json' || essence?.endsWith('+json') === true)
    return JSON.stringify([essence, charset, withoutBlanks(body)])
  return JSON.stringify([essence, charset, 'sha256', createHash('sha256').update(body).digest('base64url')])
}

/** The order of fields does not count; that of those with one name does. A lone name is not one with an empty value. */
function fieldsOf(form: Uint8Array): (string | null)[][] {
  const text = Buffer.from(form).toString('latin1')
  if (text === '') return []
  const fields = text
    .split('&')
    .map(pair => halvesOf(pair).map(half => (half === null ? null : formDecoded(half).toString('utf8'))))
  return fields.sort(([one], [other]) => (one! < other! ? -1 : one! > other! ? 1 : 0))
}

/** JSON as it was written, but for blanks between its tokens: members in their order, numbers in their spelling. */
function withoutBlanks(body: Buffer): string {
  const text = body
    .toString('latin1')
    .replace(/("(?:[^"\\]|\\.)*"?)|[ \t\r\n]+/gs, (_, written?: string) => written ?? ' ')
  // a blank that parts two tokens of a broken text is kept: what is no JSON is not made some
  const beside = /("(?:[^"\\]|\\.)*"?)|(?<=[[{,:]) | (?=[\]},:])|^ | $/gs
  return text.replace(beside, (_, written?: string) => written ?? '')
}
