/** Grants as people read them. */
import type { GrantView } from '../../console/grants-api.ts'
import type { Bilingual } from '../../contracts.ts'
import { printable } from '../../records/query/table.ts'
import { localTime } from '../../records/query/when.ts'
import type { Language } from '../command.ts'

const statuses: Readonly<Record<GrantView['status'], Bilingual>> = {
  asked: { zh: '待批准', en: 'waits for approval' },
  ready: { zh: '可使用', en: 'may be used' },
  used: { zh: '已使用', en: 'used' },
  refused: { zh: '已拒绝', en: 'refused' },
  revoked: { zh: '已撤销', en: 'revoked' },
  expired: { zh: '已过期', en: 'expired' },
  voided: { zh: '已作废', en: 'void' },
}

/** One line: id, how it stands, for whom, what, until when. */
export function lineOf(
  { status, terms, approvals, needed, review_due }: GrantView,
  lang: Language,
  zone: string,
): string {
  const stands = `${statuses[status][lang]} ${approvals.length}/${needed}`
  const review = review_due === null ? '' : lang === 'zh' ? ' 待复核' : ' review due'
  const what = `${terms.operator}@${terms.consumer} ${terms.system} ${terms.route}`
  return printable(`${terms.id}  ${stands}${review}  ${what}  ${localTime(terms.until, zone)}`)
}

/** All of it. */
export function describeGrant(grant: GrantView, lang: Language, zone: string): string {
  const { terms, approvals, needed, status, review_due } = grant
  const zh = lang === 'zh'
  const none = zh ? '无' : 'none'
  const rows: readonly (readonly [zh: string, en: string, value: string])[] = [
    ['授权', 'grant', terms.id],
    ['状态', 'status', statuses[status][lang]],
    ['申请人', 'asked by', terms.requester],
    ['操作人', 'operator', `${terms.operator} (${terms.consumer}, ${terms.audience})`],
    ['用途', 'purpose', terms.purpose ?? none],
    ['依据', 'basis', [terms.basis.kind, terms.basis.ref].filter(one => one !== null).join(' ')],
    ['接口', 'route', `${terms.system} ${terms.method ?? 'GET'} ${terms.route}`],
    ['可见', 'shows', terms.sees.length === 0 ? (zh ? '仅脱敏内容' : 'masked values only') : terms.sees.join(', ')],
    ['行数上限', 'rows', String(terms.rows)],
    ['格式', 'format', terms.format ?? (zh ? '不限' : 'any')],
    ['终端', 'terminals', terms.terminals.join(', ')],
    ['有效期', 'valid', `${localTime(terms.from, zone)} – ${localTime(terms.until, zone)} (${zone})`],
    [
      '紧急',
      'emergency',
      terms.emergency ? (zh ? '是，一人批准，须复核' : 'yes: one approval, then a review') : zh ? '否' : 'no',
    ],
    [
      '批准',
      'approved',
      `${approvals.length}/${needed} ${approvals.map(one => `${one.person} (${one.group})`).join(', ')}`,
    ],
    ...(review_due === null ? [] : [['复核期限', 'review due', localTime(review_due, zone)] as const]),
  ]
  const width = zh ? 6 : 11
  return rows
    .map(([left, right, value]) => `${(zh ? left : right).padEnd(width)}${printable(value)}`)
    .join('\n')
    .concat('\n')
}
