import type { Detector, DetectorPlugin } from '../../gateway/contracts.ts'
import { acceptedNumbers, isAlone, wholeNumber } from './digit-runs.ts'
import { hasLabel, labelsOf } from './labels.ts'

const limits = { least: 10, most: 10, groups: 3 }
const labels = labelsOf(['nhs', 'nhs number', 'nhs no', 'nhs id', '英国医保号'])

export const ukNhsNumber: DetectorPlugin = {
  kind: 'detector',
  name: 'uk_nhs_number',
  summary: {
    zh: '英国 NHS 号码：校验位正确，按 3 3 4 分组，或前面写明',
    en: 'NHS numbers with the right check digit (NHS Data Dictionary), grouped 3 3 4 by spaces, or said to be one',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: 'NHS number: 943 476 5919', finds: ['943 476 5919'] },
    { in: 'NHS No. 9434765919', finds: ['9434765919'] },
    { in: '943 476 5919', finds: ['943 476 5919'] },
    { in: 'NHS number: 943 476 5918', finds: [], why: 'the check digit is wrong' },
    { in: '943-476-5919', finds: [], why: 'a telephone number as likely' },
    { in: '9434765919', finds: [], why: 'nothing says what it is' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 10, joined: true, shape: new RegExp(`\\d{3}[ -]\\d{3}[ -]\\d{4}|${labels.source}\\d`) },
  checked: false,
  find: text =>
    acceptedNumbers(text, limits, number => {
      const { start, end, digits, shape } = number
      if (!isNhsNumber(digits)) return false
      if (shape === '3-3-4' && text[start + 3] === ' ' && text[end - 5] === ' ' && isAlone(text, number)) return true
      return (shape === '10' || shape === '3-3-4') && hasLabel(text, start, labels)
    }),
  normalize(value) {
    const digits = wholeNumber(value.trim(), limits)
    return digits !== null && isNhsNumber(digits)
      ? `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`
      : value
  },
}

/** Modulus 11 with weights from 10 down to 2. */
function isNhsNumber(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < 9; index++) sum += (10 - index) * (digits.charCodeAt(index) - 48)
  return (11 - (sum % 11)) % 11 === digits.charCodeAt(9) - 48
}
