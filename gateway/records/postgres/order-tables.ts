/** The tables of what gateways decide together, in a schema of their own, brought from version to version. */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { DatabaseFault } from './connect.ts'
import { beginningOf, type Position } from './order-chain.ts'

export const orderSchema = 'veilgate_control'
/** Any number, the same for all who make tables. */
const makingTables = 0x7665696d

/**
 * Each step makes a version of the one before it; none is ever changed. `events`: the order. `gateways`: how far each
 * process has taken it in. `state`: the version, the order's random name, and by `mac` whose keys it is under.
 */
const steps: readonly string[] = [
  `CREATE TABLE ${orderSchema}.state (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version int NOT NULL,
  epoch text NOT NULL, mac text NOT NULL);
CREATE TABLE ${orderSchema}.events (nth bigint PRIMARY KEY CHECK (nth > 0), gateway text NOT NULL, time text NOT NULL,
  event text NOT NULL, mac text NOT NULL);
CREATE TABLE ${orderSchema}.gateways (run text PRIMARY KEY, name text NOT NULL, epoch text NOT NULL, nth bigint NOT NULL,
  chain text NOT NULL, mac text NOT NULL, seen timestamptz NOT NULL DEFAULT now());`,
]

/** Makes the tables where there are none, or brings them up to date; returns where their order begins. @throws DatabaseFault, or what the statements throw */
export async function openOrder(client: pg.Client, key: Uint8Array): Promise<Position> {
  const found = await stateOf(client)
  if (found?.version === steps.length) return beginning(key, found)
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [makingTables])
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${orderSchema}`)
    const before = await stateOf(client)
    if (before !== null && before.version > steps.length) throw newer
    for (const step of steps.slice(before?.version ?? 0)) await client.query(step)
    if (before === null) {
      const { epoch, mac } = beginningOf(key, randomBytes(16).toString('base64url'))
      await client.query(`INSERT INTO ${orderSchema}.state (version, epoch, mac) VALUES ($1, $2, $3)`, [
        ...[steps.length, epoch, mac],
      ])
    } else await client.query(`UPDATE ${orderSchema}.state SET version = $1`, [steps.length])
    const made = await stateOf(client)
    await client.query('COMMIT')
    return beginning(key, made!)
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

type State = { readonly version: number; readonly epoch: string; readonly mac: string }

async function stateOf(client: pg.Client): Promise<State | null> {
  const { rows } = await client.query(`SELECT to_regclass('${orderSchema}.state') IS NOT NULL AS made`)
  if (!(rows[0] as { made: boolean }).made) return null
  const found = await client.query(`SELECT version, epoch, mac FROM ${orderSchema}.state`)
  return (found.rows[0] as State | undefined) ?? null
}

function beginning(key: Uint8Array, { version, epoch, mac }: State): Position {
  if (version > steps.length) throw newer
  const position = beginningOf(key, epoch)
  if (position.mac !== mac) throw otherKeys
  return position
}

const newer = new DatabaseFault('VERSION', {
  zh: 'PostgreSQL：其中的表属于更新版本的 veilgate（VERSION）',
  en: 'PostgreSQL: the tables in it are of a newer version of veilgate (VERSION)',
})
const otherKeys = new DatabaseFault('OTHER_KEYS', {
  zh: 'PostgreSQL：其中的授权属于持有另一套密钥的网关；共用数据库的网关须持有同一套密钥（veilgate keys export、import）',
  en: 'PostgreSQL: the grants in it are of gateways with other keys; gateways that share it have the same keys (veilgate keys export, import)',
})
