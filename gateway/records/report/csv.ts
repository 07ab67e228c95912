/** The figures of a report as CSV (RFC 4180), one to a line, for a spreadsheet or the next program. Pure. */
import { csvLine } from '../query/table.ts'
import type { Facts } from './figures.ts'
import { exchangesOf, type Sum, type Totals } from './totals.ts'

type Key = `${string}\0${string}\0${string}`

/** `section,name,figure,value,before`; names of figures are English, as those of records are. */
export function reportCsv({ now, before, period }: Facts): string {
  const [values, earlier] = [figuresOf(now), figuresOf(before)]
  const keys = [...new Set([...values.keys(), ...earlier.keys()])]
  const lines = keys.map(key => csvLine([...key.split('\0'), values.get(key) ?? 0, earlier.get(key) ?? 0]))
  const head = csvLine(['section', 'name', 'figure', 'value', 'before'])
  const about = [
    csvLine(['period', period.name, 'first_day', period.first, period.before.first]),
    csvLine(['period', period.name, 'last_day', period.last, period.before.last]),
  ]
  return `\ufeff${head}${about.join('')}${lines.join('')}`
}

function figuresOf(totals: Totals): Map<Key, number> {
  const figures = new Map<Key, number>()
  const put = (section: string, name: string, figure: string, value: number): void =>
    void figures.set(`${section}\0${name}\0${figure}`, value)
  const putSums = (section: string, sums: ReadonlyMap<string, Sum>): void => {
    for (const [name, sum] of sums) putSum(section, name.replace('\0', '@'), sum)
  }
  const putSum = (section: string, name: string, sum: Sum): void => {
    put(section, name, 'requests', exchangesOf(sum))
    for (const [figure, value] of Object.entries(sum)) put(section, name, figure, value)
  }
  putSum('all', '', totals.all)
  put('all', '', 'different_people', totals.people)
  const { gaps, starts, alerts, refusedLoads, changes, heartbeats, seals } = totals.upkeep
  for (const [rule, count] of alerts) put('alert', rule, 'times', count)
  const upkeep = {
    outages: gaps.count,
    outage_seconds: gaps.seconds,
    records_not_written: gaps.dropped,
    starts,
  }
  for (const [figure, value] of Object.entries({
    ...upkeep,
    refused_changes: refusedLoads,
    changes,
    heartbeats,
    seals,
  }))
    put('gateway', '', figure, value)
  putSums('system', totals.bySystem)
  putSums('consumer', totals.byConsumer)
  putSums('operator', totals.byOperator)
  for (const [at, forms] of totals.levels.entries())
    for (const [form, count] of forms) put('level', String(4 - at), form, count)
  for (const [type, { values, clear }] of totals.types) {
    put('data_type', type, 'values', values)
    put('data_type', type, 'clear', clear)
  }
  for (const [code, count] of totals.codes) put('code', code, 'times', count)
  for (const [reason, count] of totals.reasons) put('reveals_by', reason.replace('\0', '/'), 'reveals', count)
  for (const [who, count] of totals.upkeep.readings) put('read_by', who, 'times', count)
  return figures
}
