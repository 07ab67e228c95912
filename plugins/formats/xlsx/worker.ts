/** The thread in which one workbook is taken apart: what it takes in time and memory holds up no exchange. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FormatFault } from '../../../gateway/contracts.ts'
import { convertWorkbook } from './convert.ts'
import type { Ask, FromThread } from './protocol.ts'

const port = parentPort!
let answered: ((answers: never) => void) | null = null
port.on('message', answers => answered?.(answers as never))

const ask: Ask = (kind, asks) =>
  new Promise(resolve => {
    answered = resolve
    port.postMessage({ kind, asks } satisfies FromThread)
  })

function codeOf(error: unknown): FormatFault | null {
  const known = error instanceof Error && error.constructor === Error && 'code' in error
  return known && typeof error.code === 'string' ? (error.code as FormatFault) : null
}

try {
  const bytes = await convertWorkbook(Buffer.from(workerData as Uint8Array), ask)
  port.postMessage({ kind: 'done', bytes } satisfies FromThread)
} catch (error) {
  // What was thrown may quote the workbook; only why it cannot be read goes on.
  port.postMessage({ kind: 'fault', code: codeOf(error) } satisfies FromThread)
}
port.close()
