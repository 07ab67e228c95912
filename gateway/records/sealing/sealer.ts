/**
 * Decides which file of a log is sealed next, and by whom: in the notary's thread, which puts it in its place. Compressing
 * takes as long as all else that is done for its records here, and nobody waits for it: it is asked of a process that runs when
 * nobody else would. Where that gets no time, or there is none, it is done here before too many files wait.
 */
import { statSync } from 'node:fs'
import type { SealDraft } from '../drafts.ts'
import { type FileOfLog, filesNow } from '../files/files.ts'
import type { ProofFolder } from '../notary/proof-folder.ts'
import type { Durable, StoredRecords } from '../notary/stored-records.ts'
import { compress, type DraftId, draftPath, dropDraft, dropDrafts, newDraftId, replacePlain } from './sealing.ts'
import { thinNotes } from './thin-notes.ts'

/** A draft that somebody else is to make: of a file's first `end` bytes, or all (null). Of each log the newest request counts. */
export type DraftRequest = {
  readonly id: DraftId
  readonly log: string
  readonly file: number
  readonly end: number | null
}

/** `draft`: null where the file holds no entry. */
export type DraftAnswer = { readonly id: DraftId } & ({ readonly draft: SealDraft | null } | { readonly failed: true })

/** Resolves with the answer, whenever that comes, or never: nothing waits for it. */
export type AskDraft = (request: DraftRequest) => Promise<DraftAnswer>

/** `behind`: files wait, and are sealed here from now on; `current`: none does any more. */
export type SealerState = { readonly is: 'failed' | 'behind' | 'current'; readonly file: number }

/** What is left to be sealed. */
export type SealBacklog = {
  /** Files that are full and not sealed: also those that could not be, and are tried again. */
  readonly files: number
  /** So many that they are sealed here. */
  readonly isBehind: boolean
}

export type SealerOptions = {
  readonly directory: string
  readonly log: string
  readonly stored: StoredRecords
  readonly folder: ProofFolder
  /** Bytes that are left on their disk. */
  readonly room: () => number
  /** null: nobody else makes drafts. */
  readonly ask: ((request: DraftRequest) => void) | null
  /** Has it put on record, and `recorded` called. */
  readonly record: (draft: SealDraft) => void
  readonly tell: (state: SealerState) => void
  /** Called where it has changed. */
  readonly count: (backlog: SealBacklog) => void
}

/** So many files wait, each of 64 MiB by default, before one is sealed here. */
const mostWaiting = 16
/** Nor may they be more than this share of the room that is left on their disk. */
const shareOfRoom = 0.1
/** Milliseconds after which a file that could not be sealed is tried again. */
const again = 600_000

/** A draft of a file that somebody was asked for, or that is being put on record. */
type Drafted = { readonly file: FileOfLog; readonly id: DraftId }
type Recording = Drafted & { readonly draft: SealDraft }

export class Sealer {
  readonly #options: SealerOptions
  #asked: Drafted | null = null
  /** What was asked for and then sealed here; whoever was asked may still be at it. */
  #givenUp: Drafted | null = null
  /** By number of the file. */
  readonly #recording = new Map<number, Recording>()
  #seq = 0
  /** Files that hold no entry, for good; and those that could not be sealed: until when. */
  readonly #passedOver = new Map<number, number>()
  #backlog: SealBacklog = { files: 0, isBehind: false }
  #isSwept = false

  constructor(options: SealerOptions) {
    this.#options = options
  }

  /** To be called after signing: no file is sealed before it was read as a whole. */
  next(durable: Durable): void {
    this.#seq = durable.seq
    try {
      this.#sweep()
      const unsealed = this.#unsealed(durable.file)
      const waiting = this.#waiting(unsealed)
      const { ask } = this.#options
      this.#count({ ...this.#backlog, files: unsealed.length })
      if (waiting.length === 0) this.#turn('current', 0)
      else if (ask === null || this.#isTooMuch(waiting)) this.#sealOne(waiting)
      else if (this.#asked === null) this.#asked = this.#request(waiting[0]!, ask)
    } catch {
      // what ails the folder shows in signing; this is tried again with the next records
    }
  }

  /** Whoever was asked has answered. */
  drafted(answer: DraftAnswer): void {
    const asked = this.#asked
    const givenUp = this.#givenUp
    if (givenUp?.id === answer.id) clear(givenUp)
    if (asked?.id !== answer.id) return
    this.#asked = null
    if ('failed' in answer) this.#fail(asked)
    else this.#take(asked, answer.draft)
  }

  /** A seal is on record now; or could not be put there: of that the writer tells. */
  recorded(number: number, isRecorded: boolean): void {
    const one = this.#recording.get(number)
    if (one === undefined) return
    this.#recording.delete(number)
    if (!isRecorded) {
      this.#passOver(one, again)
      return
    }
    try {
      replacePlain(one.file.path, one.id)
    } catch {
      this.#fail(one)
      return
    }
    this.#options.stored.isSealed(number)
    this.#thin(one.draft)
  }

  /** What is under way is given up, to be begun again after the next start; answers to it count for nothing. */
  stop(): void {
    for (const one of [...this.#recording.values(), this.#asked, this.#givenUp]) if (one !== null) clear(one)
    this.#recording.clear()
    this.#asked = null
  }

  /** What a gateway left that was killed. */
  #sweep(): void {
    if (!this.#isSwept) dropDrafts(this.#options.directory, this.#options.log)
    this.#isSwept = true
  }

  /** Those that are complete, hold something and are not sealed yet. */
  #unsealed(current: number): FileOfLog[] {
    return filesNow(this.#options.directory, this.#options.log).filter(
      ({ sealed, number }) => !sealed && number < current && this.#passedOver.get(number) !== Number.POSITIVE_INFINITY,
    )
  }

  /** Of these, those that can be sealed now and are not being put on record. */
  #waiting(unsealed: readonly FileOfLog[]): FileOfLog[] {
    const now = performance.now()
    return unsealed.filter(({ number }) => !this.#recording.has(number) && (this.#passedOver.get(number) ?? 0) <= now)
  }

  #isTooMuch(waiting: readonly FileOfLog[]): boolean {
    if (waiting.length > mostWaiting) return true
    const bytes = waiting.reduce((sum, one) => sum + sizeOf(one.path), 0)
    return bytes > this.#options.room() * shareOfRoom
  }

  #request(file: FileOfLog, ask: (request: DraftRequest) => void): Drafted {
    // who is asked anew does not go on with the last
    if (this.#givenUp !== null) clear(this.#givenUp)
    this.#givenUp = null
    const id = newDraftId()
    ask({ id, log: file.log, file: file.number, end: this.#options.stored.endOf(file.number) ?? null })
    return { file, id }
  }

  /** One at a time, as it takes a second of this thread: first what nobody else may be at. */
  #sealOne(waiting: readonly FileOfLog[]): void {
    if (this.#recording.size > 0) return
    if (this.#options.ask !== null) this.#turn('behind', waiting[0]!.number)
    const other = waiting.find(({ number }) => number !== this.#asked?.file.number)
    const file = other ?? waiting[0]!
    if (other === undefined) [this.#asked, this.#givenUp] = [null, this.#asked]
    const one = { file, id: newDraftId() }
    let draft: SealDraft | null
    try {
      draft = compress(file, one.id, this.#options.stored.endOf(file.number))
    } catch {
      this.#fail(one)
      return
    }
    this.#take(one, draft)
  }

  #take(one: Drafted, draft: SealDraft | null): void {
    if (draft === null || draft.last >= this.#seq) this.#passOver(one, Number.POSITIVE_INFINITY)
    else if (!this.#fits(one, draft)) this.#fail(one)
    else {
      this.#recording.set(one.file.number, { ...one, draft })
      this.#options.record(draft)
    }
  }

  /** Whether a draft is what it should be, as far as that shows without reading all of it. */
  #fits({ file, id }: Drafted, draft: SealDraft): boolean {
    const { stored, directory, log } = this.#options
    try {
      const next = filesNow(directory, log).find(({ number }) => number > file.number)
      const after = (next && stored.firstOf(next)) ?? this.#seq
      return (
        draft.file === file.number &&
        draft.bytes === Math.min(stored.endOf(file.number) ?? Number.POSITIVE_INFINITY, sizeOf(file.path)) &&
        draft.first === stored.firstOf(file) &&
        draft.first <= draft.last &&
        draft.last < after &&
        draft.stored === sizeOf(draftPath(file.path, id))
      )
    } catch {
      return false
    }
  }

  #fail(one: Drafted): void {
    this.#passOver(one, again)
    this.#options.tell({ is: 'failed', file: one.file.number })
  }

  /** `milliseconds` from now it is tried again. */
  #passOver(one: Drafted, milliseconds: number): void {
    clear(one)
    this.#passedOver.set(one.file.number, performance.now() + milliseconds)
  }

  #turn(is: 'behind' | 'current', file: number): void {
    const isBehind = is === 'behind'
    if (this.#backlog.isBehind === isBehind) return
    this.#count({ ...this.#backlog, isBehind })
    this.#options.tell({ is, file })
  }

  #count(backlog: SealBacklog): void {
    const { files, isBehind } = this.#backlog
    if (backlog.files === files && backlog.isBehind === isBehind) return
    this.#backlog = backlog
    this.#options.count(backlog)
  }

  #thin(draft: SealDraft): void {
    try {
      thinNotes(this.#options.folder, draft)
    } catch {
      // all of them stay: no less is proved by that
    }
  }
}

/** Bytes; 0 where there is no such file. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Takes away a draft; where the disk does not let it, the next start does. */
function clear({ file, id }: Drafted): void {
  try {
    dropDraft(file.path, id)
  } catch {
    // it stands in nobody's way
  }
}
