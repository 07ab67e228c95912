/** From a folder of records to the proof of one of them: for commands. */
import { filesOf } from './files/files.ts'
import { voidAfter } from './files/read.ts'
import { LogTree } from './notary/notarizing.ts'
import { ProofFolder } from './notary/proof-folder.ts'
import { StoredFault, StoredRecords } from './notary/stored-records.ts'
import { hashOfLeaf, isIncluded } from './proof/check.ts'
import type { Kept } from './proof/checkpoint.ts'
import { writeProof } from './proof/proof-file.ts'
import { inclusionProof } from './proof/tree.ts'

/**
 * The proof as a file, by the newest checkpoint that a witness has signed, else by the newest of all. `signed`: none
 * covers the record. `there`: records are missing or changed that it would take.
 */
export async function proveRecord(
  directory: string,
  log: string,
  index: number,
): Promise<string | { readonly not: 'signed' | 'there' }> {
  const folder = new ProofFolder(directory, log)
  const covering = (kept: readonly Kept[]) => kept.filter(one => (one.checkpoint?.size ?? 0) > index).at(-1)
  const note = covering(folder.notes('witnessed').kept) ?? covering(folder.notes('checkpoints').kept)
  if (!note?.checkpoint) return { not: 'signed' }
  const stored = new StoredRecords(directory, log, await voidAfter(await filesOf(directory, log)))
  try {
    const { size, root } = note.checkpoint
    const [line] = stored.lines(index, index + 1)
    const path = inclusionProof(new LogTree(folder, stored).nodes(size), index, size)
    if (!isIncluded(hashOfLeaf(line!), index, size, path, root)) return { not: 'there' }
    return writeProof({ line: line!, index, path, note: note.bytes })
  } catch (error) {
    if (error instanceof StoredFault) return { not: 'there' }
    throw error
  }
}
