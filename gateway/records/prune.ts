/**
 * Removing old records: whole sealed files from the beginning of a log, older than a day that retention allows, none of
 * them held, by leave of two people of two groups. What proves the rest stays: tiles, checkpoints, and the leave itself.
 */
import { createHash } from 'node:crypto'
import { unlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Approving, approvedBy } from './approvals.ts'
import type { Draft, PruneDraft } from './drafts.ts'
import { readNow } from './files/file-bytes.ts'
import { type FileOfLog, filesNow, filesOf } from './files/files.ts'
import { isFrameLine } from './files/lines.ts'
import { parseEntry, voidAfter } from './files/read.ts'
import { type Hold, heldBy, holdsIn } from './holds.ts'
import { LogTree } from './notary/notarizing.ts'
import { ProofFolder, syncFolderNow, tileWidth } from './notary/proof-folder.ts'
import { StoredRecords } from './notary/stored-records.ts'
import { partOf } from './postgres/rows.ts'
import { parseNote } from './proof/note.ts'
import { type PruneRequest, parsePruneRequest, pruneText } from './proof/prune-request.ts'
import { leafHash, Tree } from './proof/tree.ts'
import { approverKeysIn } from './verify/prune.ts'

export type PruneWhy =
  /** The day is within the time for which records are kept. */
  | 'retention'
  /** No whole sealed file is old enough, or the first is held. */
  | 'nothing'
  | 'malformed'
  /** The log is not any more what was asked about. */
  | 'changed'
  /** Fewer than two people of two groups have signed. */
  | 'approvals'

const day = 86_400_000

/** What would go: all sealed files from the beginning whose records are older than `until` (UTC) and not held. */
export async function planPrune(
  directory: string,
  log: string,
  asked: { readonly until: string; readonly now: number; readonly retentionDays: number },
): Promise<PruneRequest | { readonly why: PruneWhy; readonly hold?: string }> {
  if (Date.parse(asked.until) > asked.now - asked.retentionDays * day) return { why: 'retention' }
  const holds = await holdsIn(directory)
  const going: { file: FileOfLog; end: FileEnd }[] = []
  let hold: string | null = null
  for (const file of filesNow(directory, log)) {
    const end = file.sealed ? endOfFile(file) : null
    hold = end === null ? null : heldBy(holds, end.entries)
    if (end === null || hold !== null || end.time >= asked.until) break
    going.push({ file, end })
  }
  const asker = going.length === 0 ? null : heldOpen(directory, log, holds, going.at(-1)!.end.next)
  if (asker !== null) {
    hold ??= asker.hold
    while (going.length > 0 && going.at(-1)!.end.next > asker.seq) going.pop()
  }
  const last = going.at(-1)
  if (last === undefined) return { why: 'nothing', ...(hold !== null && { hold }) }
  const { next, batch, head } = last.end
  const tree = new LogTree(new ProofFolder(directory, log), await storedIn(directory, log))
  const root = Tree.resume(next, tree.nodes(next)).root().toString('base64')
  const files = [going[0]!.file.number, last.file.number] as const
  const made = new Date(asked.now).toISOString()
  return { log, before: next, batch, head, root, files, until: asked.until, made }
}

/**
 * The first record before `before` that says who asked for a long answer of which a held part comes later. Of such a part
 * nobody could tell any more whom it was shown to.
 */
function heldOpen(
  directory: string,
  log: string,
  holds: readonly Hold[],
  before: number,
): { readonly seq: number; readonly hold: string } | null {
  let first: { seq: number; hold: string } | null = null
  if (holds.length === 0) return first
  for (const file of filesNow(directory, log))
    for (const entry of endOfFile(file)?.entries ?? []) {
      const seq = entry.seq < before ? null : partOf(entry)
      if (seq === null || seq >= (first?.seq ?? before)) continue
      const hold = heldBy(holds, [entry])
      if (hold !== null) first = { seq, hold }
    }
  return first
}

/**
 * Does what a signed request asks for. `record` puts it on record, durably, before anything is removed. Doing it again
 * finishes what was cut short.
 */
export async function prune(
  directory: string,
  note: Buffer,
  by: { readonly approvers: readonly Approving[]; readonly now: number; readonly retentionDays: number },
  record: (draft: Draft) => Promise<void>,
  operator: string | null,
): Promise<{ readonly log: string; readonly removed: number; readonly before: number } | { readonly why: PruneWhy }> {
  const text = parseNote(note)?.text
  const request = text === undefined ? null : parsePruneRequest(text)
  if (request === null) return { why: 'malformed' }
  const approved = approvedBy(note, by.approvers)
  if (approved === null) return { why: 'approvals' }
  const folder = new ProofFolder(directory, request.log)
  if (folder.read('pruned')?.equals(note) !== true) {
    const plan = await planPrune(directory, request.log, { ...by, until: request.until })
    if ('why' in plan) return plan
    if (pruneText({ ...plan, made: request.made }) !== text) return { why: 'changed' }
    keepTiles(folder, await storedIn(directory, request.log), request.before)
    await record(draftOf(request, note, approved, operator))
    const keys = new Set([...approverKeysIn(folder), ...by.approvers.map(one => one.verifier)].map(key => key.text))
    folder.replace('approver-keys', `${[...keys].join('\n')}\n`)
    folder.replace('pruned', note)
  }
  const gone = filesNow(directory, request.log).filter(file => file.sealed && file.number <= request.files[1])
  for (const { path } of gone) unlinkSync(path)
  if (gone.length > 0) syncFolderNow(dirname(gone[0]!.path))
  return { log: request.log, removed: gone.length, before: request.before }
}

function draftOf(request: PruneRequest, note: Buffer, approvers: string[], operator: string | null): PruneDraft {
  return {
    kind: 'prune',
    target: request.log,
    before: request.before,
    until: request.until,
    files: request.files[1] - request.files[0] + 1,
    request: `sha256:${createHash('sha256').update(note).digest('hex')}`,
    approvers,
    operator,
  }
}

/** Leaves that no tile above says anything of: where the records begin, and where a kept checkpoint ends. */
function keepTiles(folder: ProofFolder, stored: StoredRecords, before: number): void {
  const notes = [...folder.notes('checkpoints').kept, ...folder.notes('witnessed').kept]
  const sizes = notes.map(one => one.checkpoint?.size ?? 0).filter(size => size < before)
  const wanted = [...sizes, before].filter(size => size % tileWidth !== 0).map(size => Math.floor(size / tileWidth))
  for (const nth of new Set(wanted)) {
    const from = nth * tileWidth
    if (folder.tile(0, nth)?.length === tileWidth * 32) continue
    folder.putHashes(0, from, stored.lines(from, Math.min(from + tileWidth, before)).map(leafHash))
  }
}

async function storedIn(directory: string, log: string): Promise<StoredRecords> {
  return new StoredRecords(directory, log, await voidAfter(await filesOf(directory, log)))
}

type FileEnd = {
  readonly next: number
  readonly batch: number
  readonly head: string
  readonly time: string
  readonly entries: readonly NonNullable<ReturnType<typeof parseEntry>>[]
}

/** What comes after a sealed file; null where it has no whole batch. */
function endOfFile(file: FileOfLog): FileEnd | null {
  const bytes = readNow(file.path)
  const entries: NonNullable<ReturnType<typeof parseEntry>>[] = []
  let frame = ''
  for (let from = 0, to = bytes.indexOf(10); to >= 0; from = to + 1, to = bytes.indexOf(10, from)) {
    const line = bytes.subarray(from, to)
    if (isFrameLine(line)) frame = line.toString('latin1')
    else {
      const entry = parseEntry(line)
      if (entry !== null) entries.push(entry)
    }
  }
  const [, batch, first, n, head] =
    /^\{"batch":(\d+),"first":(\d+),"n":(\d+),.*"sha256":"([\w-]{43})"\}$/.exec(frame) ?? []
  if (head === undefined || entries.length === 0) return null
  const next = Number(first) + Number(n)
  return { next, batch: Number(batch) + 1, head, time: entries.at(-1)!.time, entries }
}
