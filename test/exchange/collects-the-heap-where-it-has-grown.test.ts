import assert from 'node:assert/strict'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { collectWhatGrew, collectYoung } from '../../gateway/memory.ts'

const { NODE_PERFORMANCE_GC_MAJOR, NODE_PERFORMANCE_GC_FLAGS_FORCED } = constants

const kept = new Set<unknown>()

/** 32 MB that are old by the time this returns. */
function makeOld(): void {
  kept.add(Array.from({ length: 500_000 }, (_, at) => ({ at })))
  for (let times = 0; times < 3; times++) collectYoung()
}

test('long answers have all of the heap collected once it has grown, and not before', async () => {
  let full = 0
  const observer = new PerformanceObserver(list => {
    // V8 may collect by itself beside it
    for (const { detail } of list.getEntries() as unknown as { detail: { kind: number; flags: number } }[])
      if (detail.kind === NODE_PERFORMANCE_GC_MAJOR && detail.flags === NODE_PERFORMANCE_GC_FLAGS_FORCED) full++
  })
  observer.observe({ entryTypes: ['gc'] })
  const collections = async (): Promise<number> => {
    const before = full
    for (let windows = 0; windows < 10; windows++) collectWhatGrew()
    for (let turns = 0; turns < 10; turns++) await turn()
    return full - before
  }
  await collections()
  assert.equal(await collections(), 0)
  makeOld()
  // a second one where V8 was in the middle of one of its own, which keeps what died meanwhile
  const once = await collections()
  assert.ok(once === 1 || once === 2, `${once} collections`)
  assert.equal(await collections(), 0)
  observer.disconnect()
})
