/** The records that were copied into a database, of one gateway or of many: see copy.ts for what is in its tables. */
import type pg from 'pg'
import { shortIndex } from '../../subject.ts'
import { isTimezone } from '../../timezone.ts'
import type { Entry } from '../files/read.ts'
import { markOf, monthsAround, ReachCounter } from '../query/people.ts'
import type { Filters } from '../query/query.ts'
import {
  type Counted,
  type Found,
  type MonthReach,
  type PeopleByMonth,
  type RecordSource,
  type Sighting,
  type Span,
  sampleSize,
} from '../query/source.ts'
import { faultOf } from './connect.ts'
import { schema } from './tables.ts'

/** Rows fetched at once. */
const page = 2000
/** Blind indexes asked for at once: a record that shows several of these people should come once. */
const manyPeople = 50_000

type LineRow = { readonly log: string; readonly line: string; readonly open: string | null }
type PersonRow = LineRow & { readonly index: string; readonly visible: string; readonly strictest: string }

/** A line, and that of its `open` record. */
const lines = `record.log, record.line, (SELECT began.line FROM ${schema}.records began WHERE began.log = record.log
  AND began.seq = record.opened AND began.kind = 'open' LIMIT 1) AS open`

/** How far a log was copied, and what is wrong with its copy. */
export type Copied = {
  readonly log: string
  /** UTC */
  readonly until: string
  readonly fault: string | null
}

/** Throws DatabaseFault from all it does. */
export class PostgresSource implements RecordSource {
  /** Files are the gateway's; what is wrong with the copy of a log says `copied`. */
  readonly damaged: ReadonlySet<string> = new Set()
  readonly #client: pg.Client

  constructor(client: pg.Client) {
    this.#client = client
  }

  async get(log: string, seq: number): Promise<Found | null> {
    const where = 'WHERE record.log = $1 AND record.seq = $2'
    const [row] = await this.#rows<LineRow>(`SELECT ${lines} FROM ${schema}.records record ${where}`, [log, seq])
    return row === undefined ? null : foundIn(row)
  }

  async *select(filters: Filters): AsyncGenerator<Found> {
    const { where, values } = conditionsOf(filters)
    for (let last: Entry | null = null; ; ) {
      const after: unknown[] = last === null ? [] : [last.time, last.log, last.seq]
      const [time, log, seq] = after.map((_, at) => `$${values.length + at + 1}`)
      const following = `time >= ${time}::timestamptz AND (time, log, seq) > (${time}::timestamptz, ${log}, ${seq})`
      const rows: LineRow[] = await this.#rows<LineRow>(
        `SELECT ${lines} FROM ${schema}.records record ${all(last === null ? where : [...where, following])} ORDER BY time, log, seq LIMIT ${page}`,
        [...values, ...after],
      )
      for (const row of rows) {
        const found = foundIn(row)
        last = found.entry
        yield found
      }
      if (rows.length < page) return
    }
  }

  async newest(filters: Filters, limit: number): Promise<{ found: Found[]; all: number }> {
    const { where, values } = conditionsOf(filters)
    const [counted] = await this.#rows<{ all: number }>(
      `SELECT count(*) AS all FROM ${schema}.records record ${all(where)}`,
      values,
    )
    const rows = await this.#rows<LineRow>(
      `SELECT ${lines} FROM ${schema}.records record ${all(where)} ORDER BY time DESC, log DESC, seq DESC LIMIT ${limit}`,
      values,
    )
    return { found: rows.reverse().map(foundIn), all: counted!.all }
  }

  /** Its columns have the types asked by beside those that were shown, so by type records must be read. */
  async counts(filters: Filters, types: boolean): Promise<Counted[] | null> {
    if (types) return null
    const { where, values } = conditionsOf(filters)
    const columns = 'kind, consumer, operator, system, route, code, outcome'
    const times = `CASE WHEN kind = 'refused' THEN coalesce((line::json ->> 'count')::bigint, 1) ELSE 1 END`
    const rows = await this.#rows<Record<string, string | null> & { records: number; count: number }>(
      `SELECT ${columns}, count(*) AS records, sum(${times})::bigint AS count FROM ${schema}.records record
        ${all(where)} GROUP BY ${columns}`,
      values,
    )
    return rows.map(({ records, count, ...said }) => {
      const entry = { v: 1, log: '', seq: 0, time: '', ...said, kind: said['kind']! } as unknown as Entry
      return { entry, records, count }
    })
  }

  async *sightings(people: PeopleByMonth, { from, until }: Span): AsyncGenerator<Sighting> {
    for (const [month, indexes] of people) {
      const wanted = [...indexes]
      const [before, , after] = monthsAround(month)
      for (let at = 0; at < wanted.length; at += manyPeople) {
        const marks = wanted.slice(at, at + manyPeople).map(markOf)
        // bounds of their own let the parts of other months be left alone
        const rows = await this.#rows<PersonRow>(
          `SELECT ${lines}, person.index, person.visible, person.strictest FROM ${schema}.people person
            JOIN ${schema}.records record ON record.log = person.log AND record.seq = person.seq AND record.time = person.time
            WHERE person.mark = ANY($1) AND person.time >= $2 AND person.time < $3
            AND person.time >= $4::timestamptz AND person.time < $5::timestamptz + interval '1 month'
            ORDER BY person.log, person.seq`,
          [marks, from ?? '-infinity', until ?? 'infinity', `${before}-01T00:00:00Z`, `${after}-01T00:00:00Z`],
        )
        for (const row of rows) {
          const { index, visible, strictest } = row
          yield { ...foundIn(row), index: shortIndex(index), mostVisible: visible, strictest } as Sighting
        }
      }
    }
  }

  async reach(months: readonly string[]): Promise<MonthReach[]> {
    const reached: MonthReach[] = []
    for (const month of months) {
      const counter = new ReachCounter()
      const rows = await this.#rows<{ mark: number; accessor: string }>(
        `SELECT DISTINCT person.mark, coalesce(record.consumer, '') || E'\\t' || coalesce(record.operator, '') AS accessor
          FROM ${schema}.people person JOIN ${schema}.records record
          ON record.log = person.log AND record.seq = person.seq AND record.time = person.time
          WHERE ${inMonth('person')} AND person.first AND person.mark IN (SELECT DISTINCT mark FROM ${schema}.people
            WHERE ${inMonth('people')} AND first ORDER BY mark LIMIT ${sampleSize})`,
        [`${month}-01T00:00:00Z`],
      )
      for (const { mark, accessor } of rows) counter.add(mark, accessor.replace('\t', '\0'))
      if (rows.length > 0) reached.push(counter.result(month))
    }
    return reached
  }

  async *readings({ from, until }: Span): AsyncGenerator<Entry> {
    const rows = await this.#rows<{ id: number; time: string; by: string; kind: string; said: object }>(
      `SELECT id, ${utc('time')} AS time, by, kind, said FROM ${schema}.readings
        WHERE time >= $1 AND time < $2 ORDER BY time, id`,
      [from ?? '-infinity', until ?? 'infinity'],
    )
    for (const { id, time, by, kind, said } of rows) {
      const entry: Entry = { v: 1, log: 'reading', seq: id, time, kind, ...said }
      // a login at another machine is as good as the user of the database
      yield { ...entry, operator: entry['operator'] ?? by }
    }
  }

  /** How far the copy of each log goes. */
  copied(): Promise<Copied[]> {
    return this.#rows<Copied>(
      `SELECT log, fault, ${utc('copied')} AS until
        FROM ${schema}.logs ORDER BY log`,
      [],
    )
  }

  /** That of the gateway whose records these are; of several, of that with the most logs. null: none is known. */
  async timezone(): Promise<string | null> {
    const [most] = await this.#rows<{ timezone: string }>(
      `SELECT timezone FROM ${schema}.logs WHERE timezone IS NOT NULL GROUP BY timezone ORDER BY count(*) DESC, timezone LIMIT 1`,
      [],
    )
    return most !== undefined && isTimezone(most.timezone) ? most.timezone : null
  }

  close(): void {
    this.#client.end().catch(() => {})
  }

  async #rows<Row>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.#client.query(text, values)).rows as Row[]
    } catch (error) {
      throw faultOf(error)
    }
  }
}

/** Records are called in a copy what their logs are called there, and so is the record that one belongs to. */
function foundIn({ log, line, open }: LineRow): Found {
  const entry = named(JSON.parse(line) as Entry, log)
  return { entry, context: open === null ? entry : { ...named(JSON.parse(open) as Entry, log), ...entry } }
}

function named(entry: Entry, log: string): Entry {
  if (entry.log === log) return entry
  const { of } = entry
  const prefix = log.slice(0, -entry.log.length)
  return { ...entry, log, ...(typeof of === 'string' && { of: prefix + of }) }
}

const columnOf = {
  consumer: 'consumer',
  operator: 'operator',
  system: 'system',
  route: 'route',
  grant: 'granted',
  review: 'review',
  code: 'code',
  outcome: 'outcome',
  kind: 'kind',
} as const

function conditionsOf(filters: Filters): { where: string[]; values: unknown[] } {
  const where: string[] = []
  const values: unknown[] = []
  const add = (condition: (value: string) => string, value: unknown): void => {
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  if (filters.from !== null) add(value => `time >= ${value}::timestamptz`, filters.from)
  if (filters.until !== null) add(value => `time < ${value}::timestamptz`, filters.until)
  for (const [key, column] of Object.entries(columnOf)) {
    const wanted = filters[key as keyof typeof columnOf]
    if (wanted.length > 0) add(value => `${column} = ANY(${value}::text[])`, wanted)
  }
  if (filters.without.length > 0) add(value => `kind <> ALL(${value}::text[])`, filters.without)
  const { dataType, cell } = filters
  if (dataType.length + cell.length > 0) {
    const of = (part: 1 | 2, wanted: readonly string[]): string => {
      if (wanted.length === 0) return 'true'
      values.push(wanted)
      return `split_part(field, '@', ${part}) = ANY($${values.length}::text[])`
    }
    where.push(`EXISTS (SELECT 1 FROM unnest(fields) field WHERE ${of(1, dataType)} AND ${of(2, cell)})`)
  }
  return { where, values }
}

function all(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
}

/** As times are written in records. */
function utc(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

function inMonth(table: string): string {
  return `${table}.time >= $1::timestamptz AND ${table}.time < $1::timestamptz + interval '1 month'`
}
