/** What a log's checkpoints are signed by. The name says which key it is, so that no two logs of the world share one. Pure. */
import { createHash } from 'node:crypto'
import { signerOf, writeSigner } from './note.ts'

/** Of 32 secret bytes and a log's name: `PRIVATE+KEY+veilgate/1f3a…/gw1-0+…`. */
export function logSigner(log: string, seed: Uint8Array): string {
  const { key } = signerOf('-', seed).verifier
  const raw = Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url')
  const mark = createHash('sha256').update(raw).digest('hex').slice(0, 16)
  return writeSigner(`veilgate/${mark}/${log}`, seed)
}
