import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { separators, toAscii, type WrittenNumber, writtenNumbers } from './digit-runs.ts'

/** First two digits, GB/T 2260: the provincial units, and 83 for residents of Taiwan. */
const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91'.split(
    ' ',
  ),
)
/** GB 11643 section 4.2 with ISO 7064 MOD 11-2: the weights, and the check character by remainder. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checkCharacters = '10X98765432'
const daysOf = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** A number of 18 is not written in more groups than 110105-1949-12-31-002-X. */
const limits = { least: 15, most: 18, groups: 6 }
/** How it is parted by signs that are no spaces or dashes; the last digit may be an X. */
const dotted = /^6(?:\.(?:8|4\.4)\.|,(?:8|4,4),)[34]$/
const plain = /^\d{17}[\dX]$/
/**
 * The same of whole texts: of single runs region, century, month and day; of others, how many follow how many in the first group.
 */
const shape =
  /(?:^|\D)(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[1-8])\d{4}(?:(?:1[89]|2[01])\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?:\d(?:$|\D)|[Xx -])|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?:$|\D))|(?:(?:^|[^\d -])[ -]*|[ -][ -]+)(?:\d{1,4}[ -]\d(?:[ -]?\d){10}|\d{5,9}[ -]\d(?:[ -]?\d){5}|\d{10,}[ -]\d)|\d{6}[._/,，、*+]\d|\d[._/]\d[._/]\d[._/]/

/**
 * Resident ID numbers (GB 11643): region, date of birth and check character must be right, so that letters may stand
 * right beside the number. The 15 digits used until 1999 have no check character; region and date stand for it, and
 * about one in a hundred other numbers of 15 digits is taken for one.
 */
export const cnResidentId: DetectorPlugin = {
  kind: 'detector',
  name: 'cn_resident_id',
  summary: {
    zh: '居民身份证号（GB 11643）：校验码、地区和出生日期都正确，允许分组、全角；含 15 位旧号',
    en: 'Resident ID numbers (GB 11643) with the right check character, region and date; in groups or full-width; also the old 15 digits',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '身份证11010519491231002X，请核对', finds: ['11010519491231002X'] },
    { in: 'ID 110105 19491231 002x.', finds: ['110105 19491231 002x'] },
    { in: 'ID 110105.19491231.002X', finds: ['110105.19491231.002X'] },
    { in: 'ID 110105,19491231,002X；110105·19491231·002X', finds: ['110105,19491231,002X', '110105·19491231·002X'] },
    { in: '11010519491231002×', finds: ['11010519491231002×'], why: 'typed so where there is no X' },
    { in: '1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X', finds: ['1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X'], why: 'spaced out' },
    { in: '１１０１０５１９４９１２３１００２Ｘ', finds: ['１１０１０５１９４９１２３１００２Ｘ'], why: 'full-width' },
    { in: '12 440524188001010014 7', finds: ['440524188001010014'], why: 'other numbers around it' },
    { in: '旧号110105491231002', finds: ['110105491231002'], why: 'the 15 digits used until 1999' },
    { in: '110105194912310021', finds: [], why: 'the check character is wrong' },
    { in: '99010519491231002X', finds: [], why: 'no such region' },
    { in: '110105194913310023', finds: [], why: 'no thirteenth month' },
    { in: '9110105194912310029', finds: [], why: 'inside a longer run of digits' },
    { in: '355110105491231', finds: [], why: 'an IMEI' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 15, joined: true, shape },
  checked: true,
  find(text) {
    // Most fields hold a number as it is, and nothing else.
    if (text.length === 18 && plain.test(text)) return isResidentId(text) ? [{ start: 0, end: 18 }] : []
    const spans: Span[] = []
    let last = 0
    for (const number of writtenNumbers(text, limits)) {
      if (number.start < last) continue
      if (/[.,]/.test(number.shape) && !dotted.test(number.shape)) continue
      const end = endOfId(text, number)
      if (end === null) continue
      spans.push({ start: number.start, end })
      last = end
    }
    return spans
  },
  normalize(value) {
    if (plain.test(value)) return value
    const [span] = detector.find(value)
    if (span === undefined || value.slice(0, span.start).trim() !== '' || value.slice(span.end).trim() !== '')
      return value
    return toAscii(value)
      .toUpperCase()
      .replace('×', 'X')
      .replace(/[^0-9X]/g, '')
  },
  normal: plain,
}

/** Where the ID ends that has these digits, with its X if it has one; null if it is none. */
function endOfId(text: string, { digits, shape, end }: WrittenNumber): number | null {
  if (digits.length === 17) {
    const sign = text[end] ?? ''
    const isParted = separators.has(sign) || (sign !== '' && (shape.includes(',') ? ',，、*+' : '._/·').includes(sign))
    const at = isParted ? end + 1 : end
    const isWhole = /[XxＸｘ×]/.test(text.charAt(at)) && !/[0-9０-９]/.test(text.charAt(at + 1))
    return isWhole && isResidentId(`${digits}X`) ? at + 1 : null
  }
  return isResidentId(digits) ? end : null
}

/** Whether these two digits begin the codes of a provincial unit. */
export function isProvince(code: string): boolean {
  return provinces.has(code)
}

/** Whether these 15 digits, or 17 digits and a check character (digit or X), are a resident ID number. */
export function isResidentId(id: string): boolean {
  // Foreign permanent residents have had a 9 before the region since 2023.
  const isForeign = id[0] === '9' && id.length === 18 && provinces.has(id.slice(1, 3))
  if (!isForeign && (!provinces.has(id.slice(0, 2)) || id.slice(2, 4) === '00')) return false
  if (id.length === 15) return isDate(`19${id.slice(6, 12)}`)
  return id.length === 18 && isDate(id.slice(6, 14)) && checkCharacter(id) === id[17]
}

/** The check character that belongs to the first 17 digits. */
function checkCharacter(id: string): string {
  let sum = 0
  for (let index = 0; index < 17; index++) sum += weights[index]! * (id.charCodeAt(index) - 48)
  return checkCharacters[sum % 11]!
}

function isDate(digits: string): boolean {
  const year = numberAt(digits, 0) * 100 + numberAt(digits, 2)
  const month = numberAt(digits, 4)
  const day = numberAt(digits, 6)
  if (year < 1800 || year > 2199 || month < 1 || month > 12 || day < 1) return false
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= (month === 2 && isLeap ? 29 : daysOf[month - 1]!)
}

/** Two digits as a number. */
function numberAt(digits: string, at: number): number {
  return (digits.charCodeAt(at) - 48) * 10 + digits.charCodeAt(at + 1) - 48
}
