import type { Detector, DetectorPlugin } from '../../gateway/contracts.ts'
import { capitalRuns } from './capital-runs.ts'
import { isProvince, isResidentId } from './cn-resident-id.ts'
import { spelled } from './spelling.ts'

/** GB 32100-2015 section 4: the characters, which count from 0, and their weights. */
const characters = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
/** GB 11714: the weights of the organisation code that is in it. */
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]
const shape = /^[1-9AN-Y][1-9A-GNP-Y]\d{6}[0-9A-HJ-NPQRTUWXY]{8}[0-9X][0-9A-HJ-NPQRTUWXY]$/

export const cnCreditCode: DetectorPlugin = {
  kind: 'detector',
  name: 'cn_credit_code',
  summary: {
    zh: '统一社会信用代码（GB 32100）：两个校验码和地区都正确',
    en: 'Unified social credit codes (GB 32100) with both check characters and the region right',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '统一社会信用代码：91110000600037341L', finds: ['91110000600037341L'] },
    { in: '税号91330100799655058B，开票', finds: ['91330100799655058B'] },
    { in: '91110000600037341M', finds: [], why: 'the check character is wrong' },
    { in: '91990000600037341L', finds: [], why: 'no such region' },
    { in: 'A91110000600037341L', finds: [], why: 'inside a longer word' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: {
    code: true,
    digits: 6,
    shape:
      /(?:^|[^0-9A-Za-z])[1-9AN-Y][1-9A-GNP-Y](?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}[0-9A-HJ-NPQRTUWXY]{10}(?:$|[^0-9A-Za-z])/,
  },
  checked: true,
  find(text) {
    return capitalRuns(text, 18, 18).filter(({ start, end }) => isCreditCode(text.slice(start, end)))
  },
  normalize: value => spelled(detector, value, found => found),
}

function isCreditCode(code: string): boolean {
  if (!shape.test(code) || !isProvince(code.slice(2, 4)) || isResidentId(code)) return false
  let sum = 0
  for (let index = 0; index < 17; index++) sum += weights[index]! * characters.indexOf(code[index]!)
  if (characters[(31 - (sum % 31)) % 31] !== code[17]) return false
  let own = 0
  for (let index = 0; index < 8; index++) own += organisationWeights[index]! * Number.parseInt(code[8 + index]!, 36)
  return '0123456789X0'[11 - (own % 11)] === code[16]
}
