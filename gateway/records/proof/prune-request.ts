/** What two people sign before records are removed: which, up to where, and what the log was until then. Pure. */
import { openNote, type Verifier } from './note.ts'
import { signedText, signedTime } from './signed-rows.ts'

export type PruneRequest = {
  readonly log: string
  /** The first record that stays; the number of its batch; the hash of the batch before it. */
  readonly before: number
  readonly batch: number
  readonly head: string
  /** Root of the tree over all records before, as standard base64. */
  readonly root: string
  /** First and last file that goes. */
  readonly files: readonly [number, number]
  /** UTC: all that goes was written before. And when this was asked for. */
  readonly until: string
  readonly made: string
}

/** Approvals that are needed: of two people, in two groups where groups are known. */
export const approvalsNeeded = 2

const title = 'veilgate: remove records that were kept long enough'

export function pruneText(one: PruneRequest): string {
  return signedText(title, {
    log: one.log,
    before: one.before,
    batch: one.batch,
    head: one.head,
    root: one.root,
    files: one.files.join('-'),
    until: one.until,
    made: one.made,
  })
}

const pattern = new RegExp(
  `^${title}\\nlog ([a-z0-9-]{1,63})\\nbefore (\\d{1,15})\\nbatch (\\d{1,15})\\nhead ([\\w-]{43})\\nroot ([A-Za-z0-9+/]{43}=)\\nfiles (\\d{1,15})-(\\d{1,15})\\nuntil (${signedTime})\\nmade (${signedTime})\\n$`,
)

export function parsePruneRequest(text: string): PruneRequest | null {
  const [, log, before, batch, head, root, from, to, until, made] = pattern.exec(text) ?? []
  if (log === undefined) return null
  const files = [Number(from), Number(to)] as const
  const request = {
    log,
    before: Number(before),
    batch: Number(batch),
    head: head!,
    root: root!,
    files,
    until: until!,
    made: made!,
  }
  return pruneText(request) === text ? request : null
}

/**
 * Names of those among these people who have signed it; empty where the note is none, or one signature is wrong. Who has one
 * key under two names, or two keys under one, is one person.
 */
export function approversOf(note: Buffer, people: readonly Verifier[]): string[] {
  const unique = new Map(people.map(one => [one.text, one]))
  const opened = unique.size === 0 ? null : openNote(note, [...unique.values()])
  const byKey = new Map(opened?.by.map(({ by }) => [by.key.export({ format: 'jwk' }).x, by.name]))
  return [...new Set(byKey.values())]
}
