/** Whether records that are gone from the beginning of a log went by two people's leave. */
import { createHash } from 'node:crypto'
import type { ProofFolder } from '../notary/proof-folder.ts'
import { parseNote, parseVerifier, type Verifier } from '../proof/note.ts'
import { approvalsNeeded, approversOf, type PruneRequest, parsePruneRequest } from '../proof/prune-request.ts'
import type { Seen } from './entry.ts'
import { type Found, found } from './report.ts'
import type { PrunedStart } from './verify.ts'

export class PruneVerifier {
  readonly problems: Found[] = []
  readonly notes: Found[] = []
  readonly #log: string
  readonly #folder: ProofFolder
  readonly #given: readonly Verifier[]
  readonly #note: Buffer | null
  #request: PruneRequest | null = null

  constructor(log: string, folder: ProofFolder, given: readonly Verifier[]) {
    this.#log = log
    this.#folder = folder
    this.#given = given
    this.#note = folder.read('pruned')
  }

  /** Where the log begins, by the leave that was given, and the last file that goes by it; null: at its beginning. */
  start(firstFile: number): (PrunedStart & { readonly lastFile: number }) | null {
    if (this.#note === null) return null
    const at = `${this.#log}.tlog/pruned`
    const text = parseNote(this.#note)?.text
    const request = text === undefined ? null : parsePruneRequest(text)
    if (request === null || request.log !== this.#log) {
      this.problems.push(found('PRUNE_UNPROVED', { at, offset: 0 }))
      return null
    }
    this.#request = request
    // Removing was cut short: what is still there of it does not count any more.
    if (firstFile <= request.files[1]) this.notes.push(found('PRUNE_UNFINISHED', { at }))
    return { next: request.before, batch: request.batch, head: request.head, lastFile: request.files[1] }
  }

  /** @param records all records of kind `prune` in the folder. */
  check(records: readonly Seen[]): void {
    const request = this.#request
    const note = this.#note
    if (request === null || note === null) return
    const place = { at: `${this.#log}.tlog/pruned`, offset: 0, records: [0, request.before - 1] as const }
    const beside = approverKeysIn(this.#folder)
    const people = this.#given.length > 0 ? this.#given : beside
    const shownBy = this.#given.length > 0 ? 'key' : 'log'
    const signers = parseNote(note)!.signatures.length
    const approvers = approversOf(note, people)
    if (approvers.length < approvalsNeeded || approversOf(note, [...this.#given, ...beside]).length < signers)
      this.problems.push(found('PRUNE_UNPROVED', { ...place, shownBy }))
    const digest = `sha256:${createHash('sha256').update(note).digest('hex')}`
    const isRecorded = records.some(one => one['target'] === this.#log && one['request'] === digest)
    if (!isRecorded) this.problems.push(found('PRUNE_UNRECORDED', place))
    this.notes.push(found(this.#given.length > 0 ? 'PRUNED' : 'PRUNED_SELF', place))
  }
}

/** Keys of approvers that are kept beside a log; as good as whoever can write there. */
export function approverKeysIn(folder: ProofFolder): Verifier[] {
  const lines = folder.read('approver-keys')?.toString('utf8').split('\n') ?? []
  const unique = new Map<string, Verifier>()
  for (const line of lines) {
    const key = parseVerifier(line)
    if (key !== null) unique.set(key.text, key)
  }
  return [...unique.values()]
}
