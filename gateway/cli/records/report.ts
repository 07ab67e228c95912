import { parseArgs } from 'node:util'
import { everything } from '../../records/query/query.ts'
import type { RecordSource } from '../../records/query/source.ts'
import { parseTime } from '../../records/query/when.ts'
import { readingDraft } from '../../records/reading.ts'
import type { Verified } from '../../records/report/attention.ts'
import { reportCsv } from '../../records/report/csv.ts'
import type { Facts } from '../../records/report/figures.ts'
import { reportPage } from '../../records/report/page.ts'
import { lastPeriod, type Period, type PeriodName, periodOf, periods } from '../../records/report/period.ts'
import { Totals } from '../../records/report/totals.ts'
import type { Brought } from '../../records/verify/evidence.ts'
import { verifyFolder } from '../../records/verify/folder.ts'
import { type Command, UsageError } from '../command.ts'
import { parse } from '../options.ts'
import { askingOptions, askingUsage, askRecords, placeOf } from './asking.ts'
import { deliver } from './deliver.ts'
import { broughtBy, evidenceOptions, evidenceUsage } from './evidence.ts'
import { typeTitles } from './type-titles.ts'

const options = {
  ...askingOptions,
  ...evidenceOptions,
  period: { type: 'string' },
  day: { type: 'string' },
  timezone: { type: 'string' },
  out: { type: 'string' },
  csv: { type: 'boolean' },
  'no-verify': { type: 'boolean' },
} as const

export const command: Command = {
  name: 'records report',
  summary: {
    zh: '生成一段时间的访问报告（可打印的网页，或 CSV）',
    en: 'report on a day, week, month or quarter: a page that prints well, or CSV',
  },
  usage: `[--records DIR | --postgres WHAT] --period ${periods.join('|')} [--day DAY] [--out FILE] [--csv]
    ${askingUsage}
    --period P      what to report on, and to compare with the one before
    --day DAY       the period that has this day in it: 2026-11-21; the last one that is over, if left out
    --timezone ZONE of its days; the gateway's, if left out
    --out FILE      where to write it; printed, if left out
    --csv           its figures in place of the page
    --no-verify     the folder is not verified first, which reads all of it
    ${evidenceUsage}`,
  async run(args, io) {
    const { values } = parse(() => parseArgs({ args: [...args], options }))
    const place = await placeOf(values, io)
    if (typeof place === 'number') return place
    const { timezone } = place
    const made = new Date()
    const period = periodFrom(values.period, values.day, timezone, made)
    const brought = broughtBy(values, io)
    return askRecords(place, io, async ({ source, reading, folder }) => {
      const [now, before] = await totalsOf(source, period)
      const isChecked = folder !== null && values['no-verify'] !== true
      const verified = isChecked ? await verify(folder, brought, made) : null
      await reading.append(readingDraft('report', ['period'], now.exchanges))
      const facts: Facts = { period, now, before, verified, made, lang: io.lang, titleOf: typeTitles() }
      return deliver(values.csv === true ? reportCsv(facts) : reportPage(facts), values.out, io)
    })
  },
}

function periodFrom(name: string | undefined, day: string | undefined, timezone: string, now: Date): Period {
  if (!isPeriod(name)) throw new UsageError(words.period)
  if (day === undefined) return lastPeriod(name, now, timezone)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || parseTime(day, timezone, 'start') === null) throw new UsageError(words.day)
  return periodOf(name, day, timezone)
}

function isPeriod(name: string | undefined): name is PeriodName {
  return (periods as readonly (string | undefined)[]).includes(name)
}

/** Of the period, and of the one before it. */
async function totalsOf(source: RecordSource, period: Period): Promise<[Totals, Totals]> {
  const [now, before] = [new Totals(period), new Totals(period)]
  // what waits for its review does so however long ago it began
  for await (const { entry } of source.select({ ...everything, kind: ['grant'], until: period.from }))
    now.upkeep.dueReviews.add(entry)
  for await (const found of source.select({ ...everything, from: period.before.from, until: period.until }))
    (found.entry.time < period.from ? before : now).add(found)
  for await (const entry of source.readings({ from: period.before.from, until: period.until }))
    (entry.time < period.from ? before : now).upkeep.add(entry)
  return [now, before]
}

async function verify(folder: string, brought: Brought, made: Date): Promise<Verified> {
  const reports = await verifyFolder(folder, { brought, now: made.getTime() })
  const wrong = reports.reduce((sum, { problems, more }) => sum + problems.length + more, 0)
  const isProved = (by: 'witness' | 'key'): boolean => reports.some(({ proved }) => proved[by] > 0)
  return { wrong, provedBy: isProved('witness') ? 'witness' : isProved('key') ? 'key' : 'self' }
}

const words = {
  period: {
    zh: `用 --period 指明时段：${periods.join('、')}。`,
    en: `Say which period: --period ${periods.join(', ')}.`,
  },
  day: { zh: '--day 写作 2026-11-21。', en: 'Write --day as 2026-11-21.' },
}
