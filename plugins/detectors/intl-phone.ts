import { isValidPhoneNumber } from 'libphonenumber-js/min'
import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { writtenNumbers } from './digit-runs.ts'
import { spelled } from './spelling.ts'

/** ITU-T E.164: fifteen digits at most, of which the country code is one to three. */
const limits = { least: 9, most: 15, groups: 6 }
const mainlandMobile = /^861[3-9]\d{9}$/

export const intlPhone: DetectorPlugin = {
  kind: 'detector',
  name: 'intl_phone',
  summary: {
    zh: '国际电话号码（E.164）：以 + 开头，符合该国编号规则',
    en: 'International phone numbers (E.164): behind a plus, and possible by the numbering plan of their country',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: 'call +44 20 7946 0958 today', finds: ['+44 20 7946 0958'] },
    { in: '香港电话+852 2345 6789', finds: ['+852 2345 6789'] },
    { in: '+1-202-555-0143', finds: ['+1-202-555-0143'] },
    { in: '+1.202.555.0143', finds: ['+1.202.555.0143'] },
    { in: '+442079460958', finds: ['+442079460958'] },
    { in: '+44 20 7946', finds: [], why: 'too short for its country' },
    { in: '44 20 7946 0958', finds: [], why: 'no plus before it' },
    { in: '1+442079460958', finds: [], why: 'a sum' },
    { in: '+86 13800138000', finds: [], why: 'for cn_mobile' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 9, joined: true, shape: /\+\d(?:[ ._/-]?\d){8}/ },
  checked: false,
  find(text) {
    const spans: Span[] = []
    if (!/[+＋]/.test(text)) return spans
    let last = 0
    for (const { start, end, digits, shape } of writtenNumbers(text, limits)) {
      if ((start <= last && last > 0) || /[,)]/.test(shape)) continue
      if (!/[+＋]/.test(text.charAt(start - 1)) || /[0-9A-Za-z]/.test(text.charAt(start - 2))) continue
      if (mainlandMobile.test(digits) || !isValidPhoneNumber(`+${digits}`)) continue
      spans.push({ start: start - 1, end })
      last = end
    }
    return spans
  },
  normalize: value => spelled(detector, value, found => `+${found.normalize('NFKC').replace(/\D/g, '')}`),
}
