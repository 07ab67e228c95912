import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { addEndsBefore, hasLabel, type Labels, labelsOf } from './labels.ts'
import { plainSpelling } from './spelling.ts'

type Kind = 'digits' | 'code' | 'word'
type Options = {
  readonly after?: readonly string[]
  readonly value?: Kind
  readonly least?: number
  readonly most?: number
}

/** What may stand inside a value of each kind, and how much of it has to be digits. */
const inside: Readonly<Record<Kind, RegExp>> = { digits: /[0-9]/, code: /[0-9A-Za-z]/, word: /[!-~]/ }
const parting = /[- ()]/

/** How a value of each kind begins, as an expression: further would make too large an automaton of it (`Triggers.shape`). */
const beginnings: Readonly<Record<Kind, string>> = {
  digits: '[0-9](?:[- ()（）]?[0-9]){2}',
  code: '[0-9A-Za-z][- ()（）]?[0-9A-Za-z]',
  word: '[0-9A-Za-z]',
}

/**
 * Numbers and words that only their label tells: passports, QQ numbers, passwords. What stands close behind one of the
 * labels is found where it has the right characters and length; without a label nothing is.
 */
export const labelled: DetectorPlugin<Options> = {
  kind: 'detector',
  name: 'labelled',
  summary: {
    zh: '标签之后的号码或字词，如“护照号：E12345678”；没有标签就不认',
    en: 'Numbers and words right behind a label, as in `Passport: E12345678`; nothing without a label',
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      after: {
        type: 'array',
        items: { type: 'string', minLength: 1, maxLength: 24 },
        minItems: 1,
        default: ['证件号码', '证件号'],
        description: 'The labels; 号, 号码, 编号, colons and brackets may follow each.',
      },
      value: {
        enum: ['digits', 'code', 'word'],
        default: 'code',
        description:
          'digits, in groups or not; letters and digits with four digits at least; or any ASCII without spaces.',
      },
      least: {
        type: 'integer',
        minimum: 3,
        maximum: 64,
        default: 6,
        description: 'Characters at least, without separators.',
      },
      most: { type: 'integer', minimum: 3, maximum: 64, default: 20, description: 'Characters at most.' },
    },
  },
  examples: [
    { in: '证件号码：E12345678，有效期', finds: ['E12345678'] },
    { in: '证件号 AB-1234567。', finds: ['AB-1234567'] },
    { in: '证件号（１２３４５６７８）', finds: ['１２３４５６７８'], why: 'full-width' },
    { in: 'E12345678', finds: [], why: 'no label' },
    { in: '证件号码：待补', finds: [], why: 'no number' },
    { in: '证件号码共有18位', finds: [], why: 'too short' },
  ],
  create({ after = ['证件号码', '证件号'], value = 'code', least = 6, most = 20 }) {
    const labels = labelsOf(after)
    const shape = new RegExp(labels.source + beginnings[value])
    const marks = { of: endsIn, wanted: labels.ends }
    const digits = value === 'digits' ? least : Math.min(least, 4)
    return {
      triggers: value === 'word' ? { wide: 1, shape, marks } : { wide: 1, digits, shape, marks },
      checked: false,
      find: text => find(text, labels, value, least, most),
      normalize: plainSpelling,
    } satisfies Detector
  },
}

function find(text: string, labels: Labels, kind: Kind, least: number, most: number): readonly Span[] {
  const kinds = endsIn(text)
  let spans: Span[] | null = null
  let from = 0
  for (let index = 0; index < kinds.length; index++) {
    // Most texts have nothing before any value that could be the end of one of these labels.
    if (labels.ends[kinds[index]!] === 0) continue
    const start = starts[index]!
    if (start < from) continue
    from = start + 1
    if (!hasLabel(text, start, labels)) continue
    const end = endOfValue(text, start, kind, least, most)
    if (end === null) continue
    spans ??= []
    spans.push({ start, end })
    from = end
  }
  return spans ?? none
}

const none: readonly Span[] = []

/** The text that was read last: all that look for labels read a text in turn, and only the first of them counts. */
let lastText = ''
/** Of each end that a label may have in it, its kind (`addEndsBefore`), and where the value would start. */
const kinds: number[] = []
const starts: number[] = []

/** The kinds of all ends of labels; values start where a run of letters and digits begins, or its digits do behind letters. */
export function endsIn(text: string): readonly number[] {
  if (text === lastText) return kinds
  kinds.length = 0
  starts.length = 0
  let before = 0
  for (let at = 0; at < text.length; at++) {
    const kind = kindOf[text.charCodeAt(at)]!
    if (kind !== 0 && (before === 0 || (before === 2 && kind === 1))) {
      addEndsBefore(text, at, kinds)
      while (starts.length < kinds.length) starts.push(at)
    }
    before = kind
  }
  lastText = text
  return kinds
}

/** By code unit: 1 a digit, 2 a letter, also full-width; 0 neither. */
const kindOf = new Uint8Array(65_536)
for (const from of [0, 0xfee0]) {
  kindOf.fill(1, from + 0x30, from + 0x3a)
  kindOf.fill(2, from + 0x41, from + 0x5b)
  kindOf.fill(2, from + 0x61, from + 0x7b)
}

/** Where the value ends that starts here; null if there is none of the right kind and length. */
function endOfValue(text: string, start: number, kind: Kind, least: number, most: number): number | null {
  let count = 0
  let digits = 0
  let end = start
  for (let at = start; at < text.length && count <= most; at++) {
    const code = text.charCodeAt(at)
    const plain = code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code
    const character = String.fromCharCode(plain)
    if (inside[kind].test(character)) {
      count++
      if (plain >= 0x30 && plain <= 0x39) digits++
      end = at + 1
    } else if (kind === 'word' || at > end || !parting.test(character)) break
  }
  if (kind === 'word') while (end > start && /[,.;:!?)\]}"'>，。；：！？）】”’》]/.test(text[end - 1]!)) end--
  if (count > most || end - start < least || (kind !== 'word' && count < least)) return null
  if (kind === 'code' && digits < Math.min(least, 4)) return null
  return kind !== 'word' && end < text.length && kindOf[text.charCodeAt(end)] !== 0 ? null : end
}
