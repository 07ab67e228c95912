/** Runs workbooks through threads: few at a time, each within bounds of time and memory. */
import { Worker } from 'node:worker_threads'
import { fault } from '../faults.ts'
import type { FromThread, Questions } from './protocol.ts'

export type Answer = (
  kind: keyof Questions,
  asks: Questions[keyof Questions]['asks'],
) => Questions[keyof Questions]['answers']

/** Threads at a time, and workbooks that wait for one; the largest package takes about a gigabyte. */
const maxThreads = 2
const maxWaiting = 16
const maxTime = 60_000
const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 32 }
/** How long a thread waits for another workbook. */
const maxIdle = 60_000

const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

let running = 0
const waiting: (() => void)[] = []
/**
 * Threads whose last workbook left as it should, and when they end. To begin one and have its code compiled costs more than most
 * workbooks do; one that failed in any way is never used again.
 */
const idle = new Map<Worker, NodeJS.Timeout>()

/** The workbook as it leaves. Throws faults of the format, `too_large` also where it takes over so many ms or too many wait. */
export async function convertInThread(bytes: Uint8Array, answer: Answer, time = maxTime): Promise<Uint8Array> {
  if (running >= maxThreads) {
    if (waiting.length >= maxWaiting) throw fault('too_large')
    await new Promise<void>(resolve => waiting.push(resolve))
  } else running++
  try {
    return await run(bytes, answer, time)
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

async function run(bytes: Uint8Array, answer: Answer, time: number): Promise<Uint8Array> {
  const worker = takeIdle() ?? new Worker(file, { resourceLimits, stdout: true, stderr: true })
  let rests = false
  try {
    const done = await converse(worker, bytes, answer, time)
    rests = done.again
    return done.bytes
  } finally {
    if (rests) rest(worker)
    else await worker.terminate()
  }
}

/** One workbook through a thread. Rejects with faults, or a TypeError where the thread is at fault. */
async function converse(worker: Worker, bytes: Uint8Array, answer: Answer, time: number): Promise<Done> {
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<Done>((resolve, reject) => {
      timer = setTimeout(() => reject(fault('too_large')), time)
      worker.on('message', (message: FromThread) => {
        try {
          if (message.kind === 'done') resolve(message)
          else if (message.kind === 'fault')
            reject(message.code === null ? new TypeError('workbook') : fault(message.code))
          else worker.postMessage(answer(message.kind, message.asks))
        } catch (error) {
          reject(error)
        }
      })
      // Out of memory, or it could not start. What is said may quote the workbook.
      worker.on('error', error => reject(isOutOfMemory(error) ? fault('too_large') : new TypeError('workbook')))
      worker.on('exit', () => reject(new TypeError('workbook')))
      worker.postMessage(bytes)
    })
  } finally {
    clearTimeout(timer)
  }
}

type Done = Extract<FromThread, { readonly kind: 'done' }>

function takeIdle(): Worker | undefined {
  const [worker] = idle.keys()
  if (worker === undefined) return undefined
  leaveIdle(worker)
  forget(worker)
  worker.ref()
  return worker
}

/** Keeps a thread for the next workbook, for some time, and not the process for it. */
function rest(worker: Worker): void {
  const end = () => {
    leaveIdle(worker)
    void worker.terminate()
  }
  forget(worker)
  worker.on('error', end)
  worker.on('exit', () => leaveIdle(worker))
  worker.unref()
  idle.set(worker, setTimeout(end, maxIdle).unref())
}

function leaveIdle(worker: Worker): void {
  clearTimeout(idle.get(worker))
  idle.delete(worker)
}

/** Takes off the listeners of this file: Node has some of its own on a worker. */
function forget(worker: Worker): void {
  for (const event of ['message', 'error', 'exit'] as const) worker.removeAllListeners(event)
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
