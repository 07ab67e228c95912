/**
 * Names in Chinese that say at their end what they are: 导师姓名, 监护人身份证号码, 业主联系电话2, 出院诊断. Who stands before it no list of names could
 * tell in full. Pure.
 */
import { normalizeName } from './names.ts'

/** Longer ones first where one ends with another. */
const ends: readonly string[] = `
  身份证件号码 身份证件号 身份证号码 身份证号 银行卡号 护照号码 护照号 证件号码 证件号 手机号码 手机号 联系手机 手机 联系电话 电话号码
  电话 出生日期 出生年月 家庭住址 住址 姓名 诊断 病史 病情 法定代表人 联系人 负责人 经办人 申请人 监护人 代理人 委托人 承办人 收货人
  收件人 寄件人 签收人 户主 被保险人 投保人 受益人 借款人 担保人 持卡人 审核人 审批人 班主任 导师
`
  .trim()
  .split(/\s+/)
/** Telephones of those who are no persons, what is wrong with things, and whether there is one. */
const ofOthers =
  /^(?:是否|有无|是不是)|(?:故障|设备|系统|网络|性能|程序|车辆|教学|学业|问题|错误)诊断|(?:单位|公司|企业|机构|部门|学校|学院|医院|科室|门店|商家|店铺|客服|服务|咨询|投诉|举报|监督|报修|维修|售后|值班|报警|热线|前台)(?:联系)?电话(?:号码)?$/
/** What may follow `诊断` and say no more. */
const remarks: readonly string[] = ['名称', '结果']
const remarked = new RegExp(`(?<=诊断)(?:${remarks.join('|')})$`)
/** What counts or remarks a name behind its end, in any width, and what stands in none (`normalizeName`). */
const behind = /[\d０-９*＊\s_\-.\p{Cf}]/u
/** By character: whether it is one of these, closes brackets, or is the last of an end; 0 until it is met. */
const kinds = new Uint8Array(65_536)
const kind = { other: 1, behind: 2, closing: 3, last: 4 } as const
for (const bracket of ')）') kinds[bracket.charCodeAt(0)] = kind.closing
/** The last two characters of all ends: of most texts these tell that they are no such name. */
const pairs = new Set<string>()
for (const end of [...ends, ...remarks]) {
  kinds[end.charCodeAt(end.length - 1)] = kind.last
  pairs.add(end.slice(-2))
}
const longest = 24

/** Whether a name could end so: wrong only by saying yes. */
export function mayEndInName(name: string): boolean {
  if (name.length <= 2 || name.length > longest) return false
  let end = lastBefore(name, name.length)
  if (end >= 0 && kindAt(name, end) === kind.closing)
    end = lastBefore(name, Math.max(name.lastIndexOf('(', end), name.lastIndexOf('（', end)))
  if (end < 1 || kindAt(name, end) !== kind.last) return false
  const before = lastBefore(name, end)
  return before >= 0 && pairs.has(name[before]! + name[end]!)
}

/** Where the last character stands ahead of `to` that says something; -1: nowhere. */
function lastBefore(name: string, to: number): number {
  let at = to - 1
  while (at >= 0 && kindAt(name, at) === kind.behind) at--
  return at
}

function kindAt(name: string, at: number): number {
  const code = name.charCodeAt(at)
  return kinds[code] || learn(code)
}

function learn(code: number): number {
  return (kinds[code] = behind.test(String.fromCharCode(code)) ? kind.behind : kind.other)
}

/** What a name says at its end, as `normalizeName` has it, the most exact first; without what only counts or remarks it. */
export function namesAtEnd(name: string): readonly string[] {
  const bare = normalizeName(name)
    .replace(/\*{1,3}$/, '')
    .replace(/\([^()]*\)$/, '')
    .replace(/(?<=[\u4e00-\u9fff])\d{1,2}$/, '')
    .replace(remarked, '')
  return ofOthers.test(bare) ? [bare] : [bare, ...ends.filter(end => bare.endsWith(end))]
}
