import { parseArgs } from 'node:util'
import { IndexFault } from '../../records/index/database.ts'
import { csvHead, csvRow, tableHead, tableRow } from '../../records/query/columns.ts'
import type { Filters } from '../../records/query/query.ts'
import type { Found, RecordSource } from '../../records/query/source.ts'
import { Summary, type SummaryKey, summaryHead, summaryKeys } from '../../records/query/summary.ts'
import { csvLine, table } from '../../records/query/table.ts'
import { readingDraft } from '../../records/reading.ts'
import { type Command, exit, type Io, say, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { askingOptions, askingUsage, askRecords, IndexCutShort, placeOf } from './asking.ts'
import { filterOptions, filtersOf, filterUsage, namedFilters } from './filters.ts'
import type { ReadingRecord } from './folder.ts'

const options = {
  ...askingOptions,
  ...filterOptions,
  by: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
} as const

const tableLimit = 50

export const command: Command = {
  name: 'records query',
  summary: { zh: '按条件查阅访问记录', en: 'list access records' },
  usage: `[--records DIR | --postgres WHAT] [FILTER ...] [--limit N] [--json | --csv]
    ${askingUsage}
    ${filterUsage}
    --by KEY,KEY                how many of each instead: ${summaryKeys.join(', ')}
    --limit N                   the newest N; ${tableLimit} for the table, all for --json and --csv
    --json, --csv               one object, or one row, for each record`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const place = await placeOf(values, io)
    if (typeof place === 'number') return place
    const { timezone } = place
    const style = styleOf(values)
    const filters = filtersOf(values, timezone, style === 'json' ? [] : asides)
    const limit = limitOf(values.limit, style)
    const by = keysOf(values.by)
    const named = namedFilters(values)
    return askRecords(place, io, async ({ source, reading }) => {
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

type Values = { [Key in keyof typeof options]?: string | boolean | string[] }

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

/** Filters that take any value, as records outlive the configuration: a misspelt one finds nothing, and could be taken for nobody. */
const anyValue: ReadonlySet<SummaryKey> = new Set<SummaryKey>(['consumer', 'operator', 'system', 'route', 'data-type'])

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
    const rows = newest.map(({ context }) => tableRow(context, timezone, io.lang))
    if (rows.length > 0)
      io.stdout(
        table(
          tableHead.map(head => say(head, io.lang)),
          rows,
        ),
      )
    const doubtful = all === 0 ? summaryKeys.filter(key => anyValue.has(key) && named.includes(key)) : []
    const hint = doubtful.length === 0 ? '' : say(words.doubtful(doubtful.join(',')), io.lang)
    io.stderr(`${say(words.shown(newest.length, all), io.lang)}${hint}\n`)
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
  const counted = await source.counts(filters, by.includes('data-type'))
  if (counted === null)
    for await (const { context } of source.select(filters)) {
      summary.add(context)
      read++
    }
  else
    for (const { entry, records, count } of counted) {
      summary.add(entry, count)
      read += records
    }
  await reading.append(readingDraft('query', named, read))
  const rows = summary.rows()
  const head = [...by, 'count'] as const
  if (style === 'csv') io.stdout(`\ufeff${csvLine(head)}`)
  if (style === 'table')
    io.stdout(
      table(
        head.map(key => say(summaryHead[key], io.lang)),
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
  by: {
    zh: `--by 以逗号分隔：${summaryKeys.join('、')}。`,
    en: `--by takes these, separated by commas: ${summaryKeys.join(', ')}.`,
  },
  style: { zh: '--json 和 --csv 只能选一个。', en: 'Choose --json or --csv, not both.' },
  limit: { zh: '--limit 是 1 到 999999 之间的数。', en: '--limit is a number from 1 to 999999.' },
  doubtful: (keys: string) => ({
    zh: `记录中有哪些值：veilgate records query --by ${keys}`,
    en: ` Which values are in the records: veilgate records query --by ${keys}`,
  }),
  shown: (shown: number, all: number) => ({
    zh: shown < all ? `共 ${all} 条，以上为最新的 ${shown} 条；用 --limit 查看更多。` : `共 ${all} 条。`,
    en: shown < all ? `${all} records; above are the newest ${shown}. --limit shows more.` : `${all} records.`,
  }),
}
