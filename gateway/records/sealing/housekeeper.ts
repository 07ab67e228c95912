/**
 * The process beside a gateway for what may wait: it runs when nobody else would, keeps the index of the folder up to date
 * and compresses full log files to be sealed. It is told once which folder, tells how it goes, and ends with its parent.
 */
import { stepAside } from '../../priority.ts'
import { type IndexState, keepIndex } from '../index/keeping.ts'
import { Drafting } from './drafting.ts'
import type { DraftAnswer, DraftRequest } from './sealer.ts'

export type ToHousekeeper =
  /** First of all. `requests`: those that one before it has not answered. */
  | { readonly is: 'begin'; readonly directory: string; readonly requests: readonly DraftRequest[] }
  | { readonly is: 'draft'; readonly request: DraftRequest }
export type FromHousekeeper = IndexState | { readonly is: 'drafted'; readonly answer: DraftAnswer }

if (import.meta.main) {
  const tell = (message: FromHousekeeper): void => {
    process.send?.(message)
  }
  let drafting: Drafting | null = null
  // heard between two pieces of a file: what is half done is taken away
  process.once('disconnect', () => {
    drafting?.stop()
    process.exit(0)
  })
  stepAside()
  process.on('message', message => {
    const told = message as ToHousekeeper
    if (told.is === 'begin') {
      drafting = new Drafting(told.directory, answer => tell({ is: 'drafted', answer }))
      for (const request of told.requests) drafting.ask(request)
      void keepIndex(told.directory, tell)
    } else drafting?.ask(told.request)
  })
}
