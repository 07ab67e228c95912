/**
 * IIS 4 to 6 send "100 Continue" to every POST, which undici takes for a broken answer: such a head is left out of what comes.
 * Only where a read begins with it; a body of which a read happens to begin so is held to its length like any other.
 */

/** Bytes of such a head at the most. */
const longest = 1024
const [one, zero, cr, lf] = [0x31, 0x30, 0x0d, 0x0a]

/** Where the answer begins in what was read: behind "100 Continue" that nobody asked for, also several; else 0. */
export function behindContinue(bytes: Uint8Array, length: number): number {
  let at = 0
  for (let end = endOfOne(bytes, at, length); end > 0; end = endOfOne(bytes, at, length)) at = end
  return at
}

/** `HTTP/1.1 100` up to the blank line; 0: it is something else, or goes on behind what was read. */
function endOfOne(bytes: Uint8Array, at: number, length: number): number {
  // of all that is read this is the first thing asked, and nearly always the last
  if (bytes[at + 9] !== one || bytes[at + 10] !== zero || bytes[at + 11] !== zero) return 0
  if (length - at < 16 || !/^HTTP\/1\.[01] 100[ \r]/.test(text(bytes, at, at + 13))) return 0
  const last = Math.min(length, at + longest)
  for (let next = at + 12; next + 3 < last; next++)
    if (bytes[next] === cr && bytes[next + 1] === lf && bytes[next + 2] === cr && bytes[next + 3] === lf)
      return next + 4
  return 0
}

function text(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}
