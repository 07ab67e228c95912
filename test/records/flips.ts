/** Flips one random bit after the other somewhere in a folder, and sees to it that each is found, with the place. */
import assert from 'node:assert/strict'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Found } from '../../gateway/records/verify/report.ts'
import { allFiles } from './forging.ts'
import { verified } from './proofs.ts'

/** @param random numbers from 0 up to 1. */
export async function flipEach(directory: string, times: number, random: () => number): Promise<void> {
  const files = (await allFiles(directory)).filter(path => statSync(path).size > 0)
  const sizes = files.map(path => statSync(path).size)
  const all = sizes.reduce((sum, size) => sum + size, 0)
  for (const path of files) chmodSync(path, 0o600)
  for (let nth = 0; nth < times; nth++) {
    // Half of them in any file alike: most bytes are in the records.
    let file = Math.floor(random() * files.length)
    if (nth % 2 === 0)
      for (let at = random() * all, sum = 0; ; file++) if ((sum += sizes[(file %= files.length)]!) > at) break
    const path = files[file]!
    const bytes = readFileSync(path)
    const [at, bit] = [Math.floor(random() * bytes.length), Math.floor(random() * 8)]
    bytes[at]! ^= 1 << bit
    writeFileSync(path, bytes)
    const { problems } = await verified(directory)
    bytes[at]! ^= 1 << bit
    writeFileSync(path, bytes)
    const name = relative(directory, path)
    assert.ok(problems.length > 0, `${name} byte ${at} bit ${bit} was not found`)
    assert.ok(
      problems.some(problem => isNear(problem, name)),
      `${name} byte ${at} bit ${bit} is not the place told`,
    )
  }
}

function isNear({ file, at }: Found, name: string): boolean {
  // A key that was changed shows in what it should have signed.
  const isKey = name.endsWith('/key')
  if (at !== null) return at === name || isKey || (at.includes('/tile/') && name.includes('/tile/'))
  const number = Number(/^gw1-0\.(\d+)\.jsonl/.exec(name)?.[1])
  return file !== null && Math.abs(file - number) <= 1
}
