/**
 * When V8 collects garbage. By itself it does so when it runs out of room: late for who streams, as the heap may grow to
 * three times what is in use. V8's own flags, set while it runs.
 */
import { createHook } from 'node:async_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (how: { type: 'minor' | 'major'; execution: 'sync' }) => void

let known: Collect | null = null

function collect(how: Parameters<Collect>[0]): void {
  if (known === null) {
    setFlagsFromString('--expose-gc')
    known = runInNewContext('gc') as Collect
  }
  known(how)
}

/** One of the objects that `process.nextTick` makes. */
const ticks = new Set<object>()

/**
 * When no such object is alive in a full collection, V8 forgets their hidden class, and Node 26 has it make a new one for
 * every tick from then on: 35 000 instructions of each request. One is kept so that this does not happen. For the same
 * reason nothing is collected before the first request: it gave back 70 MB, and made a request of 1 KB cost twice as much.
 */
export function keepTickShape(): void {
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'TickObject' && ticks.size === 0) ticks.add(resource)
    },
  })
  hook.enable()
  process.nextTick(() => {})
  hook.disable()
}

/** Bytes of long answers that were released since what is young was last collected. */
let released = 0
const bytesBetween = 1024 * 1024

/**
 * So many bytes of a long answer were released, and next to nothing of what making them took is in use now: each MiB, of
 * all answers together, what is young is collected. It costs what survives, less than a millisecond; left to itself, V8
 * comes by when half of it is in use, and that grows old.
 */
export function afterRelease(bytes: number): void {
  released += bytes
  if (released < bytesBetween) return
  released = 0
  collect({ type: 'minor', execution: 'sync' })
}

let streaming = 0

/**
 * While there are very long answers the heap is collected when it has grown by a quarter, as what they leave grows old all the
 * same; and now, for V8 sets the mark when it collects. Returns what ends that. Not for always: it costs the collector's
 * threads a tenth of a request's CPU.
 */
export function boundHeap(): () => void {
  if (streaming++ === 0) {
    setFlagsFromString('--heap-growing-percent=25')
    collect({ type: 'major', execution: 'sync' })
  }
  return () => {
    if (--streaming === 0) setFlagsFromString('--heap-growing-percent=0')
  }
}
