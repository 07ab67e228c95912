import type { Detector, DetectorPlugin } from '../../gateway/contracts.ts'
import { isVerhoeff } from './check-digits.ts'
import { acceptedNumbers, isAlone, wholeNumber } from './digit-runs.ts'
import { hasLabel, labelsOf } from './labels.ts'

const limits = { least: 12, most: 12, groups: 3 }
const labels = labelsOf(['aadhaar', 'aadhaar number', 'aadhar', 'aadhar number', 'uidai', 'आधार'])

export const inAadhaar: DetectorPlugin = {
  kind: 'detector',
  name: 'in_aadhaar',
  summary: {
    zh: '印度 Aadhaar 号：校验位（Verhoeff）正确，按 4 4 4 分组，或前面写明',
    en: 'Aadhaar numbers of India with the right check digit (Verhoeff), grouped 4 4 4 by spaces, or said to be one',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: 'Aadhaar: 234123412346', finds: ['234123412346'] },
    { in: '2341 2341 2346', finds: ['2341 2341 2346'] },
    { in: '2341 2341 2345', finds: [], why: 'the check digit is wrong' },
    { in: '1341 2341 2346', finds: [], why: 'none begins with 0 or 1' },
    { in: '234123412346', finds: [], why: 'nothing says what it is' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 12, joined: true, shape: new RegExp(`\\d{4}[ -]\\d{4}[ -]\\d{4}|${labels.source}\\d`) },
  checked: false,
  find: text =>
    acceptedNumbers(text, limits, number => {
      const { start, end, digits, shape } = number
      if (!isAadhaar(digits)) return false
      if (shape === '4-4-4' && text[start + 4] === ' ' && text[end - 5] === ' ' && isAlone(text, number)) return true
      return (shape === '12' || shape === '4-4-4') && hasLabel(text, start, labels)
    }),
  normalize(value) {
    const digits = wholeNumber(value.trim(), limits)
    return digits !== null && isAadhaar(digits)
      ? `${digits.slice(0, 4)} ${digits.slice(4, 8)} ${digits.slice(8)}`
      : value
  },
}

/** None begins with 0 or 1. */
function isAadhaar(digits: string): boolean {
  return digits[0]! >= '2' && isVerhoeff(digits)
}
