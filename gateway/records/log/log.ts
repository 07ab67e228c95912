/** Opening a log, and what an open one offers. The writer itself is in writer.ts. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Draft, GapCause, RecordId } from '../entry.ts'
import type { Durable } from '../notary/stored-records.ts'
import { logPattern } from '../shapes.ts'
import { causeOf, type Disk } from './disk.ts'
import { type Lock, takeLock } from './lock.ts'
import { RecordsFault } from './records-fault.ts'
import type { Marks } from './space.ts'
import { findTail } from './tail.ts'
import { Writer } from './writer.ts'

export type LogOptions = {
  /** Made, with mode 0700, where it does not exist. */
  readonly directory: string
  /** The log's name, e.g. `gw1-0`. */
  readonly log: string
  /** `folder`: the gateway's; no second one starts on the same folder. `log`: a command's, beside it. */
  readonly holds: 'folder' | 'log'
  /** Milliseconds since 1970. */
  readonly clock?: () => number
  /** A file that has reached this many bytes is followed by a new one, so that a start reads no more than this. */
  readonly fileBytes?: number
  /** One that is this many milliseconds old is followed by a new one as well. */
  readonly fileTime?: number
  readonly marks?: Marks
  /** Milliseconds that one write or sync may take. */
  readonly deadline?: number
  readonly disk?: Disk
}

export type Receipt = { readonly log: string; readonly seq: number; readonly id: RecordId }

export type Health = {
  readonly usable: boolean
  /** Why it is not usable. */
  readonly cause: GapCause | 'closed' | null
  /** Little room is left on the disk. */
  readonly lowSpace: boolean
}

export type DurableListener = (durable: Durable, left: readonly (readonly [file: number, size: number])[]) => void

export type RecordLog = {
  readonly log: string
  /** Ask this before the upstream is called. */
  readonly usable: boolean
  readonly health: Health
  /** For metrics: since the start. */
  readonly counts: {
    readonly entries: number
    readonly batches: number
    readonly bytes: number
    readonly queued: number
  }
  /**
   * Writes these, one after the other, in one batch; a receipt for each. Resolves when they are durable.
   *
   * @throws Refusal RECORDS_UNUSABLE at once while the log is not usable, and when it becomes so; OVERLOADED when the
   *   queue is full; STOPPING once it is closed. EntryFault where a draft is not as declared; nothing is written then.
   */
  append(drafts: readonly Draft[]): Promise<Receipt[]>
  /** How far it is durable. */
  readonly durable: Durable
  /** Called after each batch; with the files left behind since the last call, and how many bytes of each count. Returns what ends it. */
  onDurable(listener: DurableListener): () => void
  /** Called with each change of health. Returns what ends it. */
  onChange(listener: (health: Health) => void): () => void
  /** Takes no more, writes what is queued, closes the file and gives the lock back. */
  close(): Promise<void>
}

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
