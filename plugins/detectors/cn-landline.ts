import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { wholeNumber, writtenNumbers } from './digit-runs.ts'
import { hasLabel, labelsOf } from './labels.ts'

const limits = { least: 10, most: 14, groups: 4 }
/** The numbering plan of the ministry (2017): trunk zero, area code, seven or eight digits that begin with 2 to 8. */
const number = /^(?:0(?:10|2[0-57-9])[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7})$/
const abroad = /^(?:00)?86((?:10|2[0-57-9])[2-8]\d{7}|[3-9]\d{2}[2-8]\d{6,7})$/
const shapes =
  /^(?:3-8|4-[78]|3-4-4|4-[34]-4|4-4-3|3\.(?:8|4\.4)|4\.(?:[78]|[34]\.4)|1[12]|(?:2|4)-(?:2-8|3-[78]|2-4-4|3-[34]-4))$/
const labels = labelsOf([
  '电话',
  '座机',
  '固话',
  '传真',
  '联系方式',
  '热线',
  '总机',
  '值班',
  '办公室',
  'tel',
  'fax',
  'phone',
])
/**
 * An area code and so much of what follows it that no date with a time has it (`04-21 19:15`), a country code, or a number that a
 * label tells, also digit by digit.
 */
const written = new RegExp(
  '(?:^|\\D)0(?:\\d\\d[ ._/-]\\d{4}|\\d{3}[ ._/-]\\d{3}|[3-9][ -]\\d{2}(?:[ -]\\d{4}|\\d[ -]\\d{3}))|\\+(?:00)?86|' +
    `${labels.source}0(?:\\d{9}|[ ._/-]\\d[ ._/-]\\d)`,
)

export const cnLandline: DetectorPlugin = {
  kind: 'detector',
  name: 'cn_landline',
  summary: {
    zh: '带区号的固定电话：区号分开，或前面写明是电话',
    en: 'Landline numbers of mainland China with their area code: parted from it, or said to be one',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '办公室0571-87654321', finds: ['0571-87654321'] },
    { in: '+86 571 8765 4321', finds: ['+86 571 8765 4321'] },
    { in: '电话：057187654321', finds: ['057187654321'] },
    { in: '010 6234 5678', finds: ['010 6234 5678'] },
    { in: '总机0 5 7 1 8 7 6 5 4 3 2 1', finds: ['0 5 7 1 8 7 6 5 4 3 2 1'] },
    { in: '03-71-87654321', finds: ['03-71-87654321'] },
    { in: '2024-03-21 8765:4321', finds: [], why: 'a date' },
    { in: '单号057187654321', finds: [], why: 'nothing says that it is a telephone' },
    { in: '0571-17654321', finds: [], why: 'no number begins with 1' },
    { in: '2026-0571-87654321', finds: [], why: 'a longer number' },
    { in: '总机010.6234.5678或0571/87654321', finds: ['010.6234.5678', '0571/87654321'] },
    { in: '10.010.6234.5678', finds: [], why: 'a longer number' },
    { in: '020-20261121', finds: ['020-20261121'] },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 10, joined: true, shape: written },
  checked: false,
  find(text) {
    const spans: Span[] = []
    let last = 0
    for (const { start, end, digits, shape } of writtenNumbers(text, limits)) {
      if (start < last || !shapes.test(shape)) continue
      const isAbroad = abroad.test(digits) && /[+＋]/.test(text.charAt(start - 1))
      if (!isAbroad && !number.test(digits)) continue
      if (!isAbroad && (!/[-.]/.test(shape) || isGoingOn(text, start, end)) && !hasLabel(text, start, labels)) continue
      spans.push({ start: isAbroad && start - 1 >= last ? start - 1 : start, end })
      last = end
    }
    return spans
  },
  normalize(value) {
    const written = value.trim().replace(/^[+＋]/, '')
    const digits = wholeNumber(written, limits)
    if (digits === null || !(number.test(digits) || abroad.test(digits))) return value
    const national = digits.replace(/^(?:00)?86/, '0')
    const area = /^0(?:10|2)/.test(national) ? 3 : 4
    return `${national.slice(0, area)}-${national.slice(area)}`
  },
}

/** Whether the number is a part of a longer one. */
function isGoingOn(text: string, start: number, end: number): boolean {
  return (
    /[0-9A-Za-z][-_./]$/.test(text.slice(Math.max(0, start - 2), start)) ||
    /^[-_./][0-9A-Za-z]/.test(text.slice(end, end + 2))
  )
}
