/** The filters that commands take to ask for records: their options, and what they mean. */
import { problems } from '../../errors.ts'
import { kinds } from '../../records/entry.ts'
import { outcomes as exchangeOutcomes } from '../../records/kinds/exchange.ts'
import { loadOutcomes } from '../../records/kinds/setup.ts'
import type { Filters } from '../../records/query/query.ts'
import { parseTime } from '../../records/query/when.ts'
import { UsageError } from '../command.ts'

const several = { type: 'string', multiple: true } as const

export const filterOptions = {
  from: { type: 'string' },
  until: { type: 'string' },
  timezone: { type: 'string' },
  consumer: several,
  operator: several,
  system: several,
  route: several,
  grant: several,
  review: several,
  'data-type': several,
  cell: several,
  outcome: several,
  code: several,
  kind: several,
  without: several,
} as const

export const filterUsage = `--from WHEN, --until WHEN   2026-11-21 (both days included), 2026-11-21T09:30, with or without a zone
    --timezone ZONE             of dates and of the times shown; the gateway's, if left out
    --consumer --operator --system --route --grant --review --data-type --cell --outcome --code
    --kind VALUE                each may be given several times: any of these values
    --without KIND              records of this kind are left out; may be given several times`

type Values = { readonly [Key in keyof typeof filterOptions]?: string | boolean | string[] | undefined }

/** Names of the filters that are set: what goes on record of them. */
export function namedFilters(values: Values): string[] {
  const names = Object.keys(filterOptions).filter(name => name !== 'timezone') as (keyof typeof filterOptions)[]
  return names.filter(name => values[name] !== undefined)
}

/** @param asides kinds that are left out unless they are asked for. */
export function filtersOf(values: Values, timezone: string, asides: readonly string[]): Filters {
  const list = (name: keyof Values) => (values[name] ?? []) as string[]
  for (const kind of [...list('kind'), ...list('without')]) if (!kinds.has(kind)) throw new UsageError(words.kind)
  for (const cell of list('cell')) if (!/^[A-D][1-4]$/.test(cell)) throw new UsageError(words.cell)
  for (const one of list('outcome')) if (!outcomes.has(one)) throw new UsageError(words.outcome)
  for (const code of list('code')) if (!Object.hasOwn(problems, code)) throw new UsageError(words.code)
  const time = (name: 'from' | 'until') => {
    if (values[name] === undefined) return null
    const parsed = parseTime(values[name] as string, timezone, name === 'from' ? 'start' : 'end')
    if (parsed === null) throw new UsageError(words.time)
    return parsed
  }
  return {
    from: time('from'),
    until: time('until'),
    consumer: list('consumer'),
    operator: list('operator'),
    system: list('system'),
    route: list('route'),
    grant: list('grant'),
    review: list('review'),
    dataType: list('data-type'),
    cell: list('cell'),
    outcome: list('outcome'),
    code: list('code'),
    kind: list('kind'),
    without: [...asides.filter(kind => !list('kind').includes(kind)), ...list('without')],
  }
}

/** Of exchanges, and of policies and configurations. */
const outcomes: ReadonlySet<string> = new Set([...exchangeOutcomes, ...loadOutcomes])

const words = {
  kind: {
    zh: `--kind 和 --without 只能是：${[...kinds].join('、')}。`,
    en: `--kind and --without take one of ${[...kinds].join(', ')}.`,
  },
  cell: { zh: '--cell 由类别和级别组成，例如 A4。', en: '--cell is a class and a level, such as A4.' },
  outcome: {
    zh: `--outcome 只能是：${[...outcomes].join('、')}。`,
    en: `--outcome takes one of ${[...outcomes].join(', ')}.`,
  },
  code: {
    zh: '没有这个代码；代码形如 ROUTE_UNKNOWN，records query --by code 列出记录中有哪些。',
    en: 'There is no such code. One is ROUTE_UNKNOWN; records query --by code lists those in the records.',
  },
  time: {
    zh: '时间写法如 2026-11-21 或 2026-11-21T09:30（可带时区，如 Z 或 +08:00）。',
    en: 'Write times as 2026-11-21 or 2026-11-21T09:30 (a zone such as Z or +08:00 may follow).',
  },
}
