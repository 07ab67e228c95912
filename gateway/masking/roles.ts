/**
 * What names say of the values beside them, where a body describes itself: `{"label":"姓名","value":"张三"}`,
 * `{"columns":["姓名"],"rows":[["张三"]]}`. A name's role counts only for what its label or column is known as, so a word
 * that often means something else costs nothing.
 */
import type { Role } from '../contracts.ts'
import { normalizeName } from '../policy/names.ts'
import { NameSieve } from './name-sieve.ts'

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** `label` names what the `value` beside it is; `columns` names what stands in the `rows` beside it. Normalised. */
const roleWords: Readonly<Record<keyof typeof role, readonly string[]>> = {
  label:
    words(`label labelname name key field fieldname fieldlabel fieldtitle fieldkey title caption header attr attrname
    attribute attributename prop property propertyname propname param paramname item itemname itemtitle column
    columnname columntitle col colname text displayname dataindex datafield question k zdm zdmc mc sxm sxmc xmmc
    fieldcode fielddesc fieldcomment columncomment columncode attrcode attributecode propertycode itemcode metakey
    mapping jsonmap accessor accessorkey colid path jsonpath pointer propertypath fieldpath
    desc dt lbl stitle mdata mdataprop headername headertext display code 字段 字段名 字段名称 名称 标签 项目
    项目名称 属性 属性名 属性名称 列 列名 标题 参数 参数名 问题 题目 指标 指标名称 变更项 变更字段`),
  value: words(`value val values fieldvalue attrvalue attributevalue propvalue propertyvalue paramvalue itemvalue
    columnvalue colvalue content text textvalue stringvalue valuestring displayvalue answer fieldval colval attrval
    strvalue textval valuetext metavalue inputvalue defaultvalue result v oldvalue newvalue beforevalue aftervalue
    before after old new previous current original originalvalue oldval newval beforeval afterval valuebefore
    valueafter olddata newdata fromvalue tovalue fromstring tostring lhs rhs dd zdz sxz 值 字段值 属性值 参数值 内容
    取值 答案 回答 结果 原值 新值 旧值 变更前 变更后 修改前 修改后`),
  columns:
    words(`columns column cols headers header heads head fields fieldnames columnnames colnames titles title labels
    names keys dimensions thead schema meta cnames aocolumns aocolumndefs columndefs colmodel colmodels columnmodel
    columnlist headerlist fieldlist fieldnamelist headings scolumns coldefs columndefinitions fielddefs fielddefinitions
    gridcolumns tablecolumns tableheader tableheaders tablehead tabletitle thlist headlist titlelist collist 列 列名 表头 字段 标题 栏目`),
  rows: words(`rows row data values list records record items body tbody result results source datalist datasource
    tabledata lines cells aadata rowdata griddata pagedata datas dataset entries root recordset rowset resultset resultlist rowlist tablerows datarows 行 数据 记录
    列表 内容`),
}

export const role = { label: 1, value: 2, columns: 4, rows: 8 } as const satisfies Readonly<Record<string, Role>>

const roles: ReadonlyMap<string, Role> = rolesByName()

function rolesByName(): Map<string, Role> {
  const found = new Map<string, Role>()
  for (const kind of Object.keys(role) as (keyof typeof role)[]) {
    for (const name of roleWords[kind]) found.set(name, (found.get(name) ?? 0) | role[kind])
  }
  return found
}

const sieve = new NameSieve([...roles.keys()])

export function rolesOf(name: string): Role {
  return sieve.mayHold(name) ? (roles.get(normalizeName(name)) ?? 0) : 0
}

/** Most labels are names and nothing else. */
const bare = /^[0-9A-Za-z\u4e00-\u9fff]*$/

/** Where a value stands, as JSON Patch and lists of changes say it: `/data/tel`, `person.tel`. */
const pointed = /^(?:\/|[\w$]+\.)(?:[\w$~-]*[/.])*([\w$\u4e00-\u9fff-]+)$/

/** The name in a label: `* 手机号：`, `身份证号（必填）`; of a place its last step. */
export function nameInLabel(label: string): string {
  if (bare.test(label)) return label
  const last = pointed.exec(label.slice(0, 64))?.[1]
  if (last !== undefined) return last
  return label
    .slice(0, 64)
    .replace(/^[\s*＊•·:：]+/, '')
    .replace(/[（(【[][^（(【[\]】)）]*[\]】)）][\s*＊:：]*$/, '')
    .replace(/[\s*＊:：]+$/, '')
}
