import type { Detector, DetectorPlugin } from '../../gateway/contracts.ts'
import { capitalRuns } from './capital-runs.ts'
import { hasLabel } from './labels.ts'
import { spelled } from './spelling.ts'
import { ofThings } from './things.ts'

/** GB 16735-2019 and 49 CFR 565.15: no I, O or Q; the last four are digits; a letter of those who make vehicles begins it. */
const shape = /^[1-9A-HJ-NPR-Z][0-9A-HJ-NPR-Z]{7}[0-9X][0-9A-HJ-NPR-Z]{4}\d{4}$/
const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
const values: ReadonlyMap<string, number> = new Map(
  [...'ABCDEFGH', ...'JKLMN', 'P', 'R', ...'STUVWXYZ'].map((letter, index) => [
    letter,
    [...'12345678', ...'12345', '7', '9', ...'23456789'].map(Number)[index]!,
  ]),
)

export const vin: DetectorPlugin = {
  kind: 'detector',
  name: 'vin',
  summary: {
    zh: '车辆识别代号（VIN，GB 16735）：校验位正确',
    en: 'Vehicle identification numbers (GB 16735, ISO 3779) with the right check digit',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '车架号：LSVAA4183E2184847，浙A', finds: [], why: 'the check digit is wrong' },
    { in: 'VIN 1M8GDM9AXKP042788.', finds: ['1M8GDM9AXKP042788'] },
    { in: '车架号LSVAA4182E2184847，浙A', finds: ['LSVAA4182E2184847'] },
    { in: '1M8GDM9AXKP0427881', finds: [], why: 'eighteen characters' },
    { in: '11111111111111111', finds: [], why: 'digits only, though they check' },
    { in: 'IM8GDM9AXKP042788', finds: [], why: 'no vehicle has an I' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { code: true, digits: 5, shape: /(?:^|[^0-9A-Za-z])[0-9A-HJ-NPR-Z]{13}\d{4}(?:$|[^0-9A-Za-z])/ },
  // One word in eleven of its shape passes the check by chance.
  checked: false,
  find: text =>
    capitalRuns(text, 17, 17).filter(
      ({ start, end }) => isVin(text.slice(start, end)) && !hasLabel(text, start, ofThings),
    ),
  normalize: value => spelled(detector, value, found => found),
}

function isVin(code: string): boolean {
  if (!shape.test(code) || !/[A-Z].*[A-Z]/.test(code)) return false
  let sum = 0
  for (let index = 0; index < 17; index++) sum += weights[index]! * (values.get(code[index]!) ?? Number(code[index]))
  return '0123456789X'[sum % 11] === code[8]
}
