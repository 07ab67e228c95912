import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { toAscii } from './digit-runs.ts'
import { endsIn } from './labelled.ts'
import { hasLabel, labelsOf } from './labels.ts'
import { plainSpelling } from './spelling.ts'

const words = ['出生日期', '出生年月', '出生年月日', '出生时间', '出生', '出生于', '生日']
const labels = labelsOf(words)
/** What each of them has in it, and so has what follows. */
const anyWord = /出生|生[日于]/
/** Where no word goes on with it: `先生于`, `发生于`. */
const bornOn = /(?:^|[，,。；;：:、（( \n他她我])生于 ?$/
const [month, day] = ['(?:0?[1-9]|1[0-2])', '(?:0?[1-9]|[12]\\d|3[01])']
/** A year alone is no date; years of the Republic have three digits at most. */
const date = new RegExp(
  `(?<![\\d.])(?:(?:1[89]|20)\\d\\d(?:([-./])${month}(?:\\1${day})?| ?年 ?${month} ?月(?: ?${day} ?[日号])?|` +
    '(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01]))' +
    `|民国 ?\\d{2,3} ?年 ?${month} ?月(?: ?${day} ?[日号])?)(?!\\d)`,
  'g',
)

export const birthDate: DetectorPlugin = {
  kind: 'detector',
  name: 'birth_date',
  summary: {
    zh: '前面写明是出生日期的日期，如“出生日期：1990年5月17日”',
    en: 'Dates that Chinese text says before them somebody was born on',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '出生日期：1990年5月17日，汉族', finds: ['1990年5月17日'] },
    { in: '王某，生于1990.5.17；', finds: ['1990.5.17'] },
    { in: '王某，男，1990年5月17日生', finds: [], why: 'to look at each date in Chinese text is dear' },
    { in: '生日 19900517，出生年月：1990/05', finds: ['19900517', '1990/05'] },
    { in: '出生：民国79年5月17日', finds: ['民国79年5月17日'] },
    { in: '出生日期：１９９０－０５－１７', finds: ['１９９０－０５－１７'], why: 'full-width' },
    { in: '先生于2026年10月31日离职，事故发生于2026年1月2日', finds: [], why: 'the ends of other words' },
    { in: '2026年5月17日生效，1990年5月17日', finds: [], why: 'nobody was born' },
    { in: '出生日期：1990年', finds: [], why: 'a year alone' },
    { in: '出生人口199005170', finds: [], why: 'a count' },
    { in: '出生日期：1990-13-17', finds: [], why: 'no thirteenth month' },
  ],
  create: () => detector,
}

const none: readonly Span[] = []

const detector: Detector = {
  triggers: {
    wide: 1,
    digits: 4,
    shape: new RegExp(`(?:${labels.source}|生于 ?)(?:民国 ?)?[0-9][0-9]`),
    marks: { of: endsIn, wanted: labelsOf([...words, '生于', '民国']).ends },
  },
  checked: false,
  find(written) {
    // Most texts with a date and a label have another label.
    if (!anyWord.test(written)) return none
    const text = toAscii(written)
    const spans: Span[] = []
    for (const { 0: found, index: start } of text.matchAll(date)) {
      const isSaid = hasLabel(text, start, labels) || bornOn.test(text.slice(Math.max(0, start - 4), start))
      if (isSaid) spans.push({ start, end: start + found.length })
    }
    return spans
  },
  normalize: plainSpelling,
}
