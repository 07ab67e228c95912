/** Opens the records of a folder for reading: by their index, brought up to date first, where there can be one. */
import { accessSync, constants } from 'node:fs'
import { asIndexFault, IndexFault, isIndexTrouble } from '../index/database.ts'
import { IndexedSource } from '../index/indexed-source.ts'
import { bringUpToDate, forgetIndex, type Progress } from '../index/indexing.ts'
import { FolderSource } from './folder-source.ts'
import type { RecordSource } from './source.ts'

/**
 * @param everything reads all of the log, and no index: slow in a large folder, and certain that nothing is left out. So
 *   it is where this user cannot write to the folder, and where the index cannot be made.
 */
export async function openSource(
  directory: string,
  { everything = false, ...progress }: { readonly everything?: boolean } & Progress = {},
): Promise<RecordSource> {
  if (everything || !isWritable(directory)) return new FolderSource(directory)
  try {
    await bringUpToDate(directory, progress)
    return new IndexedSource(directory)
  } catch (error) {
    if (!isIndexTrouble(error)) throw error
    return new FolderSource(directory)
  }
}

/**
 * Works with the records of a folder. Where the index turns out to be broken it is made anew and the work begun again,
 * once: `work` must not have shown anything by then, or be able to show it again.
 */
export async function withSource<Result>(
  directory: string,
  options: Parameters<typeof openSource>[1],
  work: (source: RecordSource) => Promise<Result>,
): Promise<Result> {
  for (let isAgain = false; ; isAgain = true) {
    const source = await openSource(directory, isAgain ? { everything: true } : options)
    try {
      return await work(source)
    } catch (error) {
      if (!(asIndexFault(error) instanceof IndexFault) || isAgain) throw error
      await forgetIndex(directory)
    } finally {
      source.close()
    }
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}
