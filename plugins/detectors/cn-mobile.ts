import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { writtenNumbers } from './digit-runs.ts'
import { hasLabel, labelsOf } from './labels.ts'
import { ofThings } from './things.ts'

/** Country code or trunk zero, then the eleven digits, second digit 3 to 9 (the numbering plan of the ministry, 2017). */
const mobile = /^(?:86|0086|0)?(1[3-9]\d{9})$/
/** How people group them: 3-4-4 and its kin, the country code apart or joined to the first group. */
const shapes = /^(?:[124]-)?(?:11|12|13|15|[3457]-4-4|3\)4-4|3[-)]8|7-4|4-3-4|4-4-3|3\.4\.4|3,4,4)$/

/** As programs write a cell of a spreadsheet that had it as a number, `1.3800138001E10`. With fewer decimals it is as often a measure. */
const float = /(?<![\d.])1\.[3-9]\d{9}[Ee]\+?10(?![\d.])/g
const wholeFloat = /^1\.(?<rest>[3-9]\d{9})[Ee]\+?10$/

const plain = /^1[3-9]\d{9}$/

/** The same of whole texts; of grouped numbers only that three digits follow the first group; or single digits. */
const shape =
  /(?:^|\D)(?:(?:86|0086|0)?1[3-9]\d{9}(?:$|\D)|\d{1,7}[ -]\d{3}|1[3-9]\d(?:[._/,，、*+]\d{4}[._/,，、*+]|[)）][ -]?\d{4})|1[ ._/-][3-9][ ._/-]\d[ ._/-]|1\.[3-9]\d{9}[Ee])/

/** Behind these a number is one that signs part which stand between the numbers of a size or list more often. */
const labels = labelsOf(['电话', '手机', '手机号', '联系方式', 'tel', 'phone', 'mobile'])

const limits = { least: 11, most: 15, groups: 4 }

export const cnMobile: DetectorPlugin = {
  kind: 'detector',
  name: 'cn_mobile',
  summary: {
    zh: '中国大陆手机号：11 位，可带 +86、0086 或 0，可分组、全角',
    en: 'Mobile numbers of mainland China: 11 digits, with +86, 0086 or 0 or without, in groups or full-width',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '电话13800138000或+86 138-0013-8000', finds: ['13800138000', '+86 138-0013-8000'] },
    { in: '0086 13800138000', finds: ['0086 13800138000'] },
    { in: '１３８００１３８０００', finds: ['１３８００１３８０００'], why: 'full-width' },
    { in: '138.0013.8000 138_0013_8000 138/0013/8000', finds: ['138.0013.8000', '138_0013_8000', '138/0013/8000'] },
    { in: '打(138)00138000或（138）0013-8000', finds: ['138)00138000', '138）0013-8000'] },
    { in: '电话：138*0013*8000', finds: ['138*0013*8000'] },
    { in: '规格138*2013*8000，价1,380,013,800', finds: [], why: 'nothing says that it is a telephone' },
    { in: '打1 3 8 0 0 1 3 8 0 0 0找我', finds: ['1 3 8 0 0 1 3 8 0 0 0'], why: 'spaced out' },
    { in: '1 4 5 2 3 1 5 4 3 2 1', finds: [], why: 'answers on a scale' },
    { in: '138.0013.80001 10.138.0013.8000', finds: [], why: 'a version' },
    { in: 'zhangsan13800138000', finds: ['13800138000'], why: 'letters may stand beside it' },
    { in: '1 13800138000 2', finds: ['13800138000'], why: 'other numbers around it' },
    { in: '12800138000', finds: [], why: 'the numbering plan has no 12' },
    { in: '1700000000000', finds: [], why: 'milliseconds: a longer run of digits' },
    { in: '0.13800138000', finds: [], why: 'decimals' },
    { in: '9c13800138000e4bd1f0', finds: [], why: 'inside a hexadecimal word' },
    { in: 'order 013800138000', finds: [], why: 'a number of a thing' },
    { in: '电话1.3800138001E10', finds: ['1.3800138001E10'], why: 'a cell that was a number' },
    { in: '1.3800138E10 21.3800138001E10', finds: [], why: 'measures' },
    { in: '13 80 01 38 00 0', finds: [], why: 'nobody groups a phone number so' },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { digits: 11, joined: true, shape },
  checked: true,
  find(text) {
    const spans: Span[] = []
    let last = 0
    for (const { start, end, digits, shape } of writtenNumbers(text, limits)) {
      if (start < last || !shapes.test(shape) || !mobile.test(digits)) continue
      if (isDecimal(text, start) || isHexadecimal(text, start, end) || isOfAnother(text, start, end, shape)) continue
      spans.push({ start: start > last && /[+＋]/.test(text[start - 1]!) ? start - 1 : start, end })
      last = end
    }
    return text.search(float) < 0 ? spans : withFloats(text, spans)
  },
  normalize(value) {
    if (plain.test(value)) return value
    const { rest } = wholeFloat.exec(value.trim())?.groups ?? {}
    if (rest !== undefined) return `1${rest}`
    const digits = value.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}+()._/·•‧,、*]/gu, '')
    return mobile.exec(digits)?.[1] ?? value
  },
  normal: plain,
}

/** These are parted by other signs than what was found before, so none overlaps. */
function withFloats(text: string, spans: readonly Span[]): Span[] {
  const floats = Array.from(text.matchAll(float), ({ 0: written, index }) => ({
    start: index,
    end: index + written.length,
  }))
  return [...spans, ...floats].sort((a, b) => a.start - b.start)
}

/** Whether it is a part of a number of another kind: of a card in fours, from another country, or of a thing. */
function isOfAnother(text: string, start: number, end: number, shape: string): boolean {
  const isInside =
    /[0-9A-Za-z][ -]$/.test(text.slice(Math.max(0, start - 2), start)) ||
    /^[ -]?[0-9A-Za-z]/.test(text.slice(end, end + 2))
  if (isInside && /^4-4-[34]$/.test(shape)) return true
  if (shape.includes(',') && !hasLabel(text, start, labels)) return true
  if (/[.,]/.test(shape) && isOfVersion(text, start, end)) return true
  if (/[+＋](?!86)\d{1,3}[ -]$/.test(text.slice(Math.max(0, start - 5), start))) return true
  return (shape === '12' || shape === '13') && hasLabel(text, start, ofThings)
}

/** Whether more numbers stand beside it, parted by the same signs. */
function isOfVersion(text: string, start: number, end: number): boolean {
  return (
    /[0-9A-Za-z][._/,，、*+]$/.test(text.slice(Math.max(0, start - 2), start)) ||
    /^[._/,，、*+][0-9A-Za-z]/.test(text.slice(end, end + 2))
  )
}

function isDecimal(text: string, start: number): boolean {
  return text[start - 1] === '.' && /\d/.test(text[start - 2] ?? '')
}

/** Whether the word around is a digest or the like: hexadecimal on both sides, 16 characters or more. */
function isHexadecimal(text: string, start: number, end: number): boolean {
  if (!isHexDigit(text.charCodeAt(start - 1)) && !isHexDigit(text.charCodeAt(end))) return false
  const before = /[0-9a-f]{0,32}$/.exec(text.slice(Math.max(0, start - 32), start))![0]
  const after = /^[0-9a-f]{0,32}/.exec(text.slice(end, end + 32))![0]
  const around = before.length + after.length
  if (around + end - start < 16 || !/[a-f]/.test(before + after)) return false
  return (
    !/[0-9A-Za-z]/.test(text[start - before.length - 1] ?? '') && !/[0-9A-Za-z]/.test(text[end + after.length] ?? '')
  )
}

/** 0 to 9 and a to f; not beyond the ends of a text, where there is NaN. */
function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66)
}
