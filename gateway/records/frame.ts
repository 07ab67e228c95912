/**
 * The line that ends a batch. A batch is what one write and one sync made durable: its entries' lines, then its frame.
 * `sha256` is over all bytes of the batch from its first line up to this key, so it covers `prev`, the hash of the
 * batch before, and the batches of a log make a chain.
 */
import { hash } from 'node:crypto'

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

const tail = '","sha256":"'
const frameBytes = 256

/**
 * One batch, ready to be written.
 *
 * @param lines the entries, each with its line feed.
 * @param size of `lines` in UTF-8.
 */
export function sealBatch(
  lines: string,
  size: number,
  { batch, first, n, prev }: Omit<Frame, 'sha256'>,
): { bytes: Buffer; sha256: string } {
  const bytes = Buffer.allocUnsafe(size + frameBytes)
  let end = bytes.write(`${lines}{"batch":${batch},"first":${first},"n":${n},"prev":"${prev}"`, 0, 'utf8')
  const sha256 = hash('sha256', bytes.subarray(0, end), 'base64url')
  end += bytes.write(`${tail.slice(1)}${sha256}"}\n`, end, 'latin1')
  return { bytes: bytes.subarray(0, end), sha256 }
}
