import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { codeIn } from '../../error-code.ts'
import { renderFaults } from '../../policy/fault.ts'
import { everything } from '../../records/query/query.ts'
import { csvLine } from '../../records/query/table.ts'
import { parseTime } from '../../records/query/when.ts'
import { readingDraft } from '../../records/reading.ts'
import { type Order, type OrderMap, ordersIn } from '../../records/reconcile/orders.ts'
import { Reconciling } from '../../records/reconcile/reconciling.ts'
import { type Command, exit, type Io, say, UsageError, unable } from '../command.ts'
import { parse } from '../options.ts'
import { askingOptions, askingUsage, askRecords, placeOf } from './asking.ts'
import { readOrderMap } from './order-map.ts'
import { csvHead, csvOf, describe, jsonOf } from './reconcile-text.ts'
import { readRows } from './sheet-rows.ts'

const options = {
  ...askingOptions,
  orders: { type: 'string' },
  map: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  timezone: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
} as const

/** Nothing else of it is read, and it is read whole. */
const mostBytes = 64 * 1024 * 1024

export const command: Command = {
  name: 'records reconcile',
  summary: {
    zh: '将访问记录与工单核对：没有工单的、超出工单的访问，以及从未使用的工单',
    en: 'hold accesses against work orders: without one, outside one, and orders that were never used',
  },
  usage: `[--records DIR | --postgres WHAT] --orders FILE --map FILE [--from WHEN] [--until WHEN] [--json | --csv]
    ${askingUsage}
    --orders FILE   CSV or Excel, one order to a row, with the names of its columns in the first
    --map FILE      YAML: which column is which; see gateway/records/README.md
    --from WHEN, --until WHEN   accesses of this time: 2026-11-21 (both days included), 2026-11-21T09:30
    --timezone ZONE of times in the sheet and of those shown; the gateway's, if left out
    --json, --csv   one object, or one row, for each finding`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const place = await placeOf(values, io)
    if (typeof place === 'number') return place
    const { timezone } = place
    if (values.json === true && values.csv === true) throw new UsageError(words.style)
    if (values.orders === undefined || values.map === undefined) throw new UsageError(words.files)
    const [from, until] = [timeOf(values.from, timezone, 'start'), timeOf(values.until, timezone, 'end')]
    const map = mapIn(values.map, io)
    if (map === null) return exit.unable
    const orders = await ordersOf(values.orders, map, timezone, io)
    if (orders === null) return exit.unable
    return askRecords(place, io, async ({ source, reading }) => {
      const reconciling = new Reconciling(orders, map.bases ?? ['work_order'])
      for await (const found of source.select({ ...everything, from, until })) reconciling.add(found)
      reconciling.finish(until)
      const filters = (['from', 'until'] as const).filter(name => values[name] !== undefined)
      await reading.append(readingDraft('reconcile', filters, reconciling.findings.length))
      show(reconciling, orders.length, { timezone, json: values.json === true, csv: values.csv === true }, io)
      return reconciling.findings.length === 0 ? exit.well : exit.wrong
    })
  },
}

function timeOf(given: string | undefined, timezone: string, edge: 'start' | 'end'): string | null {
  const time = given === undefined ? null : parseTime(given, timezone, edge)
  if (given !== undefined && time === null) throw new UsageError(words.time)
  return time
}

function mapIn(path: string, io: Io): OrderMap | null {
  const bytes = bytesIn(path, io)
  if (bytes === null) return null
  const read = readOrderMap(bytes, path)
  if ('map' in read) return read.map
  io.stderr(renderFaults(read.faults, io.lang))
  return null
}

async function ordersOf(path: string, map: OrderMap, timezone: string, io: Io): Promise<readonly Order[] | null> {
  const bytes = bytesIn(path, io)
  if (bytes === null) return null
  const rows = await readRows(bytes).catch(() => null)
  if (rows === null) {
    unable(words.malformed(path), io)
    return null
  }
  const { orders, faults } = ordersIn(rows, map, timezone)
  for (const { row, words: said } of faults) io.stderr(`${path}:${row} ${say(said, io.lang)}\n`)
  return faults.length > 0 ? null : orders
}

function bytesIn(path: string, io: Io): Buffer | null {
  try {
    const file = resolve(io.cwd, path)
    if (statSync(file).size <= mostBytes) return readFileSync(file)
    unable(words.tooLarge(path), io)
  } catch (error) {
    unable(words.unreadable(path, codeIn(error) ?? '-'), io)
  }
  return null
}

type Style = { readonly timezone: string; readonly json: boolean; readonly csv: boolean }

function show(reconciling: Reconciling, orders: number, { timezone, json, csv }: Style, io: Io): void {
  const { findings } = reconciling
  if (csv) io.stdout(`\ufeff${csvLine(csvHead)}${findings.map(csvOf).join('')}`)
  else if (json) io.stdout(findings.map(jsonOf).join(''))
  else io.stdout(describe(reconciling, orders, timezone, io.lang))
}

const words = {
  files: {
    zh: '用 --orders 指明工单表，用 --map 指明各列含义的 YAML 文件。',
    en: 'Name the sheet of orders with --orders, and the YAML file that says which column is which with --map.',
  },
  style: { zh: '--json 和 --csv 只能选一个。', en: 'Choose --json or --csv, not both.' },
  time: { zh: '时间写法如 2026-11-21 或 2026-11-21T09:30。', en: 'Write times as 2026-11-21 or 2026-11-21T09:30.' },
  malformed: (path: string) => ({
    zh: `${path} 不是可读的 CSV 或 Excel 文件。`,
    en: `${path} cannot be read as CSV or Excel.`,
  }),
  tooLarge: (path: string) => ({ zh: `${path} 超过 64 MiB。`, en: `${path} is over 64 MiB.` }),
  unreadable: (path: string, code: string) => ({
    zh: `无法读取 ${path}（${code}）。`,
    en: `${path} cannot be read (${code}).`,
  }),
}
