import type { RequestHead } from '../contracts.ts'
import { Refusal } from '../errors.ts'

const credentials = ['authorization', 'cookie', 'prefer', 'x-forwarded-for']

/**
 * Refuses what would let two readers of one request see different credentials: a header that identities read and that
 * comes twice, or one that `Connection` declares to be between two hops only (RFC 9110 7.6.1), by which a caller could
 * make a proxy take away, or pass by, what the gateway goes by. `read`: headers that identities read, beyond
 * Authorization and Cookie. Throws Refusal HEADER_MALFORMED.
 */
export function checkHeaders({ headers }: RequestHead, read: ReadonlySet<string>): void {
  if ((headers['authorization']?.length ?? 0) > 1) throw new Refusal('HEADER_MALFORMED')
  for (const name of read) if ((headers[name]?.length ?? 0) > 1) throw new Refusal('HEADER_MALFORMED')
  const nominated = headers['connection']
  if (nominated === undefined || (nominated.length === 1 && /^(?:keep-alive|close)$/i.test(nominated[0]!))) return
  for (const name of nominated
    .join(',')
    .toLowerCase()
    .split(/[\s,]+/)) {
    if (credentials.includes(name) || name.startsWith('veilgate-') || read.has(name))
      throw new Refusal('HEADER_MALFORMED')
  }
}
