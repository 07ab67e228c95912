/** What two policies differ by, in words for people: what loosens first, place by place, those who see the same together. */
import type { Bilingual } from '../../contracts.ts'
import type { Policy } from '../../policy/policy.ts'
import { form } from '../../records/tell/words.ts'
import { type Io, say } from '../command.ts'
import type { Wider } from './wider.ts'

type Lang = Io['lang']

/** Routes and types of one line that are named; of more it is said how many. */
const mostNamed = 4

/**
 * `wider`: what the new policy shows more of; `narrower`: what the old one does. What stands in both, as it cannot be compared, is
 * told with what loosens.
 */
export function differenceText(
  { wider, narrower }: { readonly wider: readonly Wider[]; readonly narrower: readonly Wider[] },
  policies: Policies,
  lang: Lang,
): string {
  const placeOf = ({ audience, with: presented, from: _from, to: _to, ...rest }: Wider) =>
    JSON.stringify([audience, [...presented].sort(), rest.system, rest.route, rest.field, settings.has(rest.subject)])
  const loosened = new Set(wider.map(placeOf))
  const fields = new Set([...wider, ...narrower].map(({ field }) => field))
  // less inside of something else is of interest to nobody who sees what the field itself has become
  const isInside = (field: string | null) => field?.includes('.') === true && fields.has(field.replace(/^.*\./, ''))
  const tightened = narrower.filter(one => !loosened.has(placeOf(one)) && !isInside(one.field))
  const parts = [
    [words.more, wider.map(one => changeOf(one, false))] as const,
    [words.less, tightened.map(one => changeOf(one, true))] as const,
  ]
  return parts
    .filter(([, changes]) => changes.length > 0)
    .map(([title, changes]) => {
      const text = placesText(changes, policies, lang)
      return `${say(title(text.split(lineStart).length - 1), lang)}\n${text}`
    })
    .join('\n')
}

/** A type may be in one of them alone. */
type Policies = { readonly before: Policy; readonly next: Policy }

/** A form and the type it is of, or a setting. */
type State = { readonly word: string; readonly type: string | null }
type Change = Pick<Wider, 'audience' | 'with' | 'system' | 'route' | 'field' | 'subject'> & {
  readonly before: State
  readonly after: State
}

/** `isReversed`: it was found by asking what the old policy shows more of. */
function changeOf(one: Wider, isReversed: boolean): Change {
  const isSetting = settings.has(one.subject)
  const [, word, otherMask, type] = /^(.*?)( by another mask)?(?: as (.+))?$/.exec(one.to)!
  const from: State = { word: one.from, type: isSetting ? null : one.subject }
  const to: State = isSetting
    ? { word: one.to, type: null }
    : { word: otherMask === undefined ? word! : 'another mask', type: type ?? one.subject }
  const [before, after] = isReversed ? [to, from] : [from, to]
  return { ...one, before, after }
}

const lineStart = '    '

/** By place, and within it by what becomes of what. */
function placesText(changes: readonly Change[], policies: Policies, lang: Lang): string {
  const alike = (of: (one: Change) => unknown) => (one: Change) => JSON.stringify(of(one))
  // the same in several routes is one
  const lines = [
    ...Map.groupBy(
      changes,
      alike(({ route: _, ...rest }) => rest),
    ).values(),
  ].map(group => ({
    ...group[0]!,
    routes: group.flatMap(({ route }) => route ?? []).sort(),
  }))
  const places = Map.groupBy(lines, ({ system, field, routes }) => JSON.stringify([system, field, routes]))
  return [...places.values()]
    .sort((one, other) => Number(endsClear(other)) - Number(endsClear(one)))
    .map(place => {
      const who = Map.groupBy(
        place,
        alike(({ before, after, subject }) => [before, after, subject]),
      )
      const told = [...who.values()].map(group => ({ ...group[0]!, who: whoSees(group, lang) }))
      const types = Map.groupBy(told, one => `${one.who}: ${stateChange(one, policies, lang, one.system === null)}`)
      const rows = [...types].map(([text, group]) => `${lineStart}${text}${typesText(group, policies, lang)}\n`)
      return `  ${placeText(place[0]!, lang)}\n${rows.join('')}`
    })
    .join('')
}

const endsClear = (place: readonly Change[]) => place.some(({ after }) => after.word === 'clear')

function placeText({ system, field, routes }: Change & { readonly routes: readonly string[] }, lang: Lang): string {
  const name = system === null ? say(words.everywhere, lang) : system === shipped ? say(words.shipped, lang) : system
  const where = [name, ...named(routes, words.comma, lang)].join(' ')
  if (field === null) return where
  const said = places.get(field)
  return `${where}  ${said === undefined ? field : say(said, lang)}`
}

/** The name that `openCompared` gives a system without a policy of its own. */
const shipped = 'policy-shipped'

function named(all: readonly string[], between: Bilingual, lang: Lang): string[] {
  if (all.length === 0) return []
  const shown = all.slice(0, mostNamed).join(say(between, lang))
  return [all.length > mostNamed ? `${shown}${say(words.others(all.length), lang)}` : shown]
}

function whoSees(group: readonly Change[], lang: Lang): string {
  const each = group.map(({ audience, with: presented }) => {
    if (audience === null) return say(words.everybody, lang)
    if (presented.length === 0) return audience
    return say(words.presenting(audience, [...presented].sort().join(' + ')), lang)
  })
  return [...new Set(each)].sort().join(say(words.comma, lang))
}

/** Without types where they are told behind it, one list for all that change alike. */
function stateChange({ subject, before, after }: Change, policies: Policies, lang: Lang, isOfTypes: boolean): string {
  const setting = settings.get(subject)
  const text = (state: State) => stateText(state, policies, lang, !isOfTypes)
  const [from, to] = [text(before), text(after)]
  if (setting === undefined) return say(words.becomes(from, to), lang)
  if (before.word === 'none' || after.word === 'none')
    return say((before.word === 'none' ? words.added : words.taken)(setting), lang)
  return `${say(setting, lang)} ${say(words.becomes(from, to), lang)}`
}

function stateText({ word, type }: State, policies: Policies, lang: Lang, withType: boolean): string {
  const said = say(states.get(word) ?? (type === null ? { zh: word, en: word } : form(word)), lang)
  if (type === null || !withType || word === 'not found') return said
  const of = type === 'unlisted' ? say(words.unlisted, lang) : typeText(type, policies, lang)
  return lang === 'zh' ? `${said}（${of}）` : `${said} (${of})`
}

function typesText(group: readonly Change[], policies: Policies, lang: Lang): string {
  const types = group.flatMap(({ system, before }) => (system === null && before.type !== null ? before.type : []))
  const texts = [...new Set(types)].map(type => typeText(type, policies, lang))
  const list = named(texts, words.semicolon, lang)
  return list.length === 0 ? '' : `${say(words.colon, lang)}${list[0]}`
}

/** `cn_mobile@A3` with its title. */
function typeText(label: string, { before, next }: Policies, lang: Lang): string {
  const [name] = label.split('@') as [string]
  const type = [next, before].map(one => one.catalogue.get(name)).find(one => one !== undefined)
  return type === undefined || lang === 'en' ? label : `${type.title.zh} ${label}`
}

const places: ReadonlyMap<string, Bilingual> = new Map([
  ['(unlisted)', { zh: '（未列出的字段）', en: '(unlisted fields)' }],
  ['detected', { zh: '（检测器在文本中找到的）', en: '(found in texts by detectors)' }],
  ['own', { zh: '（本人的行）', en: '(rows of the operator)' }],
  ...[1, 2, 3].map((levels): [string, Bilingual] => [
    `raised ${levels}`,
    { zh: `（when 提高 ${levels} 级的行）`, en: `(rows raised by ${levels} under when)` },
  ]),
])

const states: ReadonlyMap<string, Bilingual> = new Map([
  ['read', { zh: '由检测器读', en: 'read by detectors' }],
  ['keep', { zh: '不读就放行', en: 'kept unread' }],
  ['hold', { zh: '等待审核', en: 'held for review' }],
  ['not found', { zh: '检测器不再找它', en: 'looked for by no detector' }],
  ['another mask', { zh: '换了遮盖方式，可能露出更多', en: 'another mask, which may show more' }],
  ['withheld', { zh: '扣留', en: 'withheld' }],
  ['allowed', { zh: '放行', en: 'let through' }],
  ['masked', { zh: '脱敏', en: 'masked' }],
  ['handed out', { zh: '密封后交给本人，可凭它登录', en: 'handed to the caller sealed, to sign in by' }],
  ['allow', { zh: '放行', en: 'let through' }],
  ['refused', { zh: '拒绝', en: 'refused' }],
  ['asked by', { zh: '可以按它查询', en: 'may be asked by' }],
  ['by name', { zh: '按名称判断', en: 'as it is called' }],
  ['names', { zh: '选取字段（names）', en: 'choosing fields (names)' }],
  ['nested_names', { zh: '选取字段（nested_names）', en: 'choosing fields (nested_names)' }],
  ['untyped', { zh: '不写类型', en: 'without a type' }],
  ['listed', { zh: '按策略所列', en: 'as listed' }],
  ['header', { zh: '按表头', en: 'by its header' }],
  ['unnamed', { zh: '没有名称', en: 'without a name' }],
  ['unlimited', { zh: '不限', en: 'without limit' }],
  ['earlier', { zh: '更早', en: 'earlier' }],
  ['later', { zh: '更晚', en: 'later' }],
  ['other rules', { zh: '原来的规则', en: 'the rules before' }],
  ['rules that look at the row', { zh: '另一些规则，无法比较', en: 'others, which cannot be compared' }],
])

/** What is no type of a field. */
const settings: ReadonlyMap<string, Bilingual> = new Map([
  ['audience', { zh: '受众', en: 'audience' }],
  ['system', { zh: '系统', en: 'system' }],
  ['route', { zh: '路由', en: 'route' }],
  ['when', { zh: '看行的规则（when）', en: 'rules that look at the row (when)' }],
  ['bulk', { zh: '不需授权的行数（bulk）', en: 'rows without a grant (bulk)' }],
  ['bulk_people', { zh: '不需授权的人数（bulk）', en: 'people without a grant (bulk)' }],
  ['from', { zh: '开始提供的时间（from）', en: 'served from' }],
  ['until', { zh: '停止提供的时间（until）', en: 'served until' }],
  ['review', { zh: '审核（review）', en: 'review' }],
  ['errors', { zh: '错误应答（errors）', en: 'errors' }],
  ['opaque', { zh: '不读的文件（opaque）', en: 'files unread (opaque)' }],
  ['assets', { zh: '页面所需文件（assets）', en: 'files of a page (assets)' }],
  ['hands_out', { zh: '交给本人的令牌（hands_out）', en: 'token for its caller (hands_out)' }],
  ['jsonp', { zh: 'JSONP', en: 'JSONP' }],
  ['charset', { zh: '字符集（charset）', en: 'charset' }],
  ['columns', { zh: '列名（columns）', en: 'name (columns)' }],
  ['query', { zh: '查询参数（query）', en: 'parameter (query)' }],
  ['params', { zh: '路径参数（params）', en: 'parameter of the path (params)' }],
  ['body', { zh: '发来的内容（body）', en: 'what is sent (body)' }],
  ['legacy_paths', { zh: '路径中的会话号（legacy_paths）', en: 'session ids in paths (legacy_paths)' }],
])

const words = {
  more: (count: number): Bilingual => ({
    zh: `显示更多，或无法证明同样严格：${count} 处。启用前须由第二人批准（veilgate policies approve）。`,
    en: `Shows more, or cannot be shown to be as strict: ${count}. A second person has to approve (veilgate policies approve).`,
  }),
  less: (count: number): Bilingual => ({ zh: `显示更少：${count} 处。`, en: `Shows less: ${count}.` }),
  everywhere: { zh: '各系统', en: 'all systems' },
  everybody: { zh: '所有人', en: 'everybody' },
  unlisted: { zh: '未列出', en: 'unlisted' },
  shipped: { zh: '没有自己策略文件的系统', en: 'systems without a policy of their own' },
  comma: { zh: '、', en: ', ' },
  semicolon: { zh: '；', en: '; ' },
  colon: { zh: '：', en: ': ' },
  others: (count: number): Bilingual => ({ zh: ` 等 ${count} 个`, en: ` … ${count} in all` }),
  presenting: (audience: string, presented: string): Bilingual => ({
    zh: `${audience}（出示 ${presented}）`,
    en: `${audience} (presenting ${presented})`,
  }),
  becomes: (from: string, to: string): Bilingual => ({ zh: `${from} → ${to}`, en: `${from} -> ${to}` }),
  added: (what: Bilingual): Bilingual => ({ zh: `新增的${what.zh}`, en: `a new ${what.en}` }),
  taken: (what: Bilingual): Bilingual => ({ zh: `去掉的${what.zh}`, en: `no ${what.en} any more` }),
}
