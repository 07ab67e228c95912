/**
 * The line that ends a batch. A batch is what one write and one sync made durable: its entries' lines, then its frame.
 * `sha256` is over all bytes of the batch from its first line up to this key, so it covers `prev`, the hash of the
 * batch before, and the batches of a log make a chain.
 */
import { hash } from 'node:crypto'
import type { Batch } from './batch.ts'

export type Frame = {
  /** Number of the batch in its log, from 0. */
  readonly batch: number
  /** Sequence number of its first entry. */
  readonly first: number
  /** Entries in it, at least 1. */
  readonly n: number
  /** SHA-256, base64url, of the batch before; 43 times `A` for the first. */
  readonly prev: string
  readonly sha256: string
}

/** What the first batch of a log names as the one before: 32 zero bytes. */
export const beforeFirst = 'A'.repeat(43)

/**
 * Ends a batch with its frame. Returns all its bytes, to be written while the batch is left alone.
 */
export function sealBatch(
  lines: Batch,
  { batch, first, prev }: Pick<Frame, 'batch' | 'first' | 'prev'>,
): { bytes: Buffer; sha256: string } {
  lines.add(`{"batch":${batch},"first":${first},"n":${lines.entries},"prev":"${prev}"`, 0)
  const sha256 = hash('sha256', lines.written, 'base64url')
  lines.add(`,"sha256":"${sha256}"}\n`, 0)
  return { bytes: lines.written, sha256 }
}
