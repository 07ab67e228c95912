import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { toAscii } from './digit-runs.ts'
import { hasLabel, labelsOf } from './labels.ts'
import { plainSpelling } from './spelling.ts'

/** In all of them; most texts with as many digits are dates. */
const sixDigits = /[0-9０-９]{6}/
const hongKong = /(?<![0-9A-Za-z])[A-Z]{1,2}\d{6}\(?[0-9A]\)?(?![0-9A-Za-z])/g
const macao = /(?<![0-9A-Za-z])[1578]\d{6}\(?\d\)?(?![0-9A-Za-z])/g
const taiwan = /(?<![0-9A-Za-z])[A-Z][1289]\d{8}(?![0-9A-Za-z])/g
const ofHongKong = labelsOf([
  '香港身份证',
  '香港居民身份证',
  '香港永久性居民身份证',
  '身份证',
  '身份證',
  'hkid',
  '证件',
])
const ofMacao = labelsOf(['澳门身份证', '澳门居民身份证', '澳门永久性居民身份证', '澳門身份證'])
const ofTaiwan = labelsOf([
  '台湾身份证',
  '台湾居民身份证',
  '身分证',
  '身分證',
  '国民身份证',
  '身份证',
  '统一编号',
  '統一編號',
  '证件',
])
/** The two digits of each first letter, A to Z: where people were first registered. */
const places = [10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33]
/** The check digit of Hong Kong in brackets, or a number that a label tells. */
const written = new RegExp(
  `[A-Z]\\d{6}[(（][0-9A]|(?:${[ofHongKong, ofMacao, ofTaiwan].map(({ source }) => source).join('|')})[0-9A-Z]`,
)

export const hkMoTwId: DetectorPlugin = {
  kind: 'detector',
  name: 'hk_mo_tw_id',
  summary: {
    zh: '香港、澳门、台湾身份证号：港台校验位正确；无括号者前面须写明',
    en: 'Identity card numbers of Hong Kong and Taiwan with the right check, and of Macao; said to be one unless bracketed',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '香港居民A123456(3)已到', finds: ['A123456(3)'] },
    { in: '香港身份证号码：Z683365A', finds: ['Z683365A'] },
    { in: '身分證字號不全，统一编号A123456789', finds: ['A123456789'] },
    { in: '澳门身份证1234567(8)', finds: ['1234567(8)'] },
    { in: '编号A123456(4)', finds: [], why: 'the check digit is wrong' },
    { in: '订单A123456789', finds: [], why: 'nothing says what it is' },
    { in: '会议1234567(8)人', finds: [], why: 'nothing says what it is' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { wide: 1, digits: 6, shape: written },
  checked: false,
  find(written) {
    const spans: Span[] = []
    if (!sixDigits.test(written)) return spans
    const text = toAscii(written)
    const add = (pattern: RegExp, accept: (found: string, start: number) => boolean) => {
      for (const { 0: found, index } of text.matchAll(pattern)) {
        if (/[()]/.test(found) && !/\([0-9A]\)$/.test(found)) continue
        if (accept(found, index)) spans.push({ start: index, end: index + found.length })
      }
    }
    add(hongKong, (found, start) => isHongKong(found) && (found.endsWith(')') || hasLabel(text, start, ofHongKong)))
    add(macao, (_found, start) => hasLabel(text, start, ofMacao))
    add(taiwan, (found, start) => isTaiwan(found) && hasLabel(text, start, ofTaiwan))
    return spans.sort((a, b) => a.start - b.start)
  },
  normalize: plainSpelling,
}

/** Letters count from 10, a missing one as 36, with weights from 9 down; the check digit brings the sum to a multiple of 11. */
function isHongKong(id: string): boolean {
  const plain = id.replace(/[()]/g, '').padStart(9)
  let sum = 0
  for (let index = 0; index < 8; index++)
    sum += (9 - index) * (plain[index] === ' ' ? 36 : Number.parseInt(plain[index]!, 36))
  return (sum + Number.parseInt(plain[8]!, 36)) % 11 === 0
}

function isTaiwan(id: string): boolean {
  const place = places[id.charCodeAt(0) - 65]!
  let sum = Math.floor(place / 10) + (place % 10) * 9 + Number(id[9])
  for (let index = 1; index < 9; index++) sum += (9 - index) * Number(id[index])
  return sum % 10 === 0
}
