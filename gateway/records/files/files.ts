/**
 * What the files of a log are called: `gw1-0.000007.jsonl` is the seventh of log `gw1-0`, `gw1-0.000007.jsonl.zst` the
 * same once it is sealed. Where both are there, sealing was cut short, and the plain one counts.
 */
import { readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

const pattern = /^([a-z0-9][a-z0-9-]{0,62})\.([0-9]{6,15})\.jsonl(\.zst)?$/

export type FileOfLog = {
  readonly log: string
  readonly number: number
  readonly path: string
  readonly sealed: boolean
}

/** Names of the logs of the processes that serve as one, and of their primary; commands have logs of other names. */
export const ofGateway = /^gw[0-9]+(-[0-9]+)?$/

export function fileName(log: string, number: number): string {
  return `${log}.${String(number).padStart(6, '0')}.jsonl`
}

/** What a file is called once it is sealed. */
export function sealedName(path: string): string {
  return `${path}.zst`
}

/** Log and number of a file by its name, or null where it is none of a log's. */
export function nameOfFile(name: string): { log: string; number: number; sealed: boolean } | null {
  const match = pattern.exec(name)
  return match && { log: match[1]!, number: Number(match[2]), sealed: match[3] !== undefined }
}

/** The files of all logs in a folder, or of one, by log and number. What only has such a name, a link or folder, is none. */
export async function filesOf(directory: string, log?: string): Promise<FileOfLog[]> {
  return choose(directory, await readdir(directory, { withFileTypes: true }), log)
}

/** The same for a thread of its own, which may wait. */
export function filesNow(directory: string, log?: string): FileOfLog[] {
  return choose(directory, readdirSync(directory, { withFileTypes: true }), log)
}

function choose(
  directory: string,
  found: readonly { name: string; isFile(): boolean }[],
  log: string | undefined,
): FileOfLog[] {
  const files = new Map<string, FileOfLog>()
  for (const one of found) {
    const named = one.isFile() ? nameOfFile(one.name) : null
    if (named === null || (log !== undefined && named.log !== log)) continue
    const key = fileName(named.log, named.number)
    if (!named.sealed || !files.has(key)) files.set(key, { ...named, path: join(directory, one.name) })
  }
  return [...files.values()].sort((a, b) => (a.log < b.log ? -1 : a.log > b.log ? 1 : a.number - b.number))
}

/** The highest number that anything in the folder has by its name, 0 where there is none. */
export async function highestNumber(directory: string, log: string): Promise<number> {
  const names = (await readdir(directory)).map(nameOfFile)
  return names.reduce((most, named) => (named?.log === log ? Math.max(most, named.number) : most), 0)
}
