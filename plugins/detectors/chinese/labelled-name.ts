/** Names behind a label with a colon, whatever characters they are of: `姓名：鱼蹇`. */
import type { Span } from '../../../gateway/contracts.ts'

/** What may stand between a label and its value; one of the signs has to. */
const signs = ':：='
/** The same and what else may, by code unit. */
const gap = new Uint8Array(65_536)
for (const sign of `${signs} \t（(“"「『`) gap[sign.charCodeAt(0)] = 1
const mostBetween = 4

/** Behind these stands a person's name and hardly anything else; 学生： may as well begin what a pupil says. */
const label =
  /(?:姓名|名字|联系人|申请人|经办人|收件人|收货人|寄件人|签收人|户主|监护人|法定代表人|被保险人|投保人|受益人|持卡人|开户人|委托人|代理人|承办人|报案人|负责人)$/
const longestLabel = 5

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
  if (noName.test(name)) return null
  const count = [...name].length
  return count >= 2 && count <= (dots.test(name) ? longestRun : 4) ? { start, end: start + name.length } : null
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
