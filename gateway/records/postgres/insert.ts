/** Puts records into the tables of the copy, within a transaction of the caller's. What is there already stays as it is. */
import type pg from 'pg'
import { parsePeople } from '../../subject.ts'
import type { Entry } from '../files/read.ts'
import { PeopleOfEntries, wasShown } from '../query/people.ts'
import type { Contexts } from '../query/query.ts'
import { type Line, type PersonRow, partOf, personRows, type Row, rowOf } from './rows.ts'
import { schema } from './tables.ts'

const recordColumns =
  'time timestamptz, log text, seq bigint, kind text, consumer text, operator text, system text, route text, ' +
  'granted text, review text, code text, outcome text, fields text[], opened bigint, line text'
const personColumns =
  'time timestamptz, log text, seq bigint, mark bigint, index text, visible text, strictest text, first boolean'
const insertOf = (table: string, columns: string): string => {
  const names = columns.replaceAll(/ (?:timestamptz|bigint|boolean|text)(?:\[\])?/g, '')
  return `INSERT INTO ${schema}.${table} (${names}) SELECT ${names} FROM json_to_recordset($1::json) AS row (${columns}) ON CONFLICT DO NOTHING`
}
const insertRecords = insertOf('records', recordColumns)
const insertPeople = insertOf('people', personColumns)

/** `log`: what it is called in the copy; lines of whole batches, in their order. Throws what the statements throw. */
export async function insertLines(
  client: pg.Client,
  log: string,
  contexts: Contexts,
  lines: readonly Line[],
): Promise<void> {
  await recallOpened(client, log, contexts, lines)
  const entries = new PeopleOfEntries(parsePeople)
  const rows: Row[] = []
  const people: PersonRow[] = []
  for (const line of lines) {
    const { entry } = line
    rows.push(rowOf(line, log, contexts.of(entry)))
    const shown = entries.of(entry)
    if (wasShown(entry)) people.push(...personRows(entry, log, shown))
  }
  await client.query(insertRecords, [JSON.stringify(rows)])
  if (people.length > 0) await client.query(insertPeople, [JSON.stringify(people)])
}

/** Windows that come now can be of answers that were opened in an earlier run. */
async function recallOpened(client: pg.Client, log: string, contexts: Contexts, lines: readonly Line[]): Promise<void> {
  const wanted = new Set<number>()
  for (const { entry } of lines) {
    const of = partOf(entry)
    if (of !== null && !contexts.has(`${entry.log}:${of}`)) wanted.add(of)
  }
  if (wanted.size === 0) return
  const found = await client.query(
    `SELECT line FROM ${schema}.records WHERE log = $1 AND seq = ANY($2) AND kind = 'open'`,
    [log, [...wanted]],
  )
  for (const { line } of found.rows as { line: string }[]) contexts.of(JSON.parse(line) as Entry)
}
