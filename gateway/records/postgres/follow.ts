/** Keeps the copy of a folder up to date for as long as it is wanted, whatever becomes of the database meanwhile. */
import type pg from 'pg'
import type { PostgresSettings } from '../../config/config.ts'
import { connect, copying, DatabaseFault } from './connect.ts'
import { type CopyFault, FolderCopy } from './copy.ts'
import { makeTables } from './tables.ts'

export type CopyState =
  /** All that is in the folder is in the database. */
  | { readonly is: 'current' }
  /** `code`: why; what is new waits in the folder, and nothing else waits for it. */
  | { readonly is: 'waiting'; readonly code: string }
  | ({ readonly is: 'fault' } & CopyFault)

export type Following = {
  readonly directory: string
  readonly settings: PostgresSettings
  /** Told when it changes. */
  readonly onState: (state: CopyState) => void
  /** Told every five seconds how much is not copied yet. */
  readonly onLag?: (lag: { readonly records: number | null; readonly seconds: number }) => void
  readonly signal: AbortSignal
  /** Milliseconds between looks at the folder; and between attempts, at first and at most. */
  readonly pace?: { readonly look: number; readonly soon: number; readonly late: number }
}

const lagPace = 5_000

/** Resolves when it was told to end. */
export async function followIntoPostgres(following: Following): Promise<void> {
  const { directory, settings, onState, onLag, signal } = following
  const { look, soon, late } = following.pace ?? { look: 500, soon: 500, late: 30_000 }
  const copy = new FolderCopy(directory, settings.prefix, fault => onState({ is: 'fault', ...fault }))
  let wait = soon
  let said = ''
  const say = (state: CopyState): void => {
    const text = JSON.stringify(state)
    if (text !== said) onState(state)
    said = text
  }
  const timer = setInterval(() => {
    if (onLag !== undefined) copy.behind(Date.now()).then(onLag, () => {})
  }, lagPace)
  signal.addEventListener('abort', () => clearInterval(timer))
  while (!signal.aborted) {
    let client: pg.Client | null = null
    try {
      client = await connect(settings, copying)
      await makeTables(client)
      while (!signal.aborted) {
        if ((await copy.run(client)) > 0) continue
        wait = soon
        say({ is: 'current' })
        await pause(look, signal)
      }
      // what the gateway wrote last
      await copy.run(client)
    } catch (error) {
      say({ is: 'waiting', code: error instanceof DatabaseFault ? error.code : 'FOLDER' })
      await pause(wait, signal)
      wait = Math.min(late, wait * 2)
    } finally {
      await client?.end().catch(() => {})
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
