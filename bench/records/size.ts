/** What a record, and a person in it, takes once its file is sealed: `node bench/records/size.ts`. No blind index comes twice. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accesses, issued } from '../query/staff.ts'
import { logWriter } from '../query/write-log.ts'

const records = 300_000
const freshIndex = (): string => randomBytes(17).toString('base64url').slice(0, 22)

/** Bytes a record with so many people, of sealed files. */
async function bytesEach(people: number, batch: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'veilgate-size-'))
  try {
    const writer = logWriter(directory, 'gw1-0', freshIndex, true, batch)
    const shown = Array.from({ length: people }, (_, nth) => nth)
    for (const access of accesses({ ...issued, records }, 1, Date.now())) writer.write({ ...access, people: shown })
    const { sealed } = writer.end()
    let bytes = 0
    for (const name of (await readdir(directory)).filter(name => name.endsWith('.zst')))
      bytes += statSync(join(directory, name)).size
    return bytes / sealed
  } finally {
    rmSync(directory, { recursive: true })
  }
}

for (const batch of [1, 64]) {
  const [none, one, ten] = [await bytesEach(0, batch), await bytesEach(1, batch), await bytesEach(10, batch)]
  const person = ((ten - one) / 9).toFixed(1)
  console.log(`${batch} a batch: ${none.toFixed(1)} bytes a record, and ${person} for each person in it`)
}
