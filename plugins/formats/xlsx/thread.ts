/** Runs workbooks through threads of their own: few at a time, each within bounds of time and memory. */
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
const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 64 }

const file = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

let running = 0
const waiting: (() => void)[] = []

/** The workbook as it leaves. Throws faults of the format, `too_large` also where it takes too long or too many wait. */
export async function convertInThread(bytes: Uint8Array, answer: Answer): Promise<Uint8Array> {
  if (running >= maxThreads) {
    if (waiting.length >= maxWaiting) throw fault('too_large')
    await new Promise<void>(resolve => waiting.push(resolve))
  } else running++
  try {
    return await run(bytes, answer)
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

async function run(bytes: Uint8Array, answer: Answer): Promise<Uint8Array> {
  const worker = new Worker(file, { workerData: bytes, resourceLimits, stdout: true, stderr: true })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      timer = setTimeout(() => reject(fault('too_large')), maxTime)
      worker.on('message', (message: FromThread) => {
        try {
          if (message.kind === 'done') resolve(message.bytes)
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
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
