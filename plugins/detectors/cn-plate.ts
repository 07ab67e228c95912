import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { toAscii } from './digit-runs.ts'
import { spelled } from './spelling.ts'

const provinces = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使'
/** Plates begin so, and hardly anything else does. */
const beginning = new RegExp(`[${provinces}][A-HJ-NP-ZＡ-ＨＪ-ＮＰ-Ｚ]`)
/**
 * GA 36-2018: a province, a letter for the authority, then five of digits and at most two letters, six for new energy;
 * police, trailers, learners and plates for Hong Kong and Macao have a character in the last place.
 */
const plate = new RegExp(
  `[${provinces}][A-HJ-NP-Z][ ·•.-]?(?:[DF][A-HJ-NP-Z]?\\d{4,5}|\\d{5}[DF]|[0-9A-HJ-NP-Z]{5}|[0-9A-HJ-NP-Z]{4}[警挂学港澳领])(?![0-9A-Za-z])`,
  'g',
)

export const cnPlate: DetectorPlugin = {
  kind: 'detector',
  name: 'cn_plate',
  summary: {
    zh: '机动车号牌（GA 36），含新能源、警用、挂车、港澳',
    en: 'Vehicle plates of mainland China (GA 36), also of new energy',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '浙A12345停在北门', finds: ['浙A12345'] },
    { in: '车牌：粤B·D12345', finds: ['粤B·D12345'] },
    { in: '京 A 12345', finds: [], why: 'nobody writes it so' },
    { in: '粤Z1234港', finds: ['粤Z1234港'] },
    { in: '沪ＡＤ１２３４５', finds: ['沪ＡＤ１２３４５'], why: 'full-width' },
    { in: '新A栋12345', finds: [], why: 'a building' },
    { in: '川ABCDEF', finds: [], why: 'no digits' },
    { in: '贵I12345', finds: [], why: 'no authority has an I' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: {
    wide: 1,
    digits: 3,
    shape: new RegExp(`[${provinces}][A-HJ-NP-Z][ .-]?[0-9A-HJ-NP-Z]{4}`),
  },
  checked: false,
  find(written) {
    const spans: Span[] = []
    if (!beginning.test(written)) return spans
    const text = toAscii(written)
    for (const { 0: found, index } of text.matchAll(plate)) {
      if (found.replace(/\D/g, '').length >= 3) spans.push({ start: index, end: index + found.length })
    }
    return spans
  },
  normalize: value => spelled(detector, value, found => toAscii(found).replace(/[ ·•.-]/g, '')),
}
