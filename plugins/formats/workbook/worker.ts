/** The thread in which workbooks are taken apart, one after the other: what that takes in time and memory holds up no exchange. */
import { getHeapStatistics } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import type { FormatFault } from '../../../gateway/contracts.ts'
import { convertWorkbook } from './convert.ts'
import type { Ask, FromThread } from './protocol.ts'

const port = parentPort!
let answered: ((answers: never) => void) | null = null

port.on('message', message => {
  const waiting = answered
  answered = null
  if (waiting === null) void take(message as Uint8Array)
  else waiting(message as never)
})

const ask: Ask = (kind, asks) =>
  new Promise(resolve => {
    answered = resolve
    say({ kind, asks })
  })

async function take(workbook: Uint8Array): Promise<void> {
  try {
    const bytes = await convertWorkbook(Buffer.from(workbook.buffer, workbook.byteOffset, workbook.length), ask)
    say({ kind: 'done', bytes, again: isLight() })
  } catch (error) {
    // What was thrown may quote the workbook; only why it cannot be read goes on.
    say({ kind: 'fault', code: codeOf(error) })
  }
}

function say(message: FromThread): void {
  port.postMessage(message)
}

/** Bytes with which a thread may wait for its next workbook: what is left of the last one, and not collected yet. */
const mostKept = 96 << 20

/** Whether this thread may be used again. Nothing of the workbook is in reach then. */
function isLight(): boolean {
  const { total_heap_size: heap, external_memory: buffers } = getHeapStatistics()
  // The last text that an expression met is kept in `RegExp.input` until the next.
  return /$/.test('') && heap + buffers <= mostKept
}

function codeOf(error: unknown): FormatFault | null {
  const known = error instanceof Error && error.constructor === Error && 'code' in error
  return known && typeof error.code === 'string' ? (error.code as FormatFault) : null
}
