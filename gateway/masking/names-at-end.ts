/**
 * Names in Chinese that say at their end what they are: 导师姓名, 监护人身份证号码, 业主联系电话2, 出院诊断. Who stands before it no list of names could
 * tell in full. Pure.
 */
import { normalizeName } from '../policy/names.ts'

/** Longer ones first where one ends with another. */
const ends: readonly string[] = [
  ...['身份证件号码', '身份证件号', '身份证号码', '身份证号', '银行卡号', '护照号码', '护照号', '证件号码', '证件号'],
  ...['手机号码', '手机号', '联系手机', '手机', '联系电话', '电话号码', '电话'],
  ...['出生日期', '出生年月', '家庭住址', '住址', '姓名'],
  ...['诊断', '病史', '病情'],
]
/** Telephones of those who are no persons, and what is wrong with things. */
const ofOthers =
  /(?:故障|设备|系统|网络|性能|程序|车辆|教学|学业|问题|错误)诊断|(?:单位|公司|企业|机构|部门|学校|学院|医院|科室|门店|商家|店铺|客服|服务|咨询|投诉|举报|监督|报修|维修|售后|值班|报警|热线|前台)(?:联系)?电话(?:号码)?$/
/** With which such names end, in any width: their last characters, digits, brackets that are closed, and blanks. */
const last = new Set(
  [...'号码机话期月址名断果称史情0123456789０１２３４５６７８９)）*＊ \u3000'].map(one => one.charCodeAt(0)),
)
const longest = 24

/** Whether a name could end so: wrong only by saying yes. */
export function mayEndInName(name: string): boolean {
  const { length } = name
  return length > 2 && length <= longest && last.has(name.charCodeAt(length - 1)) && /[\u4e00-\u9fff]/.test(name)
}

/** What a name says at its end, as `normalizeName` has it, the most exact first; without what only counts or remarks it. */
export function namesAtEnd(name: string): readonly string[] {
  const bare = normalizeName(name)
    .replace(/\*{1,3}$/, '')
    .replace(/\([^()]*\)$/, '')
    .replace(/(?<=[\u4e00-\u9fff])\d{1,2}$/, '')
    .replace(/(?<=诊断)(?:名称|结果)$/, '')
  return ofOthers.test(bare) ? [bare] : [bare, ...ends.filter(end => bare.endsWith(end))]
}
