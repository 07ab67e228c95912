/** Numbers in cells, which have no quotes to say whether they are texts. */

/** A number whose digits are not all written out one by one, as spreadsheets save long ones. */
export const decimal = /^-?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,4})?$/
/** RFC 8259, section 6. */
export const numberInJson = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Shorter texts are never taken for base64, and shorter digits not for hexadecimal (gateway/masking/may-be-encoded.ts). */
const [shortestBase64, shortestHex] = [15, 22]

/**
 * Whether a number in these bytes is to the cursor what a string of the same is: it is of digits alone, with which nothing has to
 * be computed, and they are no encoding of a text, for which only strings are looked through.
 */
export function isSameAsString(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false
  return to - from < shortestBase64 || (to - from < shortestHex && !beginsText(bytes, from))
}

/**
 * Whether twelve digits are base64 of three pairs or threes of UTF-8, each pair with ASCII behind it, as four digits stand for
 * bytes from D3 to F7, from 4D to DF and from 34 to FD. Digits are not taken for any other charset.
 */
function beginsText(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 12; at += 4) {
    const [lead, second, third] = [bytes[at]! & 0x0f, bytes[at + 1]! & 0x0f, bytes[at + 2]! & 3]
    if (second < 4 || second > 7 || lead > 7) return false
    if (lead < 4 ? third > 1 : third !== 2) return false
  }
  return true
}
