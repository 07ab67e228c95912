import type { MaskPlugin } from '../../gateway/contracts.ts'

type Precision = 'decade' | 'year' | 'month'
type Options = { readonly keep?: Precision }

/** A date as it was written: its year, its month if it has one, and what stands after the year. */
type WrittenDate = { readonly year: string; readonly month: string | null; readonly style: Style }
type Style = '-' | '/' | '.' | '' | '年'

/** The longest spelling with time and zone is shorter; what is longer is no date. */
const longest = 48
const time = /[T ] ?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)? ?(?:Z|[+-]\d{2}:?\d{2})?/.source
/** ISO 8601, FHIR date and dateTime, and the same with slashes or dots: 1990, 1990-05, 1990-5-17, 1990/05/17 08:30. */
const separated = new RegExp(`^(\\d{4})(?:([-/.])(\\d{1,2})(?:\\2(\\d{1,2})(?:${time})?)?)?$`)
/** HL7 v2 DTM and compact ISO: 199005, 19900517, 19900517083000.123+0800, 19900517T083000Z. */
const compact = /^(\d{4})(\d{2})(?:(\d{2})(?:T?\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,4})?)?)?)?(?:Z|[+-]\d{4})?)?$/
const chinese = new RegExp(
  `^(\\d{4}) ?年(?: ?(\\d{1,2}) ?月(?: ?(\\d{1,2}) ?[日号](?:${time}| ?\\d{1,2}[时点].{0,8})?)?)?$`,
)

export const datePrecision: MaskPlugin<Options> = {
  kind: 'mask',
  name: 'date_precision',
  summary: {
    zh: '只保留日期的年代、年或月，写法不变；认不出的日期改用更严的形式',
    en: 'Keeps only the decade, year or month of a date, in its own spelling; what is no date takes the stricter form',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keep: { enum: ['decade', 'year', 'month'], default: 'year', description: 'The finest part that is still shown.' },
    },
  },
  examples: [
    { options: { keep: 'year' }, in: '1990-05-17', out: '1990' },
    { options: { keep: 'month' }, in: '1990-05-17', out: '1990-05' },
    { options: { keep: 'decade' }, in: '1990-05-17', out: '1990s' },
    { options: { keep: 'month' }, in: '1990/5/17 08:30', out: '1990/5' },
    { options: { keep: 'month' }, in: '19900517', out: '199005' },
    { options: { keep: 'month' }, in: '1990年5月17日', out: '1990年5月' },
    { options: { keep: 'decade' }, in: '1990年5月17日', out: '1990年代' },
    { options: { keep: 'year' }, in: '19900517083000+0800', out: '1990', why: 'HL7 v2' },
    { options: { keep: 'year' }, in: '1974-12-25T14:35:45-05:00', out: '1974', why: 'FHIR dateTime' },
    { options: { keep: 'year' }, in: '1990-05', out: '1990', why: 'a partial date' },
    { options: { keep: 'year' }, in: '1990', out: null, why: 'nothing would be hidden' },
    { options: { keep: 'month' }, in: '1990', out: null, why: 'nothing would be hidden' },
    { options: { keep: 'year' }, in: '1990-13-01', out: null, why: 'no such month' },
    { options: { keep: 'year' }, in: '643305600000', out: null, why: 'a count of milliseconds is not recognised' },
    { options: { keep: 'year' }, in: '五月十七', out: null },
  ],
  create({ keep = 'year' }) {
    return {
      isMasked: text => isAsCoarse(text, keep),
      mask(value) {
        const date = read(value)
        if (date === null) return null
        const shown = show(date, keep)
        return shown === value.trim() ? null : shown
      },
    }
  },
}

/** Whether a date is no finer than what is kept: the mask would leave nothing of it away. */
function isAsCoarse(text: string, keep: Precision): boolean {
  if (keep === 'decade') return /^\d{3}0(?:s|年代)$/.test(text.trim())
  const date = read(text)
  return date !== null && show(date, keep) === text.normalize('NFKC').trim()
}

function read(value: string): WrittenDate | null {
  if (value.length > longest) return null
  const text = value.normalize('NFKC').trim()
  let match = separated.exec(text)
  if (match) return checked(match[1]!, match[3], match[4], (match[2] ?? '') as Style)
  match = compact.exec(text)
  if (match) return checked(match[1]!, match[2], match[3], '')
  match = chinese.exec(text)
  if (match) return checked(match[1]!, match[2], match[3], '年')
  return null
}

function checked(year: string, month: string | undefined, day: string | undefined, style: Style): WrittenDate | null {
  if (!within(year, 1600, 2199) || !within(month, 1, 12) || !within(day, 1, 31)) return null
  return { year, month: month ?? null, style }
}

function within(digits: string | undefined, least: number, most: number): boolean {
  return digits === undefined || (Number(digits) >= least && Number(digits) <= most)
}

function show({ year, month, style }: WrittenDate, keep: Precision): string {
  if (keep === 'decade') return `${year.slice(0, 3)}0${style === '年' ? '年代' : 's'}`
  if (keep === 'year' || month === null) return style === '年' ? `${year}年` : year
  return style === '年' ? `${year}年${month}月` : year + style + month
}
