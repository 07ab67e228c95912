/**
 * From a draft to lines: a closed list of kinds, each a closed list of keys in a fixed order, each key with its shape.
 * `serialise` is the only way into a record. gateway/records/README.md describes the result.
 */

import { PeopleText } from './blind-index/people-text.ts'
import type { Draft, OwnDraft } from './drafts.ts'
import type { Column } from './kinds/column.ts'
import { exchangeColumns, subjectsInEntry } from './kinds/exchange.ts'
import { leaveColumns } from './kinds/leave.ts'
import { logColumns } from './kinds/log.ts'
import { readingColumns } from './kinds/reading.ts'
import { setupColumns } from './kinds/setup.ts'
import { EntryFault, onePiece } from './shapes.ts'

export type * from './drafts.ts'

const columns: Readonly<Record<(Draft | OwnDraft)['kind'], readonly Column[]>> = {
  ...exchangeColumns,
  ...setupColumns,
  ...readingColumns,
  ...leaveColumns,
  ...logColumns,
}

/** By kind: what stands behind the time, and the columns. */
const declared = new Map(
  Object.entries(columns).map(([kind, columns]) => [kind, { begin: onePiece('","kind":"', kind, '"'), columns }]),
)

/** A refusal can come before anything of this is known. */
const unasked = {
  consumer: null,
  operator: null,
  system: null,
  route: null,
  method: null,
  purpose: null,
  basis: null,
  grant: null,
  searched: [],
  policy: null,
}

/** The kinds a record of version 1 can have. */
export const kinds: ReadonlySet<string> = new Set(declared.keys())

/** Bytes of one line, without its line feed. */
export const maxLineBytes = 65_536

/** Where a line goes. `time` is UTC as `Date.prototype.toISOString` writes it. */
export type LineHead = { readonly log: string; readonly seq: number; readonly time: string }

/**
 * The lines of one draft, without line feeds: the entry is the last; before it, where it names more than 256 people,
 * `subjects` lines. The first gets `head.seq`, the others the numbers after it.
 *
 * @throws EntryFault where the draft has an undeclared key, or a value without its declared shape.
 */
export function serialise(draft: Draft | OwnDraft, head: LineHead): string[] {
  if (draft.kind === 'refused') return [line({ ...unasked, ...draft }, head)]
  if (draft.kind !== 'access' && draft.kind !== 'window') return [line(draft, head)]
  const people = PeopleText.of(draft.subjects.index)
  if (people === null || people.count <= subjectsInEntry) return [line(draft, head)]
  const pieces = [...people.pieces()]
  const of = head.seq + pieces.length
  const lines = pieces.map((index, nth) => line({ kind: 'subjects', of, index }, { ...head, seq: head.seq + nth }))
  const inLines = { ...draft.subjects, index: [], lines: [head.seq, of - 1] }
  lines.push(line({ ...draft, subjects: inLines }, { ...head, seq: of }))
  return lines
}

/** Of the log that came last: how its lines begin. */
let logBegin = { log: '', text: '' }

function beginOf(log: string): string {
  if (log !== logBegin.log) logBegin = { log, text: onePiece('{"v":1,"log":"', log, '","seq":') }
  return logBegin.text
}

function line(draft: Draft | OwnDraft, { log, seq, time }: LineHead): string {
  const { kind } = draft
  const declaration = declared.get(kind)
  if (declaration === undefined) throw new EntryFault('undeclared', 'kind', 'is not one of the declared')
  const { begin, columns } = declaration
  let text = `${beginOf(log)}${seq},"time":"${time}${begin}`
  let seen = 1
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!
    const { run } = column
    const known = run === null ? null : run.text(draft)
    if (known !== null) {
      text += known
      seen += run!.columns.length
      at += run!.columns.length - 1
      continue
    }
    const value = column.of(draft)
    if (value !== undefined) seen++
    if (column.need === 'optional' && (value === undefined || value === null)) continue
    const json = value === undefined ? null : column.shape(value)
    if (json === null) throw notFitting(kind, column, value)
    text += column.ahead + json
  }
  if (seen !== Object.keys(draft).length && !areDeclared(draft, columns))
    throw new EntryFault(kind, 'a key', 'is not declared')
  text += '}'
  if (text.length > maxLineBytes / 3 && Buffer.byteLength(text) > maxLineBytes)
    throw new EntryFault(kind, 'the line', 'is over 64 KiB')
  return text
}

function notFitting(kind: string, { key }: Column, value: unknown): EntryFault {
  return new EntryFault(kind, key, value === undefined ? 'is missing' : 'has not its shape')
}

/** Whether all keys of a draft are those of columns, and it has all that it seems to have itself. */
function areDeclared(draft: object, columns: readonly Column[]): boolean {
  const names = new Set(columns.map(column => column.in)).add('kind')
  return (
    Object.keys(draft).every(key => names.has(key)) &&
    columns.every(column => column.of(draft) === undefined || Object.hasOwn(draft, column.in))
  )
}
