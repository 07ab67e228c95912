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

/** The files of all logs in a folder, or of one, by log and number. */
export async function filesOf(directory: string, log?: string): Promise<FileOfLog[]> {
  const files: FileOfLog[] = []
  for (const name of await readdir(directory)) {
    const found = nameOfFile(name)
    if (found !== null && (log === undefined || found.log === log))
      files.push({ ...found, path: join(directory, name) })
  }
  return files.sort((a, b) => (a.log < b.log ? -1 : a.log > b.log ? 1 : a.number - b.number))
}
