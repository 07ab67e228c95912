import type { Detector, DetectorPlugin } from '../../gateway/contracts.ts'
import { acceptedNumbers, isAlone, type WrittenNumber, wholeNumber } from './digit-runs.ts'
import { hasLabel, labelsOf } from './labels.ts'

const limits = { least: 9, most: 9, groups: 3 }
/** Social Security Administration: no area 000, 666 or 900 to 999, no group 00, no serial 0000. */
const issued = /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/
const labels = labelsOf([
  'ssn',
  'social security number',
  'social security',
  'social security no',
  '社会安全号',
  '社会安全',
])

export const usSsn: DetectorPlugin = {
  kind: 'detector',
  name: 'us_ssn',
  summary: {
    zh: '美国社会安全号：按 3-2-4 分组，或前面写明',
    en: 'Social Security numbers of the United States: grouped 3-2-4, or said to be one',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: 'his SSN is 219-09-9999,', finds: ['219-09-9999'] },
    { in: 'SSN: 219099999', finds: ['219099999'] },
    { in: '219099999', finds: [], why: 'nothing says what it is' },
    { in: '000-12-3456, 666-12-3456 and 912-12-3456', finds: [], why: 'areas that are not given out' },
    { in: 'CAS 7732-18-5', finds: [], why: 'other groups' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 9, joined: true, shape: new RegExp(`\\d{3}[ -]\\d{2}[ -]\\d{4}|${labels.source}\\d`) },
  checked: false,
  find: text => acceptedNumbers(text, limits, number => issued.test(number.digits) && isWritten(text, number)),
  normalize(value) {
    const digits = wholeNumber(value.trim(), limits)
    return digits !== null && issued.test(digits) ? digits.replace(/^(\d{3})(\d\d)/, '$1-$2-') : value
  },
}

function isWritten(text: string, number: WrittenNumber): boolean {
  const { start, end, shape } = number
  if (shape === '3-2-4' && isHyphen(text[start + 3]!) && isHyphen(text[end - 5]!) && isAlone(text, number)) return true
  return (shape === '9' || shape === '3-2-4') && hasLabel(text, start, labels)
}

function isHyphen(character: string): boolean {
  return /\p{Pd}/u.test(character)
}
