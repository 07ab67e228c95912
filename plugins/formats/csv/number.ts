/** Numbers in cells, which have no quotes to say whether they are texts. */

/**
 * A number with which something has to be computed to know its digits, as spreadsheets save long ones. Digits alone are a text, which may be
 * an encoding of another: an ID number is 36 digits in hexadecimal.
 */
export const decimal = /^-?\d{1,40}(?:\.\d{0,40}(?:[eE][+-]?\d{1,4})?|[eE][+-]?\d{1,4})$/

/** How the value of a cell is said in JSON: not at all, by a string or by a number. */
export const [unsayable, asString, asNumber] = [4, 5, 6] as const

/** Digits of a number, and of its exponent. */
const [mostDigits, mostOfExponent] = [40, 4]

/** How a value in these bytes is said in JSON: by a number only what `decimal` is. */
export function kindInJson(
  bytes: Uint8Array,
  from: number,
  to: number,
): typeof asString | typeof asNumber | typeof unsayable {
  const whole = bytes[from] === minus ? from + 1 : from
  const point = pastDigits(bytes, whole, to)
  if (point === whole || point === to || point - whole > mostDigits) return asString
  const isPlain = bytes[whole] !== zero || point === whole + 1
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
