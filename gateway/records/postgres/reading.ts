/** Who asks a copy is on record in the database itself: the log is not there to be written to. */
import type pg from 'pg'
import type { Draft } from '../drafts.ts'
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
      if (draft.kind !== 'query' || !isRecorded) return null
      const of = draft.of === undefined || draft.of === null ? null : Number(draft.of.split(':')[1])
      try {
        const { rows } = await client.query(
          `INSERT INTO ${schema}.readings (operator, command, filters, shown, of) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
          [draft.operator, draft.command, draft.filters, draft.shown, of],
        )
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
