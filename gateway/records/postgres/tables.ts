/**
 * The tables of the copy, in a schema of their own. `records` and `people` have a partition for each month (UTC), so that
 * a month that need not be kept any more is dropped at once.
 */
import type pg from 'pg'
import { DatabaseFault, faultOf } from './connect.ts'

export const schema = 'veilgate'
/** What the tables mean. */
const version = 4
/** Any number, the same for all who make tables. */
const makingTables = 0x7665696c

/**
 * `records`: each record as its line, and what it can be asked by; `opened`: number of the `open` record that a part of a
 * long answer belongs to, whose words it has. `people`: which record showed whom; `mark`: see `markOf`; not `first`:
 * another value of somebody than the one that stands for them. `logs`: how far
 * each log was copied, and the timezone of its gateway. `readings`: who asked the
 * copy, in the words of the record that it would be in a log.
 */
const tables = `
CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE ${schema}.version (number int NOT NULL);
INSERT INTO ${schema}.version VALUES (${version});
CREATE TABLE ${schema}.logs (log text COLLATE "C" PRIMARY KEY, file bigint NOT NULL, bytes bigint NOT NULL,
  head text NOT NULL, next bigint NOT NULL, fault text, copied timestamptz NOT NULL, timezone text);
CREATE TABLE ${schema}.records (time timestamptz(3) NOT NULL, log text COLLATE "C" NOT NULL, seq bigint NOT NULL,
  kind text NOT NULL, consumer text, operator text, system text, route text, granted text, review text, code text,
  outcome text, fields text[], opened bigint, line text NOT NULL, PRIMARY KEY (time, log, seq)) PARTITION BY RANGE (time);
CREATE INDEX records_by_number ON ${schema}.records (log, seq);
CREATE INDEX records_by_operator ON ${schema}.records (operator, time) WHERE operator IS NOT NULL;
CREATE INDEX records_by_consumer ON ${schema}.records (consumer, time) WHERE consumer IS NOT NULL;
CREATE INDEX records_by_grant ON ${schema}.records (granted) WHERE granted IS NOT NULL;
${reviewIndex('records')};
CREATE INDEX records_by_kind ON ${schema}.records (kind, time);
CREATE TABLE ${schema}.people (time timestamptz(3) NOT NULL, log text COLLATE "C" NOT NULL, seq bigint NOT NULL,
  mark bigint NOT NULL, index text COLLATE "C" NOT NULL, visible text NOT NULL, strictest text NOT NULL,
  first boolean NOT NULL DEFAULT true, PRIMARY KEY (time, mark, index, log, seq)) PARTITION BY RANGE (time);
CREATE INDEX people_by_mark ON ${schema}.people (mark);
CREATE INDEX people_by_number ON ${schema}.people (log, seq);
CREATE TABLE ${schema}.readings (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time timestamptz NOT NULL DEFAULT now(), by text NOT NULL DEFAULT session_user, kind text NOT NULL, said json NOT NULL);`

function reviewIndex(table: string): string {
  return `CREATE INDEX ${table}_by_review ON ${schema}.${table} (review) WHERE review IS NOT NULL`
}

/** From version 1, which knew people by their strongest value only, from 2, which did not know reviews, and from 3: timezones. */
async function upgrade(client: pg.Client, from: unknown): Promise<void> {
  if (from === 1) await client.query(`ALTER TABLE ${schema}.people ADD COLUMN first boolean NOT NULL DEFAULT true`)
  if (from === 1 || from === 2) await addReviews(client)
  if (typeof from !== 'number' || from >= version) return
  await client.query(`ALTER TABLE ${schema}.logs ADD COLUMN timezone text`)
  await client.query(`UPDATE ${schema}.version SET number = ${version}`)
}

/** Month by month: a statement over all of it might take longer than one may. */
async function addReviews(client: pg.Client): Promise<void> {
  await client.query(`ALTER TABLE ${schema}.records ADD COLUMN review text`)
  const { rows } = await client.query(
    `SELECT relname AS part FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = '${schema}.records'::regclass`,
  )
  for (const { part } of rows as { part: string }[]) {
    // As text: a line that somebody changed may be JSON to us and none to PostgreSQL.
    await client.query(
      `UPDATE ${schema}.${part} SET review = substring(line FROM '"review":"([^"\\\\]{1,128})"')
        WHERE line LIKE '%"review":"%'`,
    )
    await client.query(reviewIndex(part))
  }
  await client.query(reviewIndex('records'))
}

const partitioned = ['records', 'people'] as const

/** Makes the tables where there are none, and those of an earlier version what they are today. @throws DatabaseFault */
export async function makeTables(client: pg.Client): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [makingTables])
    const { rows } = await client.query(`SELECT to_regclass('${schema}.version') IS NOT NULL AS made`)
    if (!(rows[0] as { made: boolean }).made) await client.query(tables)
    else await upgrade(client, await versionOf(client))
    await checkVersion(client)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw faultOf(error)
  }
}

/** @throws DatabaseFault where the tables are of another version, or not there. */
export async function checkVersion(client: pg.Client): Promise<void> {
  try {
    if ((await versionOf(client)) !== version) throw otherVersion
  } catch (error) {
    throw faultOf(error)
  }
}

async function versionOf(client: pg.Client): Promise<unknown> {
  const { rows } = await client.query(`SELECT number FROM ${schema}.version`)
  return (rows[0] as { number?: unknown } | undefined)?.number
}

/** `202611`, of a record's time. */
export function monthOf(time: string): string {
  return time.slice(0, 7).replace('-', '')
}

/** Makes the partitions of a month (`202611`) where there are none, in a transaction of the caller's. */
export async function makeMonth(client: pg.Client, month: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [makingTables])
  const start = Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1)
  const [from, until] = [new Date(start), new Date(start)]
  until.setUTCMonth(until.getUTCMonth() + 1)
  for (const table of partitioned) {
    const bounds = `FROM ('${from.toISOString()}') TO ('${until.toISOString()}')`
    const name = `${schema}.${table}_${month}`
    await client.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${schema}.${table} FOR VALUES ${bounds}`)
  }
}

const otherVersion = new DatabaseFault('VERSION', {
  zh: 'PostgreSQL：其中的表属于另一版本的 veilgate（VERSION）',
  en: 'PostgreSQL: the tables in it are of another version of veilgate (VERSION)',
})
