/**
 * The same for old clients that post forms: fields `veilgate_operator` and so on, in a form or a form with files. None
 * reaches a system.
 */
import type { Consumer } from '../../config/config.ts'
import type { RequestHead } from '../../contracts.ts'
import { parseMediaType } from '../response/media-type.ts'
import { readMultipart } from './multipart.ts'
import { isReserved, statedBy } from './said-in-query.ts'
import { formDecoded, halvesOf } from './urlencoded.ts'

/** Whether what it says may stand in its body, which has to be read before anything is decided then. */
export function mayStateInForm(head: RequestHead, consumer: Consumer): boolean {
  return consumer.saysInForm && isForm(head) && /^(?:POST|PUT|PATCH)$/.test(head.method)
}

export function isForm(head: RequestHead): boolean {
  const { essence } = parseMediaType(head.headers['content-type']?.[0] ?? null)
  const coded = !/^\s*(?:identity\s*)?$/i.test(head.headers['content-encoding']?.join() ?? '')
  return !coded && (essence === 'application/x-www-form-urlencoded' || essence === 'multipart/form-data')
}

/**
 * A form without such fields, and the head with what they say; both as they are where there are none. Throws Refusal
 * PARAMETER_UNDECLARED; HEADER_MALFORMED where it is said twice, REQUEST_MALFORMED.
 */
export function takeSaidInForm(head: RequestHead, body: Buffer): { head: RequestHead; body: Buffer } {
  const { essence, boundary } = parseMediaType(head.headers['content-type']![0]!)
  const fields: { readonly name: string; readonly value: string }[] = []
  const isSaid = (name: string, value: string): boolean => {
    if (!isReserved(name)) return false
    fields.push({ name, value })
    return true
  }
  const left =
    essence === 'multipart/form-data' ? readMultipart(body, boundary).without(isSaid) : withoutPairs(body, isSaid)
  return fields.length === 0 ? { head, body } : { head: statedBy(head, fields), body: left }
}

function withoutPairs(body: Buffer, isSaid: (name: string, value: string) => boolean): Buffer {
  const pairs = body.toString('latin1').split('&')
  const left = pairs.filter(pair => {
    const [name, value] = halvesOf(pair)
    return !isSaid(decoded(name), decoded(value ?? ''))
  })
  return left.length === pairs.length ? body : Buffer.from(left.join('&'), 'latin1')
}

/** Byte by byte, as a header would have it. */
function decoded(written: string): string {
  return formDecoded(written).toString('latin1')
}
