/**
 * A process that keeps the index of a folder up to date while its gateway writes: `node follower.ts DIR`, with a channel
 * to the process that started it. It ends when that does, and nothing waits for it.
 */
import { constants, setPriority } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { bringUpToDate } from './indexing.ts'

/** Milliseconds after which it looks again. */
const pace = 1000

export type FromFollower = { readonly is: 'fault'; readonly code: string } | { readonly is: 'well' }

const directory = process.argv[2]
if (directory === undefined || process.send === undefined) process.exit(2)
process.on('disconnect', () => process.exit(0))
setPriority(constants.priority.PRIORITY_LOW)

for (let said = ''; ; await setTimeout(pace)) {
  const code = await bringUpToDate(directory).then(() => '', codeOf)
  if (code === said) continue
  said = code
  const message: FromFollower = code === '' ? { is: 'well' } : { is: 'fault', code }
  process.send?.(message)
}

function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : 'INDEX'
}
