/**
 * When V8 collects garbage. By itself it does so when it runs out of room: late for who streams, as the heap may grow to
 * three times what is in use. V8's own flags, set while it runs.
 */
import { createHook } from 'node:async_hooks'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (how: { type: 'minor' | 'major'; execution: 'sync'; flavor?: 'last-resort' }) => void

/**
 * Percent by which the heap grows before it is collected, where it should stay small. Buffers that came in and are dead count
 * until what is young is collected, up to 18 MB: by less than 30 they alone have all of the heap marked in every third answer of 50 MB.
 */
const growth = 30
/**
 * The same where no long answer is under way. V8 itself allows for some 40 MB, of which it keeps room for a young generation
 * and takes off the bytes of buffers: what 80 answers of 100 KB leave, all of it dead. A quarter of a gateway's CPU went to
 * full collections that found nothing.
 */
const usualGrowth = 200
/**
 * By how much buffers may grow, where they count as the heap does. V8 itself marks all of the heap after 64 MB of them, live or
 * dead: two of 64 KB for each answer of 100 KB, which a collection of what is young frees, had it mark once in 2,500 answers.
 */
const buffersGrowth = 2

/** To be called once at the start of whatever answers requests. */
export function letHeapGrow(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit')
  setFlagsFromString(`--external-memory-max-growing-factor=${buffersGrowth}`)
  if (streaming === 0) boundGrowth(usualGrowth)
}

function boundGrowth(percent: number): void {
  setFlagsFromString(`--heap-growing-percent=${percent}`)
}

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
 * every tick from then on: 35 000 instructions of each request. One is kept so that this does not happen.
 */
function keepTickShape(): void {
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'TickObject' && ticks.size === 0) ticks.add(resource)
    },
  })
  hook.enable()
  process.nextTick(() => {})
  hook.disable()
}

/** For a process that will serve, once all is loaded: it takes a tenth of a second, in which nobody is answered. */
export function readyToServe(): void {
  keepTickShape()
  makeAllYoung()
  giveBackStart()
}

/**
 * Gives back what a start took and nobody has any more, 80 MB, in a tenth of a second. From then on V8 no longer reduces
 * memory when nothing is asked: in each such pause it throws away hidden classes that nobody has objects of at that moment,
 * and all compiled code that knows them.
 */
function giveBackStart(): void {
  setFlagsFromString('--no-memory-reducer')
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  leastUsed = getHeapStatistics().used_heap_size
}

/**
 * V8 notes which code makes objects that live, and then has it make them old from the start:
 * of people in long answers, whose windows outlive a collection now and then, nearly all. Each MiB left one of old
 * garbage, and half of all CPU went to collecting that.
 */
function makeAllYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}

/** Bytes of long answers that were released since what is young was last collected. */
let released = 0
const bytesBetween = 1024 * 1024

/**
 * So many bytes of a long answer have left, and nothing of what making them took is in use any more: each MiB, of
 * all answers together, what is young is collected. It costs what survives, less than a millisecond: so not before the
 * people of a window are on record and forgotten. Left to itself, V8 comes by whenever, and what is in use then grows old.
 */
export function afterRelease(bytes: number): void {
  released += bytes
  if (released < bytesBetween) return
  released = 0
  collectYoung()
}

/** What is young of this thread's heap, with the buffers that only dead objects of it hold. */
export function collectYoung(): void {
  collect({ type: 'minor', execution: 'sync' })
}

let streaming = 0

/**
 * While there are long answers the heap is collected when it has grown by so much, as what they leave grows old all the
 * same. Not for always: it costs the collector's threads a tenth of a request's CPU. Returns what ends that.
 */
export function boundHeap(): () => void {
  if (streaming++ === 0) boundGrowth(growth)
  return () => {
    if (--streaming === 0) boundGrowth(usualGrowth)
  }
}

/** All of this thread's heap. V8 sets the mark up to which it may grow then. */
export function collectHeap(): void {
  collect({ type: 'major', execution: 'sync' })
}

/** Bytes that were in use of this thread's heap when all of it was last collected, or later, where that was less. */
let leastUsed = 0
/** By how much it has grown since where all of it is worth collecting, which takes as long as 15 MB of an answer. */
const worthCollecting = 8 * 1024 * 1024

/** For long answers: where requests before them have left much, that is collected; where little is to be found, nothing. */
export function collectWhatGrew(): void {
  const used = getHeapStatistics().used_heap_size
  if (used <= leastUsed + worthCollecting) {
    leastUsed = Math.min(leastUsed, used)
    return
  }
  collectHeap()
  leastUsed = getHeapStatistics().used_heap_size
}
