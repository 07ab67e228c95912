/** What the files of a log are called: `gw1-0.000007.jsonl` is the seventh of log `gw1-0`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const pattern = /^([a-z0-9][a-z0-9-]{0,62})\.([0-9]{6,15})\.jsonl$/

export type FileOfLog = { readonly log: string; readonly number: number; readonly path: string }

export function fileName(log: string, number: number): string {
  return `${log}.${String(number).padStart(6, '0')}.jsonl`
}

/** Log and number of a file by its name, or null where it is none of a log's. */
export function nameOfFile(name: string): { log: string; number: number } | null {
  const match = pattern.exec(name)
  return match && { log: match[1]!, number: Number(match[2]) }
}

/** The files of all logs in a folder, or of one, by log and number. What only has such a name, a link or folder, is none. */
export async function filesOf(directory: string, log?: string): Promise<FileOfLog[]> {
  const files: FileOfLog[] = []
  for (const found of await readdir(directory, { withFileTypes: true })) {
    const named = found.isFile() ? nameOfFile(found.name) : null
    if (named !== null && (log === undefined || named.log === log))
      files.push({ ...named, path: join(directory, found.name) })
  }
  return files.sort((a, b) => (a.log < b.log ? -1 : a.log > b.log ? 1 : a.number - b.number))
}

/** The highest number that anything in the folder has by its name, 0 where there is none. */
export async function highestNumber(directory: string, log: string): Promise<number> {
  const names = (await readdir(directory)).map(nameOfFile)
  return names.reduce((most, named) => (named?.log === log ? Math.max(most, named.number) : most), 0)
}
