/**
 * The same for old clients that post forms: fields `veilgate_operator` and so on, in a form or a form with files. None
 * reaches a system.
 */
import type { Consumer } from '../../config/config.ts'
import type { RequestHead } from '../../contracts.ts'
import { parseMediaType } from '../response/media-type.ts'
import { withoutParts } from './multipart.ts'
import { isReserved, statedBy } from './said-in-query.ts'

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
  const left = essence === 'multipart/form-data' ? withoutParts(body, boundary, isSaid) : withoutPairs(body, isSaid)
  return fields.length === 0 ? { head, body } : { head: statedBy(head, fields), body: left }
}

function withoutPairs(body: Buffer, isSaid: (name: string, value: string) => boolean): Buffer {
  const pairs = body.toString('latin1').split('&')
  const left = pairs.filter(pair => {
    const equals = pair.indexOf('=')
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    return !isSaid(decoded(name), decoded(value))
  })
  return left.length === pairs.length ? body : Buffer.from(left.join('&'), 'latin1')
}

function decoded(text: string): string {
  return text.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, hex: string) => {
    return String.fromCharCode(Number.parseInt(hex, 16))
  })
}
