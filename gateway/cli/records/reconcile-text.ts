/** Findings of a reconciliation, for people, spreadsheets and programs. */
import type { Bilingual } from '../../contracts.ts'
import { textOf as saidIn } from '../../records/query/query.ts'
import { csvLine, printable, table } from '../../records/query/table.ts'
import { localTime } from '../../records/query/when.ts'
import { type Finding, type FindingCode, findingCodes, type Reconciling } from '../../records/reconcile/reconciling.ts'
import { type Language, say } from '../command.ts'

export const csvHead = [
  'finding',
  'record',
  'time',
  'consumer',
  'operator',
  'system',
  'route',
  'purpose',
  'reference',
  'order_row',
  'detail',
] as const

/** Time in UTC. */
export function csvOf(finding: Finding): string {
  const { code, access, record, order, reference, detail } = finding
  const said = (['time', 'consumer', 'operator', 'system', 'route', 'purpose'] as const).map(key =>
    access === null ? null : saidIn(access, key),
  )
  return csvLine([code, record, ...said, reference, order?.row ?? null, detail])
}

export function jsonOf({ code, access, record, order, reference, detail }: Finding): string {
  return `${JSON.stringify({ finding: code, record, access, reference, order, detail })}\n`
}

/** Of each sort of finding a table; at most so many lines of it. */
const mostLines = 50

export function describe(
  { findings, checked, agreed }: Reconciling,
  orders: number,
  timezone: string,
  lang: Language,
): string {
  const parts = [`${say(words.summary(checked, agreed, orders), lang)}\n`]
  for (const code of findingCodes) {
    const own = findings.filter(finding => finding.code === code)
    if (own.length === 0) continue
    parts.push(`\n${say(words.findings[code], lang)} ${own.length}  ${code}\n`)
    parts.push(own[0]!.access === null ? ordersTable(own, lang) : accessTable(own, timezone, lang))
    if (own.length > mostLines) parts.push(`${say(words.more(own.length - mostLines), lang)}\n`)
  }
  if (findings.length === 0) parts.push(`${say(words.none, lang)}\n`)
  return parts.join('')
}

function accessTable(findings: readonly Finding[], timezone: string, lang: Language): string {
  const rows = findings
    .slice(0, mostLines)
    .map(({ access, record, reference, order, detail }) => [
      record ?? '-',
      localTime(access!.time, timezone),
      saidIn(access!, 'operator') ?? saidIn(access!, 'consumer') ?? '-',
      `${saidIn(access!, 'system') ?? '-'} ${saidIn(access!, 'route') ?? ''}`.trim(),
      saidIn(access!, 'purpose') ?? '-',
      reference ?? '-',
      order === null ? '-' : detailOf(detail, timezone),
    ])
  const head = [words.record, words.time, words.who, words.where, words.purpose, words.reference, words.allows]
  return table(
    head.map(one => say(one, lang)),
    rows,
  )
}

function ordersTable(findings: readonly Finding[], lang: Language): string {
  const rows = findings
    .slice(0, mostLines)
    .map(({ order, reference, detail }) => [
      reference ?? '-',
      String(order?.row ?? '-'),
      order?.operators.join(', ') || '-',
      String(order?.people ?? '-'),
      printable(detail ?? '-'),
    ])
  return table(
    [words.reference, words.row, words.whose, words.people, words.seen].map(one => say(one, lang)),
    rows,
  )
}

/** `from/until`, in the timezone; anything else as it is. */
function detailOf(detail: string | null, timezone: string): string {
  const match = /^(\d[^/]*Z)?\/(\d[^/]*Z)?$/.exec(detail ?? '')
  if (match === null) return detail ?? '-'
  const [from, until] = [match[1], match[2]].map(time => (time === undefined ? '…' : localTime(time, timezone)))
  return `${from} – ${until}`
}

const words = {
  summary: (checked: number, agreed: number, orders: number): Bilingual => ({
    zh: `核对了 ${checked} 次访问与 ${orders} 个工单：${agreed} 次访问与工单相符。`,
    en: `Held ${checked} accesses against ${orders} orders: ${agreed} agree with theirs.`,
  }),
  none: { zh: '没有发现问题。', en: 'Nothing was found.' },
  more: (count: number): Bilingual => ({
    zh: `另有 ${count} 项；用 --csv 查看全部。`,
    en: `and ${count} more; --csv shows all.`,
  }),
  findings: {
    NO_ORDER: { zh: '所称工单不存在', en: 'No such order' },
    NO_REFERENCE: { zh: '查看明文而未给出任何编号', en: 'Shown in clear, and no reference stated' },
    OUTSIDE_TIME: { zh: '不在工单时间内', en: "Outside the order's time" },
    OUTSIDE_PERSON: { zh: '不是工单指定的人', en: 'Another person than the order names' },
    OUTSIDE_PURPOSE: { zh: '不是工单的用途', en: 'Another purpose than the order names' },
    OUTSIDE_SYSTEM: { zh: '不是工单所涉系统', en: 'Another system than the order names' },
    OUTSIDE_ROUTE: { zh: '不是工单所涉接口', en: 'Another route than the order names' },
    TOO_MANY: { zh: '查看人数超过工单', en: 'More people than the order is for' },
    NEVER_USED: { zh: '从未使用的工单', en: 'Orders that were never used' },
  } satisfies Record<FindingCode, Bilingual>,
  record: { zh: '记录', en: 'record' },
  time: { zh: '时间', en: 'time' },
  who: { zh: '谁', en: 'who' },
  where: { zh: '接口', en: 'what' },
  purpose: { zh: '所称用途', en: 'stated purpose' },
  reference: { zh: '工单', en: 'order' },
  allows: { zh: '工单允许', en: 'the order allows' },
  row: { zh: '表中行', en: 'row' },
  whose: { zh: '处理人', en: 'of' },
  people: { zh: '工单人数', en: 'people it is for' },
  seen: { zh: '实际人数', en: 'people seen' },
}
