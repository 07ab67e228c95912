/** A record as one row: what people look at first, and what a spreadsheet gets. */
import type { Bilingual } from '../../contracts.ts'
import type { Entry } from '../files/read.ts'
import { tellWhat } from '../tell/tell.ts'
import { fieldsOf, idOf, outcomeOf, subjectCount, textOf } from './query.ts'
import { localTime } from './when.ts'

export const tableHead: readonly Bilingual[] = [
  { zh: '记录', en: 'record' },
  { zh: '时间', en: 'time' },
  { zh: '种类', en: 'kind' },
  { zh: '调用方', en: 'consumer' },
  { zh: '操作人', en: 'operator' },
  { zh: '系统', en: 'system' },
  { zh: '接口', en: 'route' },
  { zh: '状态', en: 'status' },
  { zh: '人数', en: 'people' },
  { zh: '结果', en: 'outcome' },
  { zh: '数据', en: 'data' },
]

/** `lang`: of a sentence, where there is nothing else to say of it. */
export function tableRow(entry: Entry, timezone: string, lang: keyof Bilingual): string[] {
  // who asks for a grant says for whom and for what in its terms
  const asked = entry.kind === 'grant' ? askedIn(entry) : entry
  const route = [textOf(asked, 'method'), textOf(asked, 'route')].filter(text => text !== null).join(' ')
  return [
    idOf(entry),
    localTime(entry.time, timezone),
    entry.kind,
    textOf(asked, 'consumer') ?? '-',
    textOf(asked, 'operator') ?? '-',
    textOf(asked, 'system') ?? '-',
    route || '-',
    textOf(entry, 'status') ?? '-',
    String(subjectCount(entry) || '-'),
    textOf(entry, 'code') ?? outcomeOf(entry) ?? textOf(entry, 'cause') ?? textOf(entry, 'action') ?? '-',
    dataOf(entry) || doneBy(entry) || (isAccess(entry) ? '-' : tellWhat(entry, timezone)[lang]),
  ]
}

/** Of these the columns say all. */
function isAccess({ kind }: Entry): boolean {
  return ['access', 'open', 'window', 'close', 'aborted', 'intent', 'refused'].includes(kind)
}

/** `cn_mobile@A3 clear×20, cn_resident_id@A4 partial×20`. */
function dataOf(entry: Entry): string {
  return fieldsOf(entry)
    .map(({ type, cell, forms }) => `${type}@${cell} ${forms.map(([form, n]) => `${form}×${n}`).join(' ')}`)
    .join(', ')
}

/** With its terms among what it says; they leave out the method where it is the usual one. */
function askedIn(entry: Entry): Entry {
  const terms = entry['terms']
  return typeof terms === 'object' && terms !== null ? { ...entry, method: 'GET', ...terms } : entry
}

/** `wang (security), at east`: whose word it was, and which of several gateways took it. */
function doneBy(entry: Entry): string {
  const [person, group] = [textOf(entry, 'person'), textOf(entry, 'group')]
  const { gateway } = (entry['order'] ?? {}) as { gateway?: unknown }
  const who = person === null ? [] : [group === null ? person : `${person} (${group})`]
  return [...who, ...(typeof gateway === 'string' ? [`at ${gateway}`] : [])].join(', ')
}

export const csvHead = [
  'record',
  'time',
  'kind',
  'consumer',
  'operator',
  'address',
  'system',
  'route',
  'method',
  'purpose',
  'basis',
  'reference',
  'verified',
  'grant',
  'status',
  'upstream_status',
  'format',
  'bytes_in',
  'bytes_out',
  'rows',
  'people',
  'data',
  'searched',
  'policy',
  'outcome',
  'code',
] as const

/** One value for each of `csvHead`; time in UTC. */
export function csvRow(entry: Entry): (string | number | null)[] {
  const basis = (entry['basis'] ?? {}) as { kind?: string; ref?: string; verified?: boolean }
  const [bytesIn = null, bytesOut = null] = Array.isArray(entry['bytes']) ? entry['bytes'].map(Number) : []
  const searched = Array.isArray(entry['searched']) ? entry['searched'].join(' ') : null
  const given = new Map<string, string | number | null>([
    ['record', idOf(entry)],
    ['basis', basis.kind ?? null],
    ['reference', basis.ref ?? null],
    ['verified', basis.verified === undefined ? null : String(basis.verified)],
    ['bytes_in', bytesIn],
    ['bytes_out', bytesOut],
    ['people', entry['subjects'] === undefined ? null : subjectCount(entry)],
    ['data', dataOf(entry) || null],
    ['searched', searched],
    ['outcome', outcomeOf(entry)],
  ])
  return csvHead.map(key => (given.has(key) ? given.get(key)! : textOf(entry, key)))
}
