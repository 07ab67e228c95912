/** Check digits that more than one kind of number has, and that are long enough to name. */

/** ISO/IEC 7812-1 annex B (Luhn): whether the last digit checks the ones before it. */
export function isLuhn(digits: string): boolean {
  let sum = 0
  for (let index = digits.length - 1, double = false; index >= 0; index--, double = !double) {
    const digit = (digits.charCodeAt(index) - 48) * (double ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}

/** Multiplication in the dihedral group of order ten: two rotations add, a reflection turns what comes behind it round. */
function inDihedralGroup(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)
  return b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5
}

const permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
const permutations = Array.from({ length: 8 }, (_, power) =>
  Array.from({ length: 10 }, (_, digit) => {
    let moved = digit
    for (let times = 0; times < power; times++) moved = permutation[moved]!
    return moved
  }),
)

/** J. Verhoeff, Error Detecting Decimal Codes (1969): whether the last digit checks the ones before it. */
export function isVerhoeff(digits: string): boolean {
  let check = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    check = inDihedralGroup(check, permutations[index % 8]![digit]!)
  }
  return check === 0
}

/** ISO 7064 MOD 97-10 over digits and capitals, which count from ten: the remainder, 1 where the check is right. */
export function remainder97(text: string): number {
  let rest = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    rest = code < 58 ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97
  }
  return rest
}
