/**
 * The process that keeps the index of a folder up to date while its gateway writes, when nobody else would run. It is told
 * once which folder, tells how it goes, and ends with its parent.
 */
import { setTimeout } from 'node:timers/promises'
import { stepAside } from '../../priority.ts'
import { bringUpToDate } from './indexing.ts'

/** Milliseconds after which it looks again. */
const pace = 1000

export type ToFollower = { readonly directory: string }
export type FromFollower =
  | { readonly is: 'fault'; readonly code: string }
  | { readonly is: 'well' }
  /** Seconds since it had all. */
  | { readonly is: 'lag'; readonly seconds: number }

const lagPace = 5_000

if (import.meta.main) {
  process.once('disconnect', () => process.exit(0))
  stepAside()
  process.once('message', message => void follow((message as ToFollower).directory))
}

async function follow(directory: string): Promise<never> {
  let current = Date.now()
  setInterval(() => {
    const seconds = Math.round((Date.now() - current) / 1000)
    tell({ is: 'lag', seconds: seconds <= 1 ? 0 : seconds })
  }, lagPace)
  for (let said = ''; ; await setTimeout(pace)) {
    const code = await bringUpToDate(directory).then(() => '', codeOf)
    if (code === '') current = Date.now()
    if (code === said) continue
    said = code
    tell(code === '' ? { is: 'well' } : { is: 'fault', code })
  }
}

function tell(message: FromFollower): void {
  process.send?.(message)
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'INDEX'
}
