import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { remainder97 } from './check-digits.ts'
import { spelled } from './spelling.ts'

/** The lengths of the IBAN registry (ISO 13616, SWIFT), by country. */
const lengths: ReadonlyMap<string, number> = new Map(
  (
    'NO15 BE16 DK18 FI18 FO18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 ' +
    'DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 ' +
    'TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 EG28 GT28 HU28 ' +
    'LB28 NI28 PL28 SV28 SD18 BR29 PS29 QA29 JO30 KW30 MU30 YE30 MT31 SC31 LC32 RU33 UA29 FK18 MN20'
  )
    .split(' ')
    .map(entry => [entry.slice(0, 2), Number(entry.slice(2))]),
)
/** Order numbers begin as accounts do, but with other letters. */
const shape = new RegExp(`(?:^|[^0-9A-Za-z])(?:${[...lengths.keys()].join('|')})\\d\\d[ -]?[0-9A-Z]`)
const start = /(?<![0-9A-Za-z])[A-Z]{2}\d\d(?=[ \u00a0-]?[0-9A-Z])/g

export const iban: DetectorPlugin = {
  kind: 'detector',
  name: 'iban',
  summary: {
    zh: '国际银行账号（IBAN，ISO 13616）：国家、长度和校验码正确，可分组',
    en: 'International bank account numbers (ISO 13616) with the length of their country and the right check, in groups or not',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: 'IBAN: GB82 WEST 1234 5698 7654 32.', finds: ['GB82 WEST 1234 5698 7654 32'] },
    { in: '收款账号DE89370400440532013000', finds: ['DE89370400440532013000'] },
    { in: 'NL91 ABNA 0417 1643 00 or', finds: ['NL91 ABNA 0417 1643 00'] },
    { in: 'DE89370400440532013001', finds: [], why: 'the check is wrong' },
    { in: 'DE8937040044053201300', finds: [], why: 'too short for Germany' },
    { in: 'XDE89370400440532013000', finds: [], why: 'inside a longer word' },
  ],
  create: () => detector,
}

const detector: Detector = {
  // Accounts of more letters are rare, and known by their field.
  triggers: { digits: 10, joined: true, shape },
  checked: true,
  find(text) {
    const spans: Span[] = []
    start.lastIndex = 0
    for (let match = start.exec(text); match !== null; match = start.exec(text)) {
      const end = endOfIban(text, match.index)
      if (end === null) continue
      spans.push({ start: match.index, end })
      start.lastIndex = end
    }
    return spans
  },
  normalize: value => spelled(detector, value, found => found.replace(/[ \u00a0-]/g, '')),
}

/** Where the IBAN ends that starts here; null if none does. No more than 34 characters and a separator for every four. */
function endOfIban(text: string, from: number): number | null {
  const length = lengths.get(text.slice(from, from + 2))
  if (length === undefined) return null
  let code = ''
  let at = from
  for (let parted = false; code.length < length && at < text.length; at++) {
    if (/[0-9A-Z]/.test(text[at]!)) {
      code += text[at]
      parted = false
    } else if (!parted && /[ \u00a0-]/.test(text[at]!)) parted = true
    else return null
  }
  if (code.length < length || /[0-9A-Za-z]/.test(text[at] ?? '')) return null
  return remainder97(code.slice(4) + code.slice(0, 4)) === 1 ? at : null
}
