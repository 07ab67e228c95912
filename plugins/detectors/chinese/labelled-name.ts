/** Names behind a label with a colon, whatever characters they are of: `姓名：鱼蹇`. */
import type { Span } from '../../../gateway/contracts.ts'
import { kind, kinds } from './name-tables.ts'

/** What may stand between a label and its value; one of the signs has to. */
const signs = ':：='
/** The same and what else may, by code unit. */
const gap = new Uint8Array(65_536)
for (const sign of `${signs} \t（(“"「『`) gap[sign.charCodeAt(0)] = 1
const mostBetween = 4

/** What pads names and labels of two characters to the width of three: 姓　名：王　一. */
const pad = '[ \\u00a0\\u3000]{1,4}'
const padded = new RegExp(`^(.)${pad}.(?![\\u3400-\\u9fff])`)
const longestPad = 4
/** Behind these stands a person's name and hardly anything else; 学生： may as well begin what a pupil says. */
const label = new RegExp(
  `(?:姓${pad}名|姓名|名字|联系人|申请人|经办人|收件人|收货人|寄件人|签收人|户主|监护人|法定代表人|被保险人|投保人|受益人|持卡人|开户人|委托人|代理人|承办人|报案人|负责人)$`,
)
const longestLabel = 6

/** What is written where there is no name. */
const noName =
  /^[不未无请待暂已可需必应须见填输错为是否仅限按或的各本该某全所同空保匿测]|[处部局室院系所科班组校楼店厂司行馆站队表单号码址型态类额]$/
/** Labels that follow a value without anything between: 姓名：鱼蹇性别：男. */
const nextLabel =
  /(?:性别|年龄|民族|学号|工号|班级|年级|(?:联系|手机|家庭)?电话|手机号?码?|联系方式|身份证号?码?|证件号码?|(?:家庭)?(?:住址|地址)|生日|出生(?:日期|年月)?|籍贯|单位|职务|专业|学院|院系)$/
const dots = /[·•]/
const longestRun = 16

/** The name that begins here right behind a label; null where there is none. Bounded, whatever the text. */
export function labelledName(text: string, start: number): Span | null {
  // Before most characters stands another of the same word.
  if (start === 0 || gap[text.charCodeAt(start - 1)] === 0) return null
  let end = start
  let hasSign = false
  while (end > 0 && start - end < mostBetween && gap[text.charCodeAt(end - 1)] === 1)
    hasSign = signs.includes(text[--end]!) || hasSign
  if (!hasSign || !label.test(text.slice(Math.max(0, end - longestLabel), end))) return null
  const name = nameFrom(text, start)
  if (name.length === 1) return paddedFrom(text, start)
  if (noName.test(name)) return null
  const count = [...name].length
  return count >= 2 && count <= (dots.test(name) ? longestRun : 4) ? { start, end: start + name.length } : null
}

/** Two characters with blanks between, of which the first is a surname. */
function paddedFrom(text: string, start: number): Span | null {
  if ((kinds[text.charCodeAt(start)]! & (kind.common | kind.rare)) === 0) return null
  const run = text.slice(start, start + longestPad + 3)
  const found = padded.exec(run)
  if (found === null || !mayBeHan(run.charCodeAt(found[0].length - 1))) return null
  if (noName.test(found[1]! + found[0].at(-1)!)) return null
  return { start, end: start + found[0].length }
}

/** All Chinese up to the end of the phrase or before the next label; empty where that label is none that is known. */
function nameFrom(text: string, start: number): string {
  let end = start
  while (end - start < longestRun && mayBeInName(text.charCodeAt(end))) end++
  const run = text.slice(start, end)
  if (end === text.length || !signs.includes(text[end]!)) return run
  return run.slice(0, nextLabel.exec(run)?.index ?? 0)
}

/** Han, 〇, the second unit of what is of two, and dots between the parts of a name. */
function mayBeInName(code: number): boolean {
  return mayBeHan(code) || code === 0x3007 || (code >= 0xdc00 && code <= 0xdfff) || code === 0xb7 || code === 0x2022
}

/**
 * Whether a name may begin with this unit: Han of any plane, what is kept for compatibility, and what is for private use, where GBK has
 * Han that Unicode had not yet when it was made, as U+E863 for 䶮.
 */
export function mayBeHan(code: number): boolean {
  if (code >= 0x3400 && code <= 0x9fff) return true
  return (code >= 0xd840 && code <= 0xd8bf) || (code >= 0xe000 && code <= 0xfaff)
}
