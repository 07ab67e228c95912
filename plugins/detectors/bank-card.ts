import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { isLuhn } from './check-digits.ts'
import { isResidentId } from './cn-resident-id.ts'
import { writtenNumbers } from './digit-runs.ts'

/**
 * Issuer ranges (ISO/IEC 7812-1) and the lengths their cards have: UnionPay and its early cards of 955, Visa, Mastercard,
 * American Express, JCB, Discover and Diners Club. Nothing begins with 1, so that no time since 1970 is taken for a card.
 */
const ranges: readonly RegExp[] = [
  /^62\d{14,17}$/,
  /^60\d{14,17}$/,
  /^6[45]\d{14,17}$/,
  /^955\d{13,16}$/,
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^5[1-5]\d{14}$/,
  /^2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^35(?:2[89]|[3-8]\d)\d{12,15}$/,
  /^3[068]\d{12}$/,
]
const issuers = new RegExp(ranges.map(({ source }) => source).join('|'))
/** As printed on the card: fours with a rest, 4-6-5 and 4-6-4, 6 and the rest, or all in one. */
const shapes = /^(?:\d\d|4-4-4-[1-4]|4-4-4-4-[1-3]|4\.4\.4\.4(?:\.[1-3])?|4-6-[45]|6-(?:8|9|1[0-3]))$/
/** The same of whole texts: of single runs the issuer and the length, of others the first groups. */
const shape =
  /(?:^|\D)(?:(?:6[0245]\d{14,17}|955\d{13,16}|4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14,17}|3[068]\d{12})(?:$|\D)|\d{4}[ ._/-]\d{4}[ ._/-]\d{4}|\d[ ._/-]\d[ ._/-]\d[ ._/-]|\d{4}[ -]\d{6}|\d{6}[ -]\d{8})/

const limits = { least: 13, most: 19, groups: 5 }
const plain = /^\d{13,19}$/

export const bankCard: DetectorPlugin = {
  kind: 'detector',
  name: 'bank_card',
  summary: {
    zh: '银行卡号：发卡段和校验位（Luhn）都正确，可分组、全角',
    en: 'Bank card numbers of known issuers with the right check digit (Luhn), in groups or full-width',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '卡号6222020200112345673', finds: [], why: 'the check digit is wrong' },
    { in: '卡号6222020200112345679，工行', finds: ['6222020200112345679'] },
    { in: '4111 1111 1111 1111', finds: ['4111 1111 1111 1111'] },
    { in: '4111.1111.1111.1111 4111/1111/1111/1111', finds: ['4111.1111.1111.1111', '4111/1111/1111/1111'] },
    { in: '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 6', finds: [], why: 'the check digit is wrong' },
    { in: '3782-822463-10005', finds: ['3782-822463-10005'], why: 'American Express' },
    { in: '65010420050825000X', finds: [], why: 'a resident ID number, though its digits pass as a card' },
    { in: '20261121093000123', finds: [], why: 'a time' },
    { in: '1795000000000000', finds: [], why: 'microseconds since 1970' },
    { in: '41 11 11 11 11 11 11 11', finds: [], why: 'no card is grouped so' },
    { in: '94111111111111111', finds: [], why: 'inside a longer run of digits' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 13, joined: true, shape },
  checked: true,
  find(text) {
    // Most fields hold a number as it is, and nothing else.
    if (plain.test(text)) return isBankCard(text) ? [{ start: 0, end: text.length }] : []
    const spans: Span[] = []
    let last = 0
    for (const { start, end, digits, shape } of writtenNumbers(text, limits)) {
      if (start < last || !shapes.test(shape) || !isBankCard(digits)) continue
      if (isResidentId(`${digits}${text.slice(end, end + 1).toUpperCase()}`)) continue
      spans.push({ start, end })
      last = end
    }
    return spans
  },
  normalize(value) {
    if (plain.test(value)) return value
    const digits = value.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}._/·•‧]/gu, '')
    return isBankCard(digits) ? digits : value
  },
  normal: plain,
}

/** Whether these digits are a card's. A resident ID number of Gansu begins with 62 too; one in ten would pass as a card. */
export function isBankCard(digits: string): boolean {
  return issuers.test(digits) && isLuhn(digits) && !isResidentId(digits)
}
