/** Work orders as another system lists them: rows of a sheet, by a map of its columns. Pure. */
import type { Bilingual } from '../../contracts.ts'
import { parseTime } from '../query/when.ts'

/** What an order allows. An empty list, or null, allows any. */
export type Order = {
  /** As the sheet has it; `referenceKey` of it is what it is found by. */
  readonly reference: string
  /** Of the sheet, from 1. */
  readonly row: number
  readonly operators: readonly string[]
  readonly purposes: readonly string[]
  readonly systems: readonly string[]
  readonly routes: readonly string[]
  /** UTC, as in records; `until` is excluded. */
  readonly from: string | null
  readonly until: string | null
  /** Different people that may be seen under it. */
  readonly people: number | null
}

export const orderColumns = ['reference', 'operator', 'purpose', 'system', 'route', 'from', 'until', 'people'] as const
export type OrderColumn = (typeof orderColumns)[number]

/** How a sheet is read. */
export type OrderMap = {
  /** Names of columns in its first row. */
  readonly columns: { readonly reference: string } & { readonly [Column in OrderColumn]?: string }
  /** What is said in the sheet, and in records: `{ 家访: family_contact }`. */
  readonly words?: Readonly<Record<string, string>>
  /** Kinds of basis whose reference is one of these orders. */
  readonly bases?: readonly string[]
}

/** A row that cannot be read as an order, or a column that is not there (row 1). */
export type OrderFault = { readonly row: number; readonly words: Bilingual }

export function ordersIn(
  rows: readonly (readonly string[])[],
  { columns, words: meant = {} }: OrderMap,
  timezone: string,
): { readonly orders: readonly Order[]; readonly faults: readonly OrderFault[] } {
  const head = (rows[0] ?? []).map(tidy)
  const places = new Map<OrderColumn, number>()
  const faults: OrderFault[] = []
  for (const column of orderColumns) {
    const name = columns[column]
    if (name === undefined) continue
    const at = head.indexOf(tidy(name))
    if (at < 0) faults.push({ row: 1, words: words.missing(name) })
    else places.set(column, at)
  }
  if (faults.length > 0) return { orders: [], faults }
  const meanings = new Map(Object.entries(meant).map(([said, means]) => [tidy(said), means]))
  const orders = rows.slice(1).flatMap((row, index) => {
    const cell = (column: OrderColumn): string => (places.has(column) ? tidy(row[places.get(column)!] ?? '') : '')
    const list = (column: OrderColumn): string[] => listIn(cell(column)).map(one => meanings.get(one) ?? one)
    const at = index + 2
    const reference = cell('reference')
    if (reference === '') {
      if (row.some(text => text.trim() !== '')) faults.push({ row: at, words: words.noReference })
      return []
    }
    const time = (column: 'from' | 'until'): string | null => {
      const text = cell(column)
      const found = text === '' ? null : timeIn(text, timezone, column === 'from' ? 'start' : 'end')
      if (text !== '' && found === null) faults.push({ row: at, words: words.time(columns[column]!) })
      return found
    }
    const people = cell('people')
    if (!/^\d{0,9}$/.test(people)) faults.push({ row: at, words: words.people(columns.people!) })
    const [operators, purposes, systems, routes] = [list('operator'), list('purpose'), list('system'), list('route')]
    const limit = people === '' ? null : Number(people)
    return [
      {
        reference,
        row: at,
        operators,
        purposes,
        systems,
        routes,
        from: time('from'),
        until: time('until'),
        people: limit,
      },
    ]
  })
  return { orders, faults }
}

/** References are the same where only case, width and spaces differ. */
export function referenceKey(reference: string): string {
  return reference.normalize('NFKC').replace(/\s/g, '').toLowerCase()
}

function tidy(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}

function listIn(text: string): string[] {
  return text
    .split(/[,，;；、\n]/)
    .map(tidy)
    .filter(one => one !== '')
}

const dayOfSheets = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]?(\d{1,2})[:：时](\d{2})?分?(?::(\d{2}))?)?/
/** Days since 1899-12-30, as spreadsheets count; times are their fractions. */
const serial = /^\d{5}(?:\.\d+)?$/
const serialStart = Date.UTC(1899, 11, 30)

/** As people and spreadsheets write it: ISO 8601, `2026/11/21 9:30`, `2026年11月21日`, or a serial number. */
function timeIn(text: string, timezone: string, edge: 'start' | 'end'): string | null {
  const iso = parseTime(text, timezone, edge)
  if (iso !== null) return iso
  if (serial.test(text)) {
    const at = new Date(serialStart + Math.round(Number(text) * 86_400) * 1000).toISOString()
    return parseTime(Number.isInteger(Number(text)) ? at.slice(0, 10) : at.slice(0, 19), timezone, edge)
  }
  const match = dayOfSheets.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute = '00', second = '00'] = match
  const two = (part: string): string => part.padStart(2, '0')
  const date = `${year}-${two(month!)}-${two(day!)}`
  return parseTime(hour === undefined ? date : `${date}T${two(hour)}:${minute}:${second}`, timezone, edge)
}

const words = {
  missing: (name: string): Bilingual => ({
    zh: `第一行中没有“${name}”这一列`,
    en: `the first row has no column '${name}'`,
  }),
  noReference: { zh: '没有工单编号', en: 'it has no reference' },
  time: (name: string): Bilingual => ({ zh: `“${name}”不是时间`, en: `'${name}' is no time` }),
  people: (name: string): Bilingual => ({ zh: `“${name}”不是人数`, en: `'${name}' is no number of people` }),
}
