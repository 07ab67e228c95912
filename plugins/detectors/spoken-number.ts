import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { isBankCard } from './bank-card.ts'
import { isResidentId } from './cn-resident-id.ts'

/** The numerals, as they are written, on cheques, and said on the telephone; each ten of one digit. */
const numerals = '零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖○幺貳參肆伍陸柒捌玖'
const digitOf = new Map([...numerals].map((numeral, at) => [numeral, String(at % 10)]))

const one = `[${numerals}]`
const between = '[ 、，,-]?'
/** Eleven numerals in a row at the least; an ID number may end with an X. */
const ending = `${between}[Xx叉]`
const runs = new RegExp(`${one}(?:${between}${one}){10,}(?:${ending})?`, 'g')
const lastX = new RegExp(`${ending}$`)
/** A group of three is in all of them but those said one by one; a longer shape would make a large automaton. */
const shape = new RegExp(`${one}${one}${one}`)

export const spokenNumber: DetectorPlugin = {
  kind: 'detector',
  name: 'spoken_number',
  summary: {
    zh: '用汉字写出的手机号、固定电话、身份证号和银行卡号：一三八…、壹叁捌…、幺三八…',
    en: 'Mobile, landline, ID and bank card numbers in Chinese numerals, as transcripts have them',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '打一三八零零一三八零零零找我', finds: ['一三八零零一三八零零零'] },
    { in: '幺三八 〇〇幺三 八〇〇〇', finds: ['幺三八 〇〇幺三 八〇〇〇'], why: 'as it is said on the telephone' },
    { in: '壹叁捌零零壹叁捌零零零', finds: ['壹叁捌零零壹叁捌零零零'] },
    { in: '一一零一零五一九四九一二三一零零二X', finds: ['一一零一零五一九四九一二三一零零二X'] },
    { in: '座机零五七一八八八八六六六六', finds: ['零五七一八八八八六六六六'] },
    { in: '卡号叁柒捌贰捌贰贰肆陆叁壹零零零伍', finds: ['叁柒捌贰捌贰贰肆陆叁壹零零零伍'], why: 'fifteen digits' },
    {
      in: '一一零一零五四九一二三一零零二',
      finds: ['一一零一零五四九一二三一零零二'],
      why: 'an ID number used until 1999',
    },
    { in: '卡号三五三零一一一三三三三零零零零零', finds: ['三五三零一一一三三三三零零零零零'], why: 'JCB' },
    { in: '二〇二六年一月', finds: [], why: 'a year' },
    { in: '一二三四五六七八九十', finds: [], why: 'counting' },
    { in: '一二三四五六七八九零一', finds: [], why: 'the numbering plan has no 12' },
    { in: '一三八零零一三八零零零五', finds: [], why: 'one too many' },
    { in: '壹拾叁万捌仟元整', finds: [], why: 'an amount' },
  ],
  create: () => detector,
}

const none: readonly Span[] = []

const detector: Detector = {
  triggers: { wide: 11, shape },
  checked: true,
  find(text) {
    if (text.length < 11 || !shape.test(text)) return none
    const spans: Span[] = []
    for (const { 0: run, index: start } of text.matchAll(runs)) {
      const bare = run.replace(lastX, '')
      const said = [run, bare].find(one => isPersonal(digitsIn(one)))
      if (said !== undefined && shape.test(said)) spans.push({ start, end: start + said.length })
    }
    return spans
  },
  normalize(value) {
    const digits = digitsIn(value)
    return isPersonal(digits) ? digits.replace(/\d/g, digit => numerals[Number(digit)]!) : value
  },
}

function digitsIn(run: string): string {
  return [...run].map(one => digitOf.get(one) ?? (/[Xx叉]/.test(one) ? 'X' : '')).join('')
}

/** A mobile number, a landline with its area, an ID number or a bank card. */
function isPersonal(digits: string): boolean {
  if (/^1[3-9]\d{9}$|^0[1-9]\d{9,10}$/.test(digits)) return true
  return isResidentId(digits) || isBankCard(digits)
}
