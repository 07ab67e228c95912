/** What an open log offers, and how it is to be opened: open.ts opens one, and the writer itself is in writer.ts. */
import type { Draft, GapCause, RecordId } from '../entry.ts'
import type { Durable } from '../notary/stored-records.ts'
import type { Disk } from './disk.ts'
import type { Marks } from './space.ts'

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
  /** Whole seconds by which the clock went back behind the last record, whose time the records keep until it has caught up; 0: it is not behind. */
  readonly clockBehind: number
}

export type DurableListener = (durable: Durable, left: readonly (readonly [file: number, size: number])[]) => void

export type RecordLog = {
  readonly log: string
  /** Ask this before the upstream is called. */
  readonly usable: boolean
  readonly health: Health
  /** What an earlier writer left was damaged, or cut off after it was signed: the log went on in a new file. */
  readonly beganDamaged: boolean
  /**
   * Milliseconds since 1970 of the last record, from before the start too; 0: there is none. No later record is of an earlier
   * time, so what belongs to a record by its time, as the key of its month, goes by this and not by the clock alone.
   */
  readonly lastTime: number
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
