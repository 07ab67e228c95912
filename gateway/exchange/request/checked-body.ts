import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BodyDigest } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'

/**
 * A body whose caller has signed what it hashes to (RFC 9530). What has come is passed on one piece late, so that a body
 * that is another one never arrives whole: the system's request is cut off. Fails with Refusal CREDENTIALS_WRONG then.
 */
export function checkedBody(body: AsyncIterable<Uint8Array>, digest: BodyDigest): Readable {
  return Readable.from(checked(body, digest), { objectMode: false })
}

async function* checked(body: AsyncIterable<Uint8Array>, { algorithm, value }: BodyDigest): AsyncGenerator<Uint8Array> {
  const hash = createHash(algorithm)
  let held: Uint8Array | null = null
  for await (const chunk of body) {
    hash.update(chunk)
    if (held !== null) yield held
    held = chunk
  }
  if (!hash.digest().equals(value)) throw new Refusal('CREDENTIALS_WRONG')
  if (held !== null) yield held
}
