/** What somebody can do who may write to every file of a records folder, and knows how they are made. */
import { hash } from 'node:crypto'
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readNow } from '../../gateway/records/files/file-bytes.ts'
import { filesNow } from '../../gateway/records/files/files.ts'
import { ProofFolder } from '../../gateway/records/notary/proof-folder.ts'

/** All entries of a log, batch by batch. */
export function batchesOf(directory: string): string[][] {
  const batches: string[][] = [[]]
  for (const { path } of filesNow(directory, 'gw1-0'))
    for (const line of readNow(path).toString('utf8').trimEnd().split('\n'))
      if (line.startsWith('{"batch":')) batches.push([])
      else batches.at(-1)!.push(line)
  return batches.filter(batch => batch.length > 0)
}

/** Puts these batches in the place of all files, numbered and chained anew, as a gateway would have written them. */
export async function rewrite(directory: string, batches: readonly (readonly string[])[]): Promise<void> {
  for (const { path } of filesNow(directory, 'gw1-0')) await rm(path)
  let [prev, seq, text] = ['A'.repeat(43), 0, '']
  for (const [batch, entries] of batches.entries()) {
    const first = seq
    const lines = entries.map(line => line.replace(/"seq":\d+/, () => `"seq":${seq++}`)).join('\n')
    const covered = `${lines}\n{"batch":${batch},"first":${first},"n":${entries.length},"prev":"${prev}"`
    prev = hash('sha256', covered, 'base64url')
    text += `${covered},"sha256":"${prev}"}\n`
  }
  await writeFile(join(directory, 'gw1-0.000001.jsonl'), text)
}

/** Cuts everything back to an older checkpoint, as if nothing after it had ever been: the records, and what proves them. */
export async function rewind(directory: string, nth: number): Promise<void> {
  const folder = new ProofFolder(directory, 'gw1-0')
  const { kept } = folder.notes('checkpoints')
  const { size } = kept.at(nth)!.checkpoint!
  folder.replaceNotes('checkpoints', kept.slice(0, kept.indexOf(kept.at(nth)!) + 1))
  for (const { path } of filesNow(directory, 'gw1-0')) {
    const bytes = readNow(path)
    const first = Number(/"seq":(\d+),/.exec(bytes.toString('latin1', 0, 200))![1])
    const end = bytes.indexOf(`"first":${size},`)
    const isAfter = first >= size
    if (!isAfter && end < 0) continue
    await rm(path, { force: true })
    // The frame that begins with the first record after the checkpoint: everything from its first entry on goes.
    const cut = bytes.indexOf(`{"v":1,"log":"gw1-0","seq":${size},`)
    if (!isAfter) await writeFile(path.replace('.zst', ''), bytes.subarray(0, cut))
  }
  const left = batchesOf(directory).flat()
  for (const { path, number, sealed } of filesNow(directory, 'gw1-0')) {
    if (!sealed || left.some(line => line.includes(`"kind":"seal","file":${number},`))) continue
    await writeFile(path.replace('.zst', ''), readNow(path))
    await rm(path, { force: true })
  }
  for (const { level, nth: tile, path } of folder.tiles()) {
    const hashes = Math.floor(size / 256 ** level) - tile * 256
    const file = join(folder.path, path)
    if (hashes <= 0) await rm(file)
    else if (hashes < 256) await truncate(file, Math.min((await readFile(file)).length, hashes * 32))
  }
}

/** Every file of a folder, with its path in it. */
export async function allFiles(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true })
  return found.filter(one => one.isFile()).map(one => join(one.parentPath, one.name))
}
