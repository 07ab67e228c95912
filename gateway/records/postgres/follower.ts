/**
 * The process that copies records into a database while they are written, at the lowest priority. It is
 * told once what to copy, tells how it goes, and ends with its parent.
 */
import type { PostgresSettings } from '../../config/config.ts'
import { stepBack } from '../../priority.ts'
import { type CopyState, type Following, followIntoPostgres } from './follow.ts'

export type ToFollower = { readonly directory: string; readonly settings: PostgresSettings }
export type FromFollower = CopyState | { readonly is: 'lag'; readonly records: number | null; readonly seconds: number }

if (import.meta.main) {
  const ending = new AbortController()
  stepBack()
  process.once('disconnect', () => ending.abort())
  // a signal goes to all processes of a terminal: the parent says when to end
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  process.once('message', message => {
    const tell = (what: FromFollower): void => {
      if (process.connected) process.send!(what, () => {})
    }
    const onLag: Following['onLag'] = lag => tell({ is: 'lag', ...lag })
    void followIntoPostgres({ ...(message as ToFollower), onState: tell, onLag, signal: ending.signal })
  })
}
