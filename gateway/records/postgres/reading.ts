/** Who asks a copy is on record in the database itself: the log is not there to be written to. */
import type pg from 'pg'
import { type Draft, serialise } from '../entry.ts'
import { faultOf } from './connect.ts'
import { schema } from './tables.ts'

/** No permission; a server that only follows another one. */
const cannotWrite: ReadonlySet<string> = new Set(['42501', '25006'])

/**
 * `append` puts a reading on record, and gives what a second record of it can be `of`. Where this user of the database may
 * only read it is not recorded, `onUnrecorded` is called once, and it goes on: whoever can read there needs no veilgate
 * for it. Throws DatabaseFault.
 */
export function readingInPostgres(client: pg.Client, onUnrecorded: () => void) {
  let isRecorded = true
  return {
    async append(draft: Draft): Promise<string | null> {
      if (!isRecorded) return null
      try {
        const insert = `INSERT INTO ${schema}.readings (kind, said) VALUES ($1, $2) RETURNING id`
        const { rows } = await client.query(insert, [draft.kind, saidBy(draft)])
        return `reading:${(rows[0] as { id: number }).id}`
      } catch (error) {
        const fault = faultOf(error)
        if (!cannotWrite.has(fault.code)) throw fault
        isRecorded = false
        onUnrecorded()
        return null
      }
    },
    async close(): Promise<void> {},
  }
}

/** What its record says, with none but the declared keys; when and by whom it was written says the table. */
function saidBy(draft: Draft): string {
  const [line] = serialise(draft, { log: 'reading', seq: 0, time: '1970-01-01T00:00:00.000Z' })
  const { v: _, log: __, seq: ___, time: ____, kind: _____, ...said } = JSON.parse(line!) as Record<string, unknown>
  return JSON.stringify(said)
}
