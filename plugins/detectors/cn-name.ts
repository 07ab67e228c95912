import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { labelledName, mayBeHan } from './chinese/labelled-name.ts'
import { isLoneName } from './chinese/lone-name.ts'
import { notNames } from './chinese/name-cues.ts'
import { nameInRow } from './chinese/name-in-row.ts'
import { nameShape } from './chinese/name-shape.ts'
import {
  actsBehind,
  cuesBefore,
  cuesBehind,
  doubles,
  edge,
  edges,
  kind,
  kinds,
  peopleBehind,
} from './chinese/name-tables.ts'
import { wordyDoubles } from './chinese/names.ts'
import { plainSpelling } from './spelling.ts'

const mostBetween = 3
/** How many of a list are looked at to know one of them, so that a long list is not read again for each. */
const mostAhead = 3
const dots = '·•‧・・'

/**
 * Names of people in Chinese text, by the characters names are made of and by what stands around: labels, roles, kin,
 * titles, a list of names. Where nothing around says so, only a common surname with two characters that hardly stand
 * elsewhere counts, between the ends of a phrase. Rather misses a name than takes a word for one.
 */
export const cnName: DetectorPlugin = {
  kind: 'detector',
  name: 'cn_name',
  summary: {
    zh: '文本中的中文姓名：按姓氏和名字用字，并看前后的称谓、标签、亲属关系；宁缺毋滥',
    en: 'Chinese names in text, by surnames, given names and what stands around: titles, labels, kin; rather misses one than takes a word for one',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '联系人：王建国，电话见附件', finds: ['王建国'] },
    { in: '请李佳慧老师确认', finds: ['李佳慧'] },
    { in: '父亲张伟来电', finds: ['张伟'] },
    { in: '到会：学生欧阳娜娜、赵敏、孙浩然。', finds: ['欧阳娜娜', '赵敏', '孙浩然'] },
    { in: '学生买买提·吐尔逊请假', finds: ['买买提·吐尔逊'] },
    { in: '今晨魏国强诉伤口疼痛', finds: ['魏国强'], why: 'only people do so' },
    { in: '谢谢方晴，收到', finds: ['方晴'] },
    { in: '承办人：马小海，其母梁秀英在外地', finds: ['马小海', '梁秀英'] },
    { in: '王建国', finds: ['王建国'] },
    { in: '司马青衫、上官婉儿到场', finds: ['司马青衫'], why: 'nobody else begins so' },
    { in: '1 张三   男 计算机  13900139000', finds: ['张三'], why: 'a row of a report' },
    { in: '王　一\t女\t2001-02-03', finds: ['王　一'] },
    { in: '常住  男  120384  女 118203；高中 男 20260101', finds: [] },
    { in: '诸葛镇，欧阳路，慕容集团', finds: [] },
    { in: '请禚文涛老师来', finds: ['禚文涛'] },
    { in: '晏平、冉晓、刘洋洋同学获奖', finds: ['晏平', '冉晓', '刘洋洋'], why: 'the last has a title' },
    { in: '患者女儿白雪莹来电', finds: ['白雪莹'] },
    { in: '责任护士栗晓琴', finds: ['栗晓琴'] },
    { in: '已通知王晓（联系人）和晏雪(姓名)', finds: ['王晓', '晏雪'], why: 'what they are stands behind them' },
    { in: '学号1 姓名：鱼蹇 班级：二', finds: ['鱼蹇'], why: 'behind this label whatever characters' },
    { in: '姓名：鱼蹇性别：男', finds: ['鱼蹇'] },
    { in: '联系人=扎西顿珠', finds: ['扎西顿珠'] },
    { in: '姓　名：王　一，负责人: 赵 欣 电话', finds: ['王　一', '赵 欣'], why: 'blanks pad them' },
    { in: '姓名：王 主任；联系人：处 长', finds: [] },
    { in: '姓名：㛃䶮，户主：𠮷田', finds: ['㛃䶮', '𠮷田'], why: 'Han of other blocks and planes' },
    { in: '联系人：教务处；姓名：不能为空', finds: [] },
    { in: '过程顺利，客户黄了', finds: [] },
    { in: '安排（联系人待定），方案（申请人自拟）', finds: [] },
    { in: '高强度训练', finds: [] },
    { in: '学生高中毕业', finds: [] },
    { in: '周末林业局开放', finds: [] },
    { in: '患者于三月入院', finds: [] },
    { in: '备注：位置', finds: [] },
    { in: '会计金额核对，其父母与岳父岳母均在', finds: [] },
    { in: '负责人李经理', finds: [], why: 'a surname alone' },
    { in: '江苏省马鞍山路', finds: [] },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { wide: 2, shape: nameShape },
  checked: false,
  find,
  mayBe: isLoneName,
  normalize: plainSpelling,
}

const mayBegin = kind.common | kind.rare | kind.double
const mayBeGiven = kind.strong | kind.weak

function find(text: string): readonly Span[] {
  let spans: Span[] | null = null
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0xb7) continue
    let found: Span | null = null
    if ((kinds[code]! & mayBegin) !== 0) found = nameAt(text, at, last) ?? nameInRow(text, at)
    else if (code < 0x3100 && dots.includes(text[at]!)) found = transcribedAround(text, at, last)
    if (found === null && mayBeHan(code)) found = labelledName(text, at)
    if (found === null) continue
    spans ??= []
    spans.push(found)
    last = found.end
    at = last - 1
  }
  return spans ?? []
}

/** A name that begins here, as long as what stands around allows. */
function nameAt(text: string, start: number, last: number, ahead = mostAhead): Span | null {
  const bits = kinds[text.charCodeAt(start)]!
  const isDouble = (bits & kind.double) !== 0 && doubles.has(text.slice(start, start + 2))
  const given = start + (isDouble ? 2 : 1)
  if (isDouble) {
    const alone = aloneAt(text, start, given)
    if (alone !== null) return alone
  }
  const first = kinds[unitAt(text, given)]! & mayBeGiven
  // Most characters that are a surname stand in other words: nothing dear before this line.
  if (first === 0 && !(isAt(text, start - 1, edge.between) && isHan(text, given))) return null
  const cue = cueBefore(text, start)
  // A surname and a title tell of nobody in particular.
  if ((first === 0 && cue < 2) || given >= text.length || isAt(text, given, edge.particle) || behind(text, given) === 3)
    return null
  const second = kinds[unitAt(text, given + 1)]! & mayBeGiven
  // 白雪 is a word, 女儿白雪莹 a person.
  if (notNames.has(text.slice(start, start + 2)) && !isLonger(text, given, second, cue)) return null
  const isCommon = isDouble || (bits & kind.common) !== 0
  if (isDouble && cue === 0 && isPlace(text, start, given)) return null
  // The first of a double surname by itself is none.
  if (!isDouble && (bits & (kind.common | kind.rare)) === 0 && cue < 2) return null
  const isListed = last > 0 && start - last === 1 && '、，, 和与及'.includes(text[last]!)
  for (const length of [2, 1]) {
    const end = given + length
    if (end > text.length) continue
    const strong = (first & kind.strong ? 1 : 0) + (length === 2 && second & kind.strong ? 1 : 0)
    const isGiven = first !== 0 && (length === 1 || second !== 0)
    if (!isGiven && cue < 2) continue
    const rest = behind(text, end)
    const act = isAct(text, end)
    if (length === 2 && !act && isAct(text, end - 1)) continue
    // 卓然同学: a title begins with what might be given.
    if (length === 2 && rest < 3 && behind(text, end - 1) === 3) continue
    // Behind a label with a colon stands what it says, whatever its characters are.
    if (cue === 2 && rest >= 2 && isHan(text, given) && isHan(text, end - 1)) return { start, end }
    if (isGiven && isName({ cue, rest, strong, length, isCommon, isDouble, isListed, act }, text, start))
      return { start, end }
    if (isGiven && ahead > 0 && strong > 0 && isListedWith(text, start, end, ahead)) return { start, end }
  }
  return null
}

/** What ends the name of a place, a firm or a book, and what stands in sentences, behind a surname of two characters. */
const noGiven =
  /[路街镇村乡庄营屯店桥山湖河区县市站寺庙府祠墓台楼馆家氏姓团传校园门厂墩堡沟湾的了着过吗呢吧是在有和与及说他她我你]/

/** Whether what begins as a surname of two characters is as likely something else, and nobody is said to be there. */
function isPlace(text: string, start: number, given: number): boolean {
  if (wordyDoubles.has(text.slice(start, given))) return ![1, 2].some(length => behind(text, given + length) === 3)
  return noGiven.test(text[given]!) && !isHan(text, given + 1)
}

/** A surname of two characters that is hardly a word, and one or two others, with nothing around: whatever these are, it is a name. */
function aloneAt(text: string, start: number, given: number): Span | null {
  if (isHan(text, start - 1) || wordyDoubles.has(text.slice(start, given)) || behind(text, given) === 3) return null
  let end = given
  while (end - given < 3 && isHan(text, end)) end++
  return end > given && end - given < 3 && !noGiven.test(text.slice(given, end)) ? { start, end } : null
}

/** Whether a phrase begins here and a list whose next is a name: 冷月、卓然同学. */
function isListedWith(text: string, start: number, end: number, ahead: number): boolean {
  const begins = isFree(text, start) || before(text, start, 2) > 0
  return begins && text[end] === '、' && nameAt(text, end + 1, 0, ahead - 1) !== null
}

/** Whether what looks like a word of two characters goes on as a name, between what says that one stands there. */
function isLonger(text: string, given: number, second: number, cue: number): boolean {
  const rest = behind(text, given + 2)
  return (second & kind.strong) !== 0 && (rest === 3 || (cue > 0 && (rest > 0 || isAct(text, given + 2))))
}

type Around = {
  readonly cue: 0 | 1 | 2
  readonly rest: 0 | 1 | 2 | 3
  /** How many of the given name's characters are strong, and how many it has. */
  readonly strong: number
  readonly length: number
  readonly isCommon: boolean
  readonly isDouble: boolean
  /** Whether a name stands before it in a list. */
  readonly isListed: boolean
  /** Whether what only people do or have stands behind. */
  readonly act: boolean
}

/** Whether what looks like a name is one, by what stands around it. */
function isName(around: Around, text: string, start: number): boolean {
  const { cue, rest, strong, length, isCommon, isDouble, isListed, act } = around
  const wordy = isAt(text, start, edge.wordy)
  if (cue > 0 && isCommon && length === 2 && (strong > 0 || !wordy)) return true
  if (cue > 0 && length === 2 && strong > 0 && !wordy) return true
  if (cue > 0 && (strong > 0 || cue === 2 || !wordy)) return rest > 0 || act || (isCommon && strong > 0)
  if (rest === 3) return isCommon || strong > 0
  if (rest === 0 && !act) return false
  if (isListed) return strong > 0 || length === 2 || rest === 2
  if (isAt(text, start - 1, edge.role)) return strong > 0 || (length === 2 && !wordy)
  // Inside a phrase a surname is as often the end of a word: 过程顺利.
  const isInside = !act && cue === 0 && before(text, start, rest) < 0
  return score(around, text, start) >= ((wordy && !isDouble) || isInside ? 7 : 6)
}

/**
 * Points for what speaks for a name where nothing says that one comes: the surname, the characters given, and what stands before
 * and behind. Tuned on the sentences of bench/accuracy that may be looked at.
 */
function score(around: Around, text: string, start: number): number {
  const { cue, rest, strong, length, isCommon, isDouble, act } = around
  const surname = isDouble ? 3 : (isCommon ? 2 : 1) - (isAt(text, start, edge.wordy) ? 1 : 0)
  const leading = cue > 0 ? 3 : before(text, start, rest)
  const following = act ? 3 : rest > 0 ? 1 : -3
  return surname + length + strong + leading + following
}

/** What often stands before people, a colon, the beginning of a phrase, a word that leads to a person, or nothing of these. */
function before(text: string, start: number, rest: number): number {
  if (start === 0) return 1
  const last = text[start - 1]!
  if (':：@'.includes(last)) return rest === 2 ? 3 : 2
  const words = isAt(text, start - 1, edge.people) ? peopleBehind.get(last) : undefined
  const word = words?.find(one => text.startsWith(one, start - one.length))
  if (word !== undefined) return word.length > 1 ? 3 : 2
  return isFree(text, start) ? 1 : -1
}

/** Whether what only people do or have stands behind. */
function isAct(text: string, end: number): boolean {
  return isAt(text, end, edge.act) && actsBehind.get(text[end]!)!.some(word => text.startsWith(word, end))
}

/** 2 a label with a colon, 1 another word that announces a name, 0 nothing. */
function cueBefore(text: string, start: number): 0 | 1 | 2 {
  let hasColon = false
  for (let end = start; end > 0 && start - end <= mostBetween; end--) {
    const bits = edges[text.charCodeAt(end - 1)]!
    if ((bits & edge.cue) !== 0 && isCue(text, end)) return hasColon ? 2 : 1
    if ((bits & edge.between) === 0) return 0
    hasColon ||= ':：='.includes(text[end - 1]!)
  }
  return 0
}

function isCue(text: string, end: number): boolean {
  return cuesBefore.get(text[end - 1]!)!.some(cue => text.startsWith(cue, end - cue.length) && end >= cue.length)
}

/** 3 a title, 2 the end of the phrase, 1 a word that goes on behind names, 0 anything else. */
function behind(text: string, end: number): 0 | 1 | 2 | 3 {
  if (end >= text.length) return 2
  if (isAt(text, end, edge.title) && cuesBehind.get(text[end]!)!.some(cue => text.startsWith(cue, end))) return 3
  if (!isHan(text, end)) return 2
  return (kinds[text.charCodeAt(end)]! & kind.follower) !== 0 ? 1 : 0
}

/** Whether a phrase begins here, or a word stands before that leads to a person. */
function isFree(text: string, start: number): boolean {
  return start === 0 || !isHan(text, start - 1) || (kinds[unitAt(text, start - 1)]! & kind.leader) !== 0
}

/** A name of two parts with a dot between, as it sounds in another language. */
function transcribedAround(text: string, dot: number, least: number): Span | null {
  const isPart = (at: number) => (kinds[unitAt(text, at)]! & kind.transcribed) !== 0
  let start = dot
  while (start > least && dot - start < 8 && isPart(start - 1)) start--
  let end = dot + 1
  while (end < text.length && end - dot <= 8 && (isPart(end) || (dots.includes(text[end]!) && isPart(end + 1)))) end++
  return dot - start >= 1 && end - dot - 1 >= 2 ? { start, end } : null
}

/** Whether the character is so around names; false beyond the ends of the text. */
function isAt(text: string, at: number, bit: number): boolean {
  return (edges[unitAt(text, at)]! & bit) !== 0
}

/** The unit at a position, 0 beyond the ends of the text: no table has anything there, but reading it by NaN is slow. */
function unitAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? text.charCodeAt(at) : 0
}

function isHan(text: string, at: number): boolean {
  const code = unitAt(text, at)
  return code >= 0x4e00 && code <= 0x9fff
}
