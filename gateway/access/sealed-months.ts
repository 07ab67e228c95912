/** Where the sealed keys of months are, and how the gateway comes to hold none but the current one. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeKeyFolder, overwriteKeyFile, readKeyFile, replaceKeyFile } from './key-files.ts'
import { destroyedText, forgottenText, monthFile, storedMonths } from './monthly-keys.ts'
import { parseSealedMonth, type SealedMonth, sealMonth } from './trace-authority.ts'

const folderName = 'people-keys'
const filePattern = /^(\d{4}-\d{2})\.sealed$/

/** The file with a month's sealed key, beside the records. */
export function sealedFile(records: string, month: string): string {
  return join(records, folderName, `${month}.sealed`)
}

/** All sealed keys beside the records, oldest first; those that were destroyed are not there. */
export async function sealedMonths(records: string): Promise<SealedMonth[]> {
  const names = await readdir(join(records, folderName)).catch(() => [])
  const found: SealedMonth[] = []
  for (const name of names.sort()) {
    const month = filePattern.exec(name)?.[1]
    const text = month === undefined ? null : await readKeyFile(sealedFile(records, month))
    const sealed = text === null ? null : parseSealedMonth(text)
    if (sealed !== null && sealed.month === month) found.push(sealed)
  }
  return found
}

/** What is done to a month's key, to be put on record. */
export type MonthStep = { readonly action: 'sealed' | 'retired'; readonly month: string }

/**
 * Seals each key in the keys folder that is not sealed to this authority yet, and then forgets those of past months.
 *
 * @param keep months whose keys are still needed.
 * @param record puts each step on record, before a key is forgotten and after it is sealed.
 */
export async function sealAndForget(
  { keys, records, authority }: { readonly keys: string; readonly records: string; readonly authority: string },
  keep: ReadonlySet<string>,
  record: (step: MonthStep) => Promise<void>,
): Promise<void> {
  const known = new Map((await sealedMonths(records)).map(one => [one.month, one.authority]))
  for (const month of storedMonths(keys)) {
    const path = monthFile(keys, month)
    const text = await readKeyFile(path)
    if (text === null || text === destroyedText || text === forgottenText) continue
    if (known.get(month) !== authority) {
      await makeKeyFolder(join(records, folderName))
      await replaceKeyFile(sealedFile(records, month), sealMonth(authority, month, Buffer.from(text, 'base64url')))
      await record({ action: 'sealed', month })
    }
    if (keep.has(month)) continue
    await record({ action: 'retired', month })
    await overwriteKeyFile(path, forgottenText)
  }
}
