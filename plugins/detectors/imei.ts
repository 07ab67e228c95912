import type { Detector, DetectorPlugin } from '../../gateway/contracts.ts'
import { isLuhn } from './check-digits.ts'
import { acceptedNumbers, wholeNumber } from './digit-runs.ts'
import { hasLabel, labelsOf } from './labels.ts'

const limits = { least: 15, most: 15, groups: 4 }
const shapes = /^(?:15|2-6-6-1|6-2-6-1|8-6-1)$/
const labels = labelsOf([
  'imei',
  'imei1',
  'imei2',
  '串号',
  '手机串号',
  '设备串号',
  '设备号',
  '手机识别码',
  '国际移动设备识别码',
])

export const imei: DetectorPlugin = {
  kind: 'detector',
  name: 'imei',
  summary: {
    zh: '手机串号（IMEI）：校验位（Luhn）正确，且前面写明或按 2-6-6-1 分组',
    en: 'IMEIs with the right check digit (Luhn) that are said to be one or grouped 2-6-6-1',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: 'IMEI：490154203237518', finds: ['490154203237518'] },
    { in: '49-015420-323751-8', finds: ['49-015420-323751-8'] },
    { in: '设备串号 864394010123456', finds: [], why: 'the check digit is wrong' },
    { in: '490154203237518', finds: [], why: 'nothing says what it is: one number in ten passes the check' },
    { in: '订单490154203237518', finds: [], why: 'an order' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: {
    digits: 15,
    joined: true,
    shape: new RegExp(`\\d{2}[ -]\\d{6}[ -]\\d|\\d{6}[ -]\\d{2}[ -]\\d{6}|\\d{8}[ -]\\d{6}|${labels.source}\\d`),
  },
  checked: false,
  find: text =>
    acceptedNumbers(text, limits, ({ start, digits, shape }) => {
      if (!shapes.test(shape) || !isLuhn(digits)) return false
      return shape !== '15' || hasLabel(text, start, labels)
    }),
  normalize(value) {
    const digits = wholeNumber(value.trim(), limits)
    return digits !== null && isLuhn(digits) ? digits.replace(/^(\d\d)(\d{6})(\d{6})/, '$1-$2-$3-') : value
  },
}
