/** What a trace found, in the words and tables that a terminal and a page both show. */
import type { Bilingual } from '../../contracts.ts'
import { basisWords } from '../../records/basis-words.ts'
import { idOf, textOf } from '../../records/query/query.ts'
import type { Sighting } from '../../records/query/source.ts'
import { printable } from '../../records/query/table.ts'
import type { Accessor, Trace } from '../../records/tracing.ts'
import { type Language, say } from '../command.ts'

export type Traced = {
  readonly trace: Trace
  /** On the list. */
  readonly people: number
  readonly caseNumber: string
  readonly approvers: readonly string[]
  /** That were looked through; whose keys did not open. */
  readonly months: readonly string[]
  readonly closed: readonly string[]
  readonly record: string
}

export type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }

export type TraceTold = {
  readonly head: string
  /** How many of the list were met, or that nobody was. */
  readonly known: string
  /** The likeliest first; empty: nobody was met. */
  readonly accessors: Table
  /** Of accessors that are not in the table; empty: all are. */
  readonly more: string
  /** Of the first accessors each record. */
  readonly occasions: readonly (Table & { readonly title: string })[]
  /** What the figures mean, and what they do not; a paragraph each. */
  readonly meaning: readonly string[]
  /** What was not looked through; empty: nothing. */
  readonly closed: string
}

/** `local`: a time of a record, in the configured timezone. `most`: accessors that are listed. */
export function toldOf(traced: Traced, local: (time: string) => string, lang: Language, most = 20): TraceTold {
  const { trace, people, months, closed } = traced
  const { known, accessors } = trace
  const told = (words: Bilingual) => say(words, lang)
  return {
    head: told(words.head(traced)),
    known: told(known === 0 ? words.nobody : words.known(known, people, months.length)),
    accessors: {
      columns: words.columns.map(told),
      rows: accessors.slice(0, most).map((one, nth) => accessorRow(one, nth + 1, known, local, lang)),
    },
    more: accessors.length > most ? told(words.more(accessors.length - most)) : '',
    occasions: accessors.slice(0, mostTold).map((one, nth) => occasionsOf(one, nth + 1, local, lang)),
    meaning: told(words.meaning).split('\n'),
    closed: closed.length === 0 ? '' : told(words.closed(closed)),
  }
}

/** Of so many accessors each record is told. */
const mostTold = 5

function accessorRow(
  one: Accessor,
  rank: number,
  known: number,
  local: (time: string) => string,
  lang: Language,
): readonly string[] {
  return [
    String(rank),
    one.consumer ?? '-',
    one.operator ?? '-',
    `${one.people} (${Math.round((100 * one.people) / known)}%)`,
    String(one.clear),
    one.expected < 10 ? one.expected.toFixed(1) : String(Math.round(one.expected)),
    oddsOf(one),
    String(one.records),
    basesOf(one, lang),
    `${local(one.first)} – ${local(one.last)}`,
  ]
}

/** When, from where and by what authority one saw people of the list: which records to have proved. */
function occasionsOf(
  one: Accessor,
  rank: number,
  local: (time: string) => string,
  lang: Language,
): Table & { readonly title: string } {
  const rows = one.occasions.map(({ entry, context, people, clear }) => [
    idOf(entry),
    local(entry.time),
    textOf(context, 'address') ?? '-',
    [textOf(context, 'system') ?? '-', textOf(context, 'route') ?? ''].join(' '),
    textOf(context, 'purpose') ?? '-',
    authorityOf(context, lang),
    `${people.size} (${clear.size})`,
  ])
  const who = [one.consumer ?? '-', one.operator ?? '-'].map(printable).join(' ')
  const title = say(words.occasions(rank, who, one.records, rows.length), lang)
  return { title, columns: words.occasionColumns.map(column => say(column, lang)), rows }
}

function authorityOf(context: Sighting['context'], lang: Language): string {
  const basis = context['basis'] as { kind?: unknown; ref?: unknown } | null | undefined
  const grant = textOf(context, 'grant')
  const parts = [
    typeof basis?.kind === 'string' ? say(basisWords.get(basis.kind) ?? words.noBasis, lang) : null,
    typeof basis?.ref === 'string' ? basis.ref : null,
    grant === null ? null : say(words.grant(grant), lang),
  ].filter(part => part !== null)
  return parts.length === 0 ? say(words.noBasis, lang) : parts.join(' ')
}

function basesOf({ bases }: Accessor, lang: Language): string {
  return [...bases].map(([kind, count]) => `${say(basisWords.get(kind) ?? words.noBasis, lang)}×${count}`).join(', ')
}

/** `1:10^12`, or a share. */
function oddsOf({ chanceLog10 }: Accessor): string {
  return chanceLog10 > -2 ? `${(100 * 10 ** chanceLog10).toFixed(0)}%` : `1:10^${Math.round(-chanceLog10)}`
}

const words = {
  head: ({ caseNumber, approvers, record }: Traced): Bilingual => ({
    zh: `案件 ${caseNumber}，批准人：${approvers.join('、')}。本次溯源已记录为 ${record}。`,
    en: `Case ${caseNumber}, approved by ${approvers.join(' and ')}. This trace is on record as ${record}.`,
  }),
  nobody: {
    zh: '名单中没有人在所查月份的记录中出现过。',
    en: 'Nobody on the list was in an answer in the months that were looked through.',
  },
  known: (known: number, people: number, months: number): Bilingual => ({
    zh: `名单共 ${people} 人，其中 ${known} 人出现在 ${months} 个月的记录中。看过他们的有：`,
    en: `${known} of the ${people} people on the list were in the records of ${months} ${months === 1 ? 'month' : 'months'}. They were shown to:`,
  }),
  columns: [
    { zh: '名次', en: 'rank' },
    { zh: '调用方', en: 'consumer' },
    { zh: '操作人', en: 'operator' },
    { zh: '看过名单中', en: 'of the list' },
    { zh: '明文', en: 'in clear' },
    { zh: '偶然应有', en: 'by chance' },
    { zh: '偶然的可能', en: 'odds of chance' },
    { zh: '记录数', en: 'records' },
    { zh: '依据', en: 'basis' },
    { zh: '时间', en: 'time' },
  ] satisfies Bilingual[],
  occasions: (rank: number, who: string, all: number, shown: number): Bilingual => ({
    zh: `第 ${rank} 名 ${who} 看到名单中人的记录${all > shown ? `（共 ${all} 条，此处为前 ${shown} 条，其余见 --json）` : ''}：`,
    en: `Records in which number ${rank}, ${who}, saw people of the list${all > shown ? ` (the first ${shown} of ${all}; --json has the others)` : ''}:`,
  }),
  occasionColumns: [
    { zh: '记录', en: 'record' },
    { zh: '时间', en: 'time' },
    { zh: '地址', en: 'address' },
    { zh: '系统与路由', en: 'system and route' },
    { zh: '用途', en: 'purpose' },
    { zh: '依据', en: 'authority' },
    { zh: '名单中人数（其中明文）', en: 'of the list (in clear)' },
  ] satisfies Bilingual[],
  grant: (id: string): Bilingual => ({ zh: `授权 ${id}`, en: `grant ${id}` }),
  noBasis: { zh: '无', en: 'none' },
  more: (count: number): Bilingual => ({
    zh: `另有 ${count} 个未列出；--json 列出全部。`,
    en: `${count} more are not shown; --json has them all.`,
  }),
  meaning: {
    zh: '“偶然应有”是按其平日所看人数随机看到名单中人的期望；“偶然的可能”是所有访问者中至少有一人碰巧看到这么多的概率。\n排序并不等于认定：同一批人的同事会看到相近的人，须结合依据、时间和其他证据判断。\n交他人核验：用 veilgate records prove 记录编号 逐条生成证明文件，对方只需该文件和日志公钥（veilgate records check-proof）。',
    en: '"By chance" is how many of the list one who sees that many people would have seen anyway; the odds are that any of all who had access would have seen so many by chance.\nA rank is no verdict: colleagues see the same people. Weigh it with basis, times and other evidence.\nFor others to verify: veilgate records prove RECORD makes a proof of each; they need that file and the log’s public key alone (veilgate records check-proof).',
  },
  closed: (months: readonly string[]): Bilingual => ({
    zh: `以下月份的密钥无法打开，未查：${months.join('、')}；用 --authority 给出溯源保管人的私钥。`,
    en: `The keys of these months do not open, so they were not looked through: ${months.join(', ')}. Give the authority's secret key by --authority.`,
  }),
}
