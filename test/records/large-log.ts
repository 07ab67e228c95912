/** A log of many megabytes, as long answers leave it. */
import { hash } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Batch } from '../../gateway/records/log/batch.ts'
import { beforeFirst, sealBatch } from '../../gateway/records/log/frame.ts'
import type { Durable } from '../../gateway/records/notary/stored-records.ts'

export const largeLog = (directory: string) => join(directory, 'gw1-0.000001.jsonl')

/**
 * Writes a file of batches of so many entries, a KB each, whose records cannot be compressed much. Returns its SHA-256, how far
 * it is durable and its entries' lines.
 */
export async function writeLog(
  directory: string,
  batches: number,
  entriesOf: (batch: number) => number = () => 100,
): Promise<{ sha256: string; durable: Durable; lines: string[] }> {
  const file = await open(largeLog(directory), 'w', 0o600)
  const lines: string[] = []
  let [prev, size] = [beforeFirst, 0]
  for (let batch = 0; batch < batches; batch++) {
    const noise = (nth: number) =>
      Array.from({ length: 20 }, (_, part) => hash('sha256', `${batch} ${nth} ${part}`, 'base64url')).join('')
    const first = lines.length
    const many = entriesOf(batch)
    for (let nth = 0; nth < many; nth++)
      lines.push(`{"v":1,"log":"gw1-0","seq":${first + nth},"time":"2026-11-21T09:30:00.000Z","noise":"${noise(nth)}"}`)
    const text = lines
      .slice(first)
      .map(line => `${line}\n`)
      .join('')
    const made = sealBatch(Batch.of(text, many), { batch, first, prev })
    prev = made.sha256
    size += made.bytes.length
    await file.write(made.bytes)
  }
  await file.close()
  const sha256 = `sha256:${hash('sha256', await readFile(largeLog(directory)))}`
  return { sha256, durable: { file: 1, size, seq: lines.length, prev }, lines }
}
