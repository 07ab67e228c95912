/** Opening a log: its folder, its locks, and where it goes on. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { logPattern } from '../shapes.ts'
import { causeOf } from './disk.ts'
import { type Lock, takeLock } from './lock.ts'
import type { LogOptions, RecordLog } from './log.ts'
import { RecordsFault } from './records-fault.ts'
import { findTail } from './tail.ts'
import { Writer } from './writer.ts'

/**
 * Opens a log, and says on record where it goes on.
 *
 * @throws RecordsFault where another gateway holds the folder, or it cannot be written.
 */
export async function openRecordLog(options: LogOptions): Promise<RecordLog> {
  if (!logPattern.test(options.log)) throw new RecordsFault('name', options.directory)
  const locks: Lock[] = []
  try {
    await mkdir(options.directory, { recursive: true, mode: 0o700 })
    locks.push(...takeLocks(options))
    const tail = await findTail(options.directory, options.log)
    const writer = new Writer(options, tail, locks, () => takeLocks(options))
    await writer.begin(tail)
    return writer
  } catch (error) {
    for (const lock of locks) lock.release()
    throw error instanceof RecordsFault ? error : new RecordsFault('unwritable', options.directory, causeOf(error))
  }
}

function takeLocks({ directory, log, holds }: LogOptions): Lock[] {
  const taken: Lock[] = []
  for (const name of holds === 'folder' ? ['lock', `${log}.lock`] : [`${log}.lock`]) {
    const lock = takeLock(join(directory, name))
    if (lock !== null) taken.push(lock)
    else {
      for (const other of taken) other.release()
      throw new RecordsFault('locked', directory)
    }
  }
  return taken
}
