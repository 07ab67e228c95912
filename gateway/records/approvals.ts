/** Whether two people of two groups have signed a request. Pure. */
import { openNote, type Verifier } from './proof/note.ts'
import { approvalsNeeded } from './proof/prune-request.ts'

export type Approving = { readonly verifier: Verifier; readonly group: string }

/** Names of those who signed, at least two of two groups; null where they are too few, or a signature is wrong. */
export function approvedBy(note: Buffer, approvers: readonly Approving[]): string[] | null {
  const opened = openNote(
    note,
    approvers.map(one => one.verifier),
  )
  const signed = approvers.filter(one => opened?.by.some(({ by }) => by === one.verifier))
  const groups = new Set(signed.map(one => one.group))
  const names = new Set(signed.map(one => one.verifier.name))
  return names.size >= approvalsNeeded && groups.size >= approvalsNeeded ? [...names] : null
}
