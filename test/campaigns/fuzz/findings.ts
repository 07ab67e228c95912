/** What was found: made as small as it goes, and kept as a file that a test reads from then on. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Case } from './bodies.ts'

export const findingsFolder = fileURLToPath(new URL('../../bypass/findings/', import.meta.url))

export type Finding = {
  readonly why: string
  readonly headers: Readonly<Record<string, string>>
  /** base64. */
  readonly body: string
}

/** Writes it, named by its content; returns the name. */
export async function keep(why: string, { headers, bytes }: Case): Promise<string> {
  const finding: Finding = { why, headers, body: bytes.toString('base64') }
  const name = `${createHash('sha256').update(finding.body).digest('hex').slice(0, 12)}.json`
  await mkdir(findingsFolder, { recursive: true })
  await writeFile(findingsFolder + name, `${JSON.stringify(finding, null, 2)}\n`)
  return name
}

/** Takes pieces out as long as it is still wrong, each size from halves down to bytes; bounded. */
export async function minimise(found: Case, isWrong: (one: Case) => Promise<boolean>): Promise<Case> {
  let { bytes } = found
  let tries = 4000
  for (let size = bytes.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < bytes.length && tries > 0; ) {
      const shorter = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)])
      tries--
      if (await isWrong({ ...found, bytes: shorter })) bytes = shorter
      else at += size
    }
  }
  return { ...found, bytes }
}
