/** More digits than this are no identifier, and would let a short exponent make a long text. */
const maxDigits = 40

/**
 * A JSON number as plain decimal digits where it is a whole number (`1.3800138e10` is `13800138000`); as it was written
 * where it is not, or would be too long. Digits are never lost: the text is rearranged, not computed with.
 */
export function canonicalNumber(lexeme: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(lexeme)
  if (parts === null || (parts[3] === undefined && parts[4] === undefined)) return lexeme
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const shift = Number(exponent)
  const digits = whole + fraction
  const point = whole.length + shift
  if (point <= 0 || point > maxDigits) return lexeme
  if (/[1-9]/.test(digits.slice(point))) return lexeme
  return (
    sign +
    digits
      .slice(0, point)
      .padEnd(point, '0')
      .replace(/^0+(?=\d)/, '')
  )
}
