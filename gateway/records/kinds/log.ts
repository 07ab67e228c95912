/** Records of what a log says of itself: that it lives, is sealed and listed, goes on, and could not be written. */
import * as is from '../shapes.ts'
import { type Column, column } from './column.ts'

/** The gateway lives: written each `every` seconds, so that silence shows. */
export type HeartbeatDraft = {
  readonly kind: 'heartbeat'
  readonly every: number
  /** Records under the last checkpoint, and under the last that a witness has seen; null where there is none. */
  readonly signed: number | null
  readonly witnessed: number | null
}

/** A file is complete: its bytes, and those of its compressed form, which then takes its place. */
export type SealDraft = {
  readonly kind: 'seal'
  readonly file: number
  readonly first: number
  readonly last: number
  readonly bytes: number
  /** `sha256:…` */
  readonly sha256: string
  readonly stored: number
  readonly storedSha256: string
}

/** The other logs in the folder, how many records each has, and the hash of its last batch. */
export type RosterDraft = {
  readonly kind: 'roster'
  readonly logs: readonly { readonly log: string; readonly next: number; readonly head: string }[]
}

/** The first record of a writer after its start. */
export type ResumeDraft = {
  readonly kind: 'resume'
  readonly file: number
  /** Records found, and so the number of the first new one. */
  readonly found: number
  /** Bytes after the last whole batch that were cut off; nobody had been answered for them. */
  readonly cut: number
}

export const gapCauses = [
  'disk_full',
  'io_error',
  'stalled',
  'file_gone',
  'file_replaced',
  'file_changed',
  'read_only',
  'damage',
  'clock',
] as const

export type GapCause = (typeof gapCauses)[number]

/** Records could not be written for a while; or, `clock`: the clock went back, and the time of records stood still. */
export type GapDraft = {
  readonly kind: 'gap'
  readonly cause: GapCause
  readonly seconds: number
  /** Records that were rejected unwritten when it began; their exchanges were answered with 503. */
  readonly dropped: number
  /** Files, by number, and how many bytes of each count; what follows was never acknowledged. */
  readonly void: readonly (readonly [number, number])[]
  /** First and last record of a file that was taken away from under the writer. */
  readonly lost: readonly [number, number] | null
}

/** What the notary appends, and what only the writer itself does. */
export type LogDraft = HeartbeatDraft | SealDraft | RosterDraft
export type OwnLogDraft = ResumeDraft | GapDraft

export const logColumns: Readonly<Record<(LogDraft | OwnLogDraft)['kind'], readonly Column[]>> = {
  heartbeat: [
    column('every', is.count),
    column('signed', is.orNull(is.count)),
    column('witnessed', is.orNull(is.count)),
  ],
  seal: [
    ...['file', 'first', 'last', 'bytes'].map(key => column(key, is.count)),
    column('sha256', is.digest),
    column('stored', is.count),
    column('stored_sha256', is.digest, undefined, 'storedSha256'),
  ],
  roster: [column('logs', is.listOf(is.objectOf({ log: is.logName, next: is.count, head: is.batchHash }), 256))],
  resume: [column('file', is.count), column('found', is.count), column('cut', is.count)],
  gap: [
    column('cause', is.oneOf(gapCauses)),
    column('seconds', is.count),
    column('dropped', is.count),
    column('void', is.listOf(is.pairOf(is.count), 256)),
    column('lost', is.orNull(is.pairOf(is.count))),
  ],
}
