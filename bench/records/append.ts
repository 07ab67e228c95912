/** How many records a second one log takes, and how long one waits, at 1, 16 and 256 in flight: `node bench/records/append.ts [DIR]`. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialise } from '../../gateway/records/entry.ts'
import { openRecordLog } from '../../gateway/records/log.ts'
import { accessDraft } from '../../test/records/drafts.ts'

const draft = accessDraft({
  rows: 1,
  fields: { 'cn_resident_id@A4': { partial: 1 }, 'cn_mobile@A3': { clear: 1 } },
  subjects: { count: 1, index: ['abcdefghijklmnopqrstuv:partial'] },
})

const seconds = 3
const directory = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'veilgate-bench-'))
try {
  const head = { log: 'gw1-0', seq: 1, time: new Date().toISOString() }
  for (let warm = 0; warm < 20_000; warm++) serialise(draft, head)
  const began = process.cpuUsage()
  for (let nth = 0; nth < 100_000; nth++) serialise(draft, head)
  const { user, system } = process.cpuUsage(began)
  console.log(`serialise: ${((user + system) / 100_000).toFixed(2)} µs CPU a record`)
  const log = await openRecordLog({ directory, log: 'gw1-0', holds: 'folder' })
  for (const inFlight of [1, 16, 256]) {
    const waits: number[] = []
    const cpu = process.cpuUsage()
    const start = performance.now()
    const end = start + seconds * 1000
    const caller = async () => {
      for (let now = performance.now(); now < end; ) {
        await log.append([draft])
        const then = now
        now = performance.now()
        waits.push(now - then)
      }
    }
    await Promise.all(Array.from({ length: inFlight }, caller))
    const took = performance.now() - start
    const used = process.cpuUsage(cpu)
    waits.sort((a, b) => a - b)
    const at = (share: number) => waits[Math.floor(waits.length * share)]!.toFixed(2)
    const rate = Math.round(waits.length / (took / 1000))
    const each = ((used.user + used.system) / waits.length).toFixed(1)
    console.log(
      `${inFlight} in flight: ${rate} records/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${each} µs CPU a record`,
    )
  }
  await log.close()
} finally {
  await rm(directory, { recursive: true })
}
