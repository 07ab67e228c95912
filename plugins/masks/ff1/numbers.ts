/** Numbers with an inner order: what says where they come from stays, what says whose they are is permuted, checks hold. */
import { type Permutation, smallestDomain } from './permutation.ts'

/** `under` is a permutation of its own for each text that stays beside what is permuted. */
export type Permute = (under: string) => Permutation
export type NumberMask = (text: string, permute: Permute) => string | null

const day = 86_400_000
/** Sequence numbers that one region gives on one day (GB 11643). */
const sequences = 1000n
/** GB 11643 section 4.2 with ISO 7064 MOD 11-2. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkCharacters = '10X98765432'

/**
 * Resident ID numbers: the region stays, date of birth and sequence number are permuted together, the check character is
 * made again. Throws RangeError where the years hold too few days.
 */
export function residentId(firstYear: number, lastYear: number): NumberMask {
  const born = daysOf(firstYear, lastYear)
  const bornInOld = daysOf(Math.max(firstYear, 1900), Math.min(lastYear, 1999))
  if (born.count * sequences < smallestDomain) throw new RangeError('fewer than a million values')
  return (text, permute) => {
    const id = text.replace(/[\s\p{Pd}\p{Cf}]/gu, '').toUpperCase()
    const old = /^\d{15}$/.test(id)
    if (!old && (!/^\d{17}[\dX]$/.test(id) || residentCheck(id) !== id[17])) return null
    const region = id.slice(0, 6)
    const days = old ? bornInOld : born
    const date = dayNumber(old ? `19${id.slice(6, 12)}` : id.slice(6, 14))
    if (date === null || date < days.first || date >= days.first + days.count) return null
    const size = days.count * sequences
    if (size < smallestDomain) return null
    const number = (date - days.first) * sequences + BigInt(id.slice(-3 - (old ? 0 : 1)).slice(0, 3))
    const other = permute(`${old ? 15 : 18}:${region}`).integer(size, number)
    const digits = written(days.first + other / sequences).slice(old ? 2 : 0)
    const masked = region + digits + String(other % sequences).padStart(3, '0')
    return old ? masked : masked + residentCheck(masked)
  }
}

/** Bank cards: the issuer (six digits) stays, the account is permuted, the check digit (Luhn) is made again. */
export const bankCard: NumberMask = (text, permute) => {
  const found = digitsOf(text, 13, 19)
  if (found === null || luhn(found.digits.slice(0, -1)) !== found.digits.at(-1)) return null
  const issuer = found.digits.slice(0, 6)
  const account = [...found.digits.slice(6, -1)].map(Number)
  const body = issuer + permute(`${found.digits.length}:${issuer}`).numerals(10, account).join('')
  return found.write(body + luhn(body))
}

/** Mobile numbers: the network (three digits) and a country code stay, the eight digits after them are permuted. */
export const mobile: NumberMask = (text, permute) => {
  const found = digitsOf(text, 11, 15)
  const known = found === null ? null : /^((?:0|86|0086)?1[3-9]\d)(\d{8})$/.exec(found.digits)
  if (known === null) return null
  const network = known[1]!.slice(-3)
  const own = [...known[2]!].map(Number)
  return found!.write(known[1]! + permute(network).numerals(10, own).join(''))
}

/** All digits of a text that has nothing beside them but what groups them, and the text with others in their places. */
function digitsOf(text: string, least: number, most: number) {
  if (!/^[\d\s\p{Pd}()+]+$/u.test(text)) return null
  const digits = text.replace(/\D/g, '')
  if (digits.length < least || digits.length > most) return null
  const write = (others: string) => {
    let next = 0
    return text.replace(/\d/g, () => others[next++]!)
  }
  return { digits, write }
}

/** The check digit of ISO/IEC 7812-1 annex B that belongs behind these digits. */
function luhn(digits: string): string {
  let sum = 0
  for (let index = digits.length - 1, double = true; index >= 0; index--, double = !double) {
    const digit = (digits.charCodeAt(index) - 48) * (double ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return String((10 - (sum % 10)) % 10)
}

function residentCheck(id: string): string {
  let sum = 0
  for (const [index, weight] of weights.entries()) sum += weight * (id.charCodeAt(index) - 48)
  return checkCharacters[sum % 11]!
}

function daysOf(firstYear: number, lastYear: number): { first: bigint; count: bigint } {
  const first = BigInt(Date.UTC(firstYear, 0, 1) / day)
  return { first, count: BigInt(Date.UTC(lastYear + 1, 0, 1) / day) - first }
}

/** Days since 1970 of YYYYMMDD; null where there is no such day. */
function dayNumber(date: string): bigint | null {
  const number = BigInt(
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / day,
  )
  return written(number) === date ? number : null
}

function written(days: bigint): string {
  return new Date(Number(days) * day).toISOString().slice(0, 10).replaceAll('-', '')
}
