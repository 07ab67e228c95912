/** What there is to compare a log with: what stands beside it, and what the caller brings. The reading half. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type NoteFile, ProofFolder } from '../notary/proof-folder.ts'
import { parseCheckpoint, readKept } from '../proof/checkpoint.ts'
import { openNote, parseNote, parseVerifier, type Verifier } from '../proof/note.ts'
import { witnessFileName } from '../witness/client.ts'
import { type Found, found } from './report.ts'
import type { KeptTile, Statement } from './tree.ts'

/** Keys from elsewhere, and folders or files that witnesses keep: what nobody who can write to the records can forge. */
export type Brought = {
  readonly keys: readonly Verifier[]
  /** Folders of checkpoint files, or such files. */
  readonly witnessed: readonly string[]
  /** Where the gateway remembers the newest checkpoint of each log, apart from the records: as good as the log's own word. */
  readonly remembered?: string | undefined
  /** Keys of people who may approve pruning. */
  readonly approvers: readonly Verifier[]
}

/** By whom a number of records is vouched for. */
export type Vouched = {
  readonly by: string
  readonly records: number
  /** When a witness saw it, where it says so; milliseconds since 1970. */
  readonly time: number | null
  /** `self`: by a key that was found beside the log. */
  readonly trust: 'self' | 'key' | 'witness'
}

export type Evidence = {
  readonly origin: string | null
  readonly statements: readonly Statement[]
  readonly tiles: readonly KeptTile[]
  readonly vouched: readonly Vouched[]
  readonly problems: readonly Found[]
  readonly notes: readonly Found[]
}

export function evidenceOf(directory: string, log: string, brought: Brought): Evidence {
  return new Gathering(directory, log, brought).all()
}

class Gathering {
  readonly #folder: ProofFolder
  readonly #log: string
  readonly #brought: Brought
  readonly #problems: Found[] = []
  readonly #notes: Found[] = []
  readonly #statements: Statement[] = []
  readonly #vouched: Vouched[] = []

  constructor(directory: string, log: string, brought: Brought) {
    this.#folder = new ProofFolder(directory, log)
    this.#log = log
    this.#brought = brought
  }

  all(): Evidence {
    const given = this.#brought.keys.filter(key => key.type === 1 && key.name.endsWith(`/${this.#log}`))
    const beside = this.#keysIn('key')
    const logKeys = given.length > 0 ? given : beside
    const origin = logKeys[0]?.name ?? null
    const trust = given.length > 0 ? 'key' : 'self'
    // Tiles are read before the records: a log that is being written has records beyond its tiles, never fewer.
    const tiles = this.#folder
      .tiles()
      .map(one => ({ ...one, bytes: this.#folder.readTile(one.path) ?? Buffer.alloc(0) }))
    this.#readNotes('checkpoints', logKeys, trust, [])
    const isUnsigned = given.length > 0 && this.#statements.length === 0
    if (isUnsigned) this.#problems.push(found('NOTHING_SIGNED', { shownBy: 'key' }))
    const witnesses = this.#brought.keys.filter(key => key.type === 4)
    const known = this.#keysIn('witness-keys').filter(one => !witnesses.some(({ text }) => text === one.text))
    this.#readNotes('witnessed', logKeys, trust, [...witnesses, ...known])
    for (const path of this.#brought.witnessed) this.#readWitness(path, logKeys)
    if (this.#brought.remembered !== undefined && origin !== null)
      this.#readMemory(this.#brought.remembered, origin, logKeys)
    const statements = this.#statements
    const vouched = this.#vouched
    const problems = this.#problems
    const notes = this.#notes
    return { origin, statements, tiles, vouched, problems, notes }
  }

  /** Keys in a file of the folder, one on each line. */
  #keysIn(name: 'key' | 'witness-keys'): Verifier[] {
    const text = this.#folder.read(name)?.toString('utf8')
    if (text === undefined) return []
    const lines = text.split('\n')
    const keys = lines.slice(0, -1).map(parseVerifier)
    const whole = lines.at(-1) === '' && keys.every((key, at) => key !== null && key.text === lines[at])
    if (!whole || (name === 'key' && keys.length !== 1)) this.#problem('KEY_MALFORMED', name, 0)
    return keys.filter(key => key !== null)
  }

  #readNotes(
    file: NoteFile,
    logKeys: readonly Verifier[],
    trust: 'self' | 'key',
    witnesses: readonly Verifier[],
  ): void {
    const { kept, whole, bytes } = this.#folder.notes(file)
    if (whole < bytes.length) {
      if (isCutNote(bytes.subarray(whole).toString('utf8')))
        this.#notes.push(found('CHECKPOINT_TORN', { at: this.#place(file), offset: whole }))
      else this.#problem('CHECKPOINT_MALFORMED', file, whole)
    }
    for (const { bytes: note, checkpoint, offset } of kept) {
      const shownBy = trust === 'key' ? 'key' : 'log'
      const opened = openNote(note, [...logKeys, ...witnesses])
      const signers = parseNote(note)?.signatures.length ?? 0
      if (checkpoint === null) this.#problem('CHECKPOINT_MALFORMED', file, offset)
      else if (opened === null || !opened.by.some(({ by }) => logKeys.includes(by)) || opened.by.length < signers)
        this.#problem('SIGNATURE_WRONG', file, offset, shownBy, checkpoint.size)
      else if (!logKeys.some(key => key.name === checkpoint.origin))
        this.#problem('CHECKPOINT_OTHER', file, offset, shownBy)
      else {
        const brought = opened.by.find(({ by }) => by.type === 4 && this.#brought.keys.includes(by))
        this.#statements.push({ checkpoint, shownBy: brought ? 'witness' : shownBy, at: this.#place(file), offset })
        for (const { by, seconds } of opened.by) {
          const given = this.#brought.keys.includes(by)
          const kind = by.type === 4 ? (given ? 'witness' : 'self') : trust
          this.#vouch({
            by: by.name,
            records: checkpoint.size,
            time: seconds === null ? null : seconds * 1000,
            trust: kind,
          })
        }
      }
    }
  }

  /** Checkpoints that somebody keeps elsewhere: no signature of the keeper is needed, as he is asked himself. */
  #readWitness(path: string, logKeys: readonly Verifier[]): void {
    for (const file of witnessFiles(path)) {
      let bytes: Buffer
      try {
        bytes = readFileSync(file)
      } catch {
        this.#problems.push(found('WITNESS_UNREADABLE', { at: file, shownBy: 'witness' }))
        continue
      }
      const { kept, whole } = readKept(bytes)
      if (whole < bytes.length)
        this.#problems.push(found('CHECKPOINT_MALFORMED', { at: file, offset: whole, shownBy: 'witness' }))
      for (const { bytes: note, checkpoint, offset } of kept) {
        if (checkpoint === null)
          this.#problems.push(found('CHECKPOINT_MALFORMED', { at: file, offset, shownBy: 'witness' }))
        else if (!checkpoint.origin.endsWith(`/${this.#log}`)) continue
        else if (
          openNote(note, logKeys) === null ||
          parseCheckpoint(parseNote(note)!.text)!.origin !== logKeys[0]?.name
        )
          this.#problems.push(found('WITNESS_OTHER', { at: file, offset, shownBy: 'witness' }))
        else {
          this.#statements.push({ checkpoint, shownBy: 'witness', at: file, offset })
          this.#vouch({ by: file, records: checkpoint.size, time: null, trust: 'witness' })
        }
      }
    }
  }

  /** Under another key another log was begun, of which nothing is remembered. It vouches for nothing. */
  #readMemory(folder: string, origin: string, logKeys: readonly Verifier[]): void {
    const at = join(folder, witnessFileName(origin))
    if (!existsSync(at)) return
    const last = readKept(readFileSync(at)).kept.at(-1)
    if (!last?.checkpoint || openNote(last.bytes, logKeys) === null)
      this.#problems.push(found('CHECKPOINT_MALFORMED', { at }))
    else this.#statements.push({ checkpoint: last.checkpoint, shownBy: 'log', at, offset: last.offset })
  }

  /** The most that each vouches for. */
  #vouch(one: Vouched): void {
    const at = this.#vouched.findIndex(other => other.by === one.by)
    if (at < 0) this.#vouched.push(one)
    else if (this.#vouched[at]!.records <= one.records) this.#vouched[at] = one
  }

  #place(name: string): string {
    return `${this.#log}.tlog/${name}`
  }

  #problem(
    code: 'KEY_MALFORMED' | 'CHECKPOINT_MALFORMED' | 'SIGNATURE_WRONG' | 'CHECKPOINT_OTHER',
    file: string,
    offset: number,
    shownBy: 'log' | 'key' = 'log',
    size = 0,
  ): void {
    const records = size > 0 ? ([0, size - 1] as const) : null
    this.#problems.push(found(code, { at: this.#place(file), offset, shownBy, records }))
  }
}

/** A note cut short in writing: the beginning of one, and nothing else. */
function isCutNote(text: string): boolean {
  const name = '[^\\s+]*'
  const base64 = '[A-Za-z0-9+/]*={0,2}'
  const parts = [name, '\\n', '\\d*', '\\n', base64, '\\n', '\\n', '\u2014? ?', name, ' ?', base64, '\\n?']
  const pattern = parts.reduceRight((rest, part) => `${part}(?:${rest})?`)
  const sized = [...text.matchAll(/^[A-Za-z0-9+/]+={0,2}$/gm)].every(([line]) => line.length <= 44)
  return sized && new RegExp(`^${pattern}$`, 'u').test(text)
}

/** The files of checkpoints that are meant by what was given as a witness. */
export function witnessFiles(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .filter(name => name.endsWith('.checkpoints'))
      .sort()
      .map(name => join(path, name))
  } catch {
    return [path]
  }
}
