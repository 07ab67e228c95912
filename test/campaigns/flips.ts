/** `node test/campaigns/flips.ts [TIMES]`: flips 10 000 random bits, or as many as asked, over all files of a folder of records. */
import { test } from 'node:test'
import { flipEach } from '../records/flips.ts'
import { sample } from '../records/proofs.ts'

const times = Number(process.argv[2] ?? 10_000)

test(`${times} flipped bits are found`, async t => {
  const { directory } = await sample(t, 700)
  for (let done = 0; done < times; done += 500) {
    await flipEach(directory, Math.min(500, times - done), Math.random)
    console.log(`${Math.min(times, done + 500)} of ${times} found`)
  }
})
