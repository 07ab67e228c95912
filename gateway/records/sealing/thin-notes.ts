/** Keeps of a log's checkpoints those that prove something which no later one proves. */
import type { SealDraft } from '../drafts.ts'
import type { ProofFolder } from '../notary/proof-folder.ts'
import type { Kept } from '../proof/checkpoint.ts'

/** Of the checkpoints in a sealed file the last stays; of those that were witnessed, the last of each witness. */
export function thinNotes(folder: ProofFolder, { first, last }: SealDraft): void {
  for (const name of ['checkpoints', 'witnessed'] as const) {
    const { kept } = folder.notes(name)
    const newest = new Map<string, Kept>()
    for (const one of kept) if (isIn(one)) newest.set(signersOf(one), one)
    const left = kept.filter(one => !isIn(one) || newest.get(signersOf(one)) === one)
    if (left.length < kept.length) folder.replaceNotes(name, left)
  }
  function isIn({ checkpoint }: Kept): boolean {
    return checkpoint !== null && checkpoint.size > first && checkpoint.size <= last + 1
  }
}

function signersOf({ bytes }: Kept): string {
  return (bytes.toString('utf8').match(/^\u2014 \S+/gmu) ?? []).join()
}
