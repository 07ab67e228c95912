/** Keeps the index of a folder up to date while its gateway writes. */
import { setTimeout } from 'node:timers/promises'
import { codeIn } from '../../error-code.ts'
import { bringUpToDate } from './indexing.ts'

/** Milliseconds after which it looks again. */
const pace = 1000
/** Milliseconds between two words on how far it is. */
const lagPace = 5_000

export type IndexState =
  | { readonly is: 'fault'; readonly code: string }
  | { readonly is: 'well' }
  /** Seconds since it had all. */
  | { readonly is: 'lag'; readonly seconds: number }

/**
 * Never ends. Tells of a fault once until it is over. The index is opened anew for each look, by 0.9 ms of CPU: between two,
 * a command may throw it away, and what was put in is in one file that is whole, with no pages of it in memory.
 */
export async function keepIndex(directory: string, tell: (state: IndexState) => void): Promise<never> {
  let current = Date.now()
  setInterval(() => {
    const seconds = Math.round((Date.now() - current) / 1000)
    tell({ is: 'lag', seconds: seconds <= 1 ? 0 : seconds })
  }, lagPace)
  for (let said = ''; ; await setTimeout(pace)) {
    const code = await bringUpToDate(directory).then(
      () => '',
      error => codeIn(error) ?? 'INDEX',
    )
    if (code === '') current = Date.now()
    if (code === said) continue
    said = code
    tell(code === '' ? { is: 'well' } : { is: 'fault', code })
  }
}
