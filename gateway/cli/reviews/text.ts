/** Answers that wait for review, as people read them. */
import type { ReviewOutline, ReviewView } from '../../console/reviews-api.ts'
import type { Bilingual } from '../../contracts.ts'
import { printable } from '../../records/query/table.ts'
import { localTime } from '../../records/query/when.ts'
import type { Language } from '../command.ts'

const stepWords: Readonly<Record<NonNullable<ReviewView['next']>, Bilingual>> = {
  pass: { zh: '初审', en: 'first review' },
  check: { zh: '复核', en: 'check' },
  release: { zh: '签发', en: 'release' },
}

const statuses: Readonly<Record<ReviewView['status'], Bilingual>> = {
  waiting: { zh: '等待', en: 'waits for' },
  released: { zh: '已签发，待领取', en: 'released, not fetched yet' },
  fetched: { zh: '已领取', en: 'fetched' },
  refused: { zh: '未通过，已清除', en: 'refused and erased' },
  expired: { zh: '已过期清除', en: 'expired and erased' },
  overtaken: { zh: '策略已收紧，已清除', en: 'erased, as the policy is stricter now' },
  voided: { zh: '已作废', en: 'void' },
}

const reasons: Readonly<Record<ReviewView['terms']['reason'], Bilingual>> = {
  route: { zh: '该接口的应答都须审核', en: 'every answer of the route is reviewed' },
  unlisted: { zh: '有策略未列出的字段', en: 'it has fields that the policy does not list' },
}

function standing({ status, next }: ReviewView, lang: Language): string {
  return next === null ? statuses[status][lang] : `${statuses[status][lang]} ${stepWords[next][lang]}`
}

/** One line: id, how it stands, for whom, what, until when. */
export function reviewLine(review: ReviewView, lang: Language, zone: string): string {
  const { terms } = review
  const whom = `${terms.operator ?? '-'}@${terms.consumer}`
  const place = `${terms.system} ${terms.method} ${terms.route}`
  return printable(`${terms.id}  ${standing(review, lang)}  ${whom}  ${place}  ${localTime(terms.until, zone)}`)
}

/** All that is known without reading it. */
export function describeReview(review: ReviewOutline, lang: Language, zone: string): string {
  const { terms, steps, fields, people, unlisted } = review
  const zh = lang === 'zh'
  const none = zh ? '无' : 'none'
  const counts = Object.entries(fields ?? {}).map(
    ([type, forms]) =>
      `${type} ${Object.entries(forms)
        .map(([form, count]) => `${form} ${count}`)
        .join(', ')}`,
  )
  const rows: readonly (readonly [zh: string, en: string, value: string])[] = [
    ['编号', 'answer', terms.id],
    ['状态', 'status', standing(review, lang)],
    ['原因', 'why', reasons[terms.reason][lang]],
    ['给', 'for', `${terms.operator ?? '-'} (${terms.consumer}, ${terms.audience}), ${terms.address}`],
    ['用途', 'purpose', terms.purpose ?? none],
    ['依据', 'basis', terms.basis === null ? none : [terms.basis.kind, terms.basis.ref].filter(Boolean).join(' ')],
    ['授权', 'grant', terms.grant ?? none],
    ['接口', 'route', `${terms.system} ${terms.method} ${terms.route}`],
    ['应答', 'answer is', `HTTP ${terms.status}, ${terms.format ?? '-'}, ${terms.bytes} B`],
    ['行、人', 'rows, people', `${terms.rows}, ${people ?? '-'}`],
    ['字段', 'fields', counts.join('; ') || none],
    ['时间', 'times', `${localTime(terms.made, zone)} – ${localTime(terms.until, zone)} (${zone})`],
    [
      '已办',
      'done',
      steps.map(({ step, person, group }) => `${stepWords[step][lang]} ${person} (${group})`).join(', ') || none,
    ],
  ]
  const width = zh ? 6 : 14
  const table = rows.map(([left, right, value]) => `${(zh ? left : right).padEnd(width)}${printable(value)}\n`).join('')
  return `${table}${unlisted === null || unlisted.length === 0 ? '' : advice(unlisted, lang)}`
}

/** The lines by which the policy would know these fields: what each is, its author has to say. */
function advice(unlisted: readonly string[], lang: Language): string {
  const title =
    lang === 'zh'
      ? `策略未列出的字段 ${unlisted.length} 个；确认后由策略作者写入 fields（… 处填类型或理由）：`
      : `${unlisted.length} fields that the policy does not list; once it is sure what they are, its author writes under fields (… is a type, or a reason):`
  const lines = unlisted.filter(path => path !== wholeBody).map(path => `    ${key(fieldOf(path))}: …`)
  if (unlisted.includes(wholeBody))
    lines.push(lang === 'zh' ? '    # 没有字段名的文字：无法列出' : '    # text that has no name: it cannot be listed')
  return `\n${title}\n  fields:\n${[...new Set(lines)]
    .sort()
    .map(line => `${printable(line)}\n`)
    .join('')}`
}

const wholeBody = '$'

/** As policies write it: from the root, arrays are looked through; by its own name where what it is in is not told. */
function fieldOf(path: string): string {
  const names = path.replaceAll('[]', '').split('.').filter(Boolean)
  return /\*\*\*|…/.test(path) ? names.at(-1)! : `/${names.join('.')}`
}

function key(path: string): string {
  return /^[\p{L}\p{N}_/][\p{L}\p{N}_./-]*$/u.test(path) ? path : JSON.stringify(path)
}
