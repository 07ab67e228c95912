import { parseArgs } from 'node:util'
import { csvHead, csvRow, tableHead, tableRow } from '../records/columns.ts'
import { kinds } from '../records/entry.ts'
import { IndexFault } from '../records/index/database.ts'
import type { Filters } from '../records/query.ts'
import { readingDraft } from '../records/reading.ts'
import type { Found, RecordSource } from '../records/source.ts'
import { Summary, type SummaryKey, summaryKeys } from '../records/summary.ts'
import { csvLine, table } from '../records/table.ts'
import { parseTime } from '../records/when.ts'
import { type Command, exit, type Io, say, UsageError } from './command.ts'
import { askingOptions, askingUsage, askRecords, IndexCutShort } from './records-asking.ts'
import { type ReadingRecord, timezoneOf } from './records-folder.ts'
import { parse } from './records-verify.ts'

const several = { type: 'string', multiple: true } as const

const options = {
  ...askingOptions,
  from: { type: 'string' },
  until: { type: 'string' },
  timezone: { type: 'string' },
  consumer: several,
  operator: several,
  system: several,
  route: several,
  grant: several,
  'data-type': several,
  cell: several,
  outcome: several,
  code: several,
  kind: several,
  by: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
} as const

const tableLimit = 50

export const command: Command = {
  name: 'records query',
  summary: { zh: '按条件查阅访问记录', en: 'Shows the access records that were asked for' },
  usage: `--records DIR | --postgres WHAT [FILTER ...] [--limit N] [--json | --csv]
    ${askingUsage}
    --from WHEN, --until WHEN   2026-11-21 (both days included), 2026-11-21T09:30, with or without a zone
    --timezone ZONE             of dates and of the times shown; the machine's, if left out
    --consumer --operator --system --route --grant --data-type --cell --outcome --code --kind VALUE
                                each may be given several times: any of these values
    --by KEY,KEY                how many of each instead: ${summaryKeys.join(', ')}
    --limit N                   the newest N; ${tableLimit} for the table, all for --json and --csv
    --json, --csv               one object, or one row, for each record`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const timezone = timezoneOf(values.timezone)
    const style = styleOf(values)
    const filters = filtersOf(values, timezone, style)
    const limit = limitOf(values.limit, style)
    const by = keysOf(values.by)
    const named = filterNames.filter(name => values[name] !== undefined)
    return askRecords(values, io, async ({ source, reading }) => {
      const asked = { source, filters, style, named, reading, timezone }
      if (by !== null) await showSummary(asked, by, io)
      else if (limit === null) await streamAll(asked, io)
      else await showNewest(asked, limit, io)
      return exit.well
    })
  },
}

type Style = 'table' | 'json' | 'csv'
type Asked = {
  readonly source: RecordSource
  readonly filters: Filters
  readonly style: Style
  /** Names of the filters that were set. */
  readonly named: readonly string[]
  readonly reading: ReadingRecord
  readonly timezone: string
}

const filterNames = [
  'from',
  'until',
  'consumer',
  'operator',
  'system',
  'route',
  'grant',
  'data-type',
  'cell',
  'outcome',
  'code',
  'kind',
] as const

type Values = { [Key in keyof typeof options]?: string | boolean | string[] }

function filtersOf(values: Values, timezone: string, style: Style): Filters {
  const list = (name: keyof Values) => (values[name] ?? []) as string[]
  for (const kind of list('kind')) if (!kinds.has(kind)) throw new UsageError(words.kind)
  for (const cell of list('cell')) if (!/^[A-D][1-4]$/.test(cell)) throw new UsageError(words.cell)
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
    dataType: list('data-type'),
    cell: list('cell'),
    outcome: list('outcome'),
    code: list('code'),
    kind: list('kind'),
    without: style === 'json' ? [] : asides.filter(kind => !list('kind').includes(kind)),
  }
}

function styleOf({ json, csv }: Values): Style {
  if (json === true && csv === true) throw new UsageError(words.style)
  return json === true ? 'json' : csv === true ? 'csv' : 'table'
}

/** null: each record by itself. */
function keysOf(given: string | undefined): readonly SummaryKey[] | null {
  if (given === undefined) return null
  const keys = given.split(',').map(key => key.trim())
  const known: readonly string[] = summaryKeys
  if (!keys.every(key => known.includes(key))) throw new UsageError(words.by)
  return [...new Set(keys)] as SummaryKey[]
}

/** null: all of them. */
function limitOf(given: string | undefined, style: Style): number | null {
  if (given === undefined) return style === 'table' ? tableLimit : null
  if (!/^[1-9][0-9]{0,5}$/.test(given)) throw new UsageError(words.limit)
  return Number(given)
}

/** Blind indexes belong to the record after them, and of heartbeats there are many: a table has no place for them. */
const asides: readonly string[] = ['subjects', 'heartbeat']

/** That it is read is on record before the first line; how much it was, after the last. */
async function streamAll({ source, filters, style, named, reading }: Asked, io: Io): Promise<void> {
  const began = await reading.append(readingDraft('query', named, null))
  if (style === 'csv') io.stdout(csvStart)
  let shown = 0
  try {
    for await (const one of source.select(filters)) {
      io.stdout(lineOf(one, style))
      shown++
    }
  } catch (error) {
    throw error instanceof IndexFault && shown > 0 ? new IndexCutShort() : error
  }
  await reading.append(readingDraft('query', named, shown, began))
}

async function showNewest(asked: Asked, limit: number, io: Io): Promise<void> {
  const { source, filters, style, named, timezone, reading } = asked
  const { found: newest, all } = await source.newest(filters, limit)
  await reading.append(readingDraft('query', named, newest.length))
  if (style === 'table') {
    const rows = newest.map(({ context }) => tableRow(context, timezone))
    if (rows.length > 0)
      io.stdout(
        table(
          tableHead.map(head => say(head, io.lang)),
          rows,
        ),
      )
    io.stderr(`${say(words.shown(newest.length, all), io.lang)}\n`)
    return
  }
  if (style === 'csv') io.stdout(csvStart)
  for (const one of newest) io.stdout(lineOf(one, style))
}

/** What was read is on record before it is shown, as for records one by one. */
async function showSummary(asked: Asked, by: readonly SummaryKey[], io: Io): Promise<void> {
  const { source, filters, style, named, reading } = asked
  const summary = new Summary(by)
  let read = 0
  for await (const { context } of source.select(filters)) {
    summary.add(context)
    read++
  }
  await reading.append(readingDraft('query', named, read))
  const rows = summary.rows()
  const head = [...by, 'count']
  if (style === 'csv') io.stdout(`\ufeff${csvLine(head)}`)
  if (style === 'table')
    io.stdout(
      table(
        head,
        rows.map(({ values, count }) => [...values, String(count)]),
      ),
    )
  else
    for (const { values, count } of rows)
      io.stdout(
        style === 'csv'
          ? csvLine([...values, count])
          : `${JSON.stringify({ ...Object.fromEntries(by.map((key, at) => [key, values[at]])), count })}\n`,
      )
}

/** Excel takes a CSV file for UTF-8 only if it begins with a byte order mark. */
const csvStart = `\ufeff${csvLine(csvHead)}`

function lineOf({ entry, context }: Found, style: Style): string {
  return style === 'json' ? `${JSON.stringify(entry)}\n` : csvLine(csvRow(context))
}

const words = {
  kind: {
    zh: `--kind 只能是：${[...kinds].join('、')}。`,
    en: `--kind is one of ${[...kinds].join(', ')}.`,
  },
  cell: { zh: '--cell 由类别和级别组成，例如 A4。', en: '--cell is a class and a level, such as A4.' },
  time: {
    zh: '时间写法如 2026-11-21 或 2026-11-21T09:30（可带时区，如 Z 或 +08:00）。',
    en: 'Write times as 2026-11-21 or 2026-11-21T09:30 (a zone such as Z or +08:00 may follow).',
  },
  by: {
    zh: `--by 以逗号分隔：${summaryKeys.join('、')}。`,
    en: `--by takes these, separated by commas: ${summaryKeys.join(', ')}.`,
  },
  style: { zh: '--json 和 --csv 只能选一个。', en: 'Choose --json or --csv, not both.' },
  limit: { zh: '--limit 是 1 到 999999 之间的数。', en: '--limit is a number from 1 to 999999.' },
  shown: (shown: number, all: number) => ({
    zh: shown < all ? `共 ${all} 条，以上为最新的 ${shown} 条；用 --limit 查看更多。` : `共 ${all} 条。`,
    en: shown < all ? `${all} records; above are the newest ${shown}. --limit shows more.` : `${all} records.`,
  }),
}
