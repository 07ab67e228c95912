/** Numbers in cells, which have no quotes to say whether they are texts. */

/** A number whose digits are not all written out one by one, as spreadsheets save long ones. */
export const decimal = /^-?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,4})?$/

/** How the value of a cell is said in JSON: not at all, by a string or by a number. */
export const [unsayable, asString, asNumber] = [4, 5, 6] as const

/** Digits of a number, and of its exponent. */
const [mostDigits, mostOfExponent] = [40, 4]
/** Shorter texts are never taken for base64, and shorter digits not for hexadecimal (gateway/masking/may-be-encoded.ts). */
export const shortestBase64 = 15
const shortestHex = 22

/**
 * How a value in these bytes is said in JSON. A string is also what is a number to the cursor, as long as it is the same to it: it
 * is of digits alone, with which nothing has to be computed, and they are no encoding of a text, for which only strings are
 * looked through.
 */
export function kindInJson(
  bytes: Uint8Array,
  from: number,
  to: number,
): typeof asString | typeof asNumber | typeof unsayable {
  const whole = bytes[from] === minus ? from + 1 : from
  const point = pastDigits(bytes, whole, to)
  if (point === whole || point - whole > mostDigits) return asString
  const isPlain = bytes[whole] !== zero || point === whole + 1
  if (point === to) {
    const isNoText =
      to - from < shortestBase64 || (whole === from && to - from < shortestHex && !beginsText(bytes, from))
    return isNoText ? asString : isPlain ? asNumber : unsayable
  }
  const fraction = bytes[point] === fullStop ? point + 1 : point
  const exponent = pastDigits(bytes, fraction, to)
  if (exponent - fraction > mostDigits || !endsNumber(bytes, exponent, to)) return asString
  return isPlain && (fraction === point || exponent > fraction) ? asNumber : unsayable
}

/** Whether nothing stands there but an exponent, or nothing at all. */
function endsNumber(bytes: Uint8Array, at: number, to: number): boolean {
  if (at === to) return true
  if ((bytes[at]! | 0x20) !== letterE) return false
  const digits = bytes[at + 1] === minus || bytes[at + 1] === plus ? at + 2 : at + 1
  return to > digits && to - digits <= mostOfExponent && pastDigits(bytes, digits, to) === to
}

function pastDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at]! >= zero && bytes[at]! <= nine) at++
  return at
}

const [zero, nine, minus, plus, fullStop, letterE] = [0x30, 0x39, 0x2d, 0x2b, 0x2e, 0x65]

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
