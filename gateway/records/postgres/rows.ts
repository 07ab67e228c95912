/** A record of a log as a row of the copy. Pure. */
import type { Form } from '../../contracts.ts'
import { rankOf } from '../../forms.ts'
import type { Person, Shown } from '../../subject.ts'
import type { Entry } from '../files/read.ts'
import { markOf } from '../query/people.ts'
import { fieldsOf, outcomeOf, searchedOf, textOf } from '../query/query.ts'

/** A record with the line it stands in. */
export type Line = { readonly entry: Entry; readonly text: string }

export type Row = {
  readonly time: string
  readonly log: string
  readonly seq: number
  readonly kind: string
  readonly consumer: string | null
  readonly operator: string | null
  readonly system: string | null
  readonly route: string | null
  readonly granted: string | null
  readonly review: string | null
  readonly code: string | null
  readonly outcome: string | null
  readonly fields: readonly string[]
  readonly opened: number | null
  readonly line: string
}

export type PersonRow = {
  readonly time: string
  readonly log: string
  readonly seq: number
  readonly mark: number
  readonly index: string
  readonly visible: Form
  readonly strictest: Form
  /** Whether it stands for a person, or is another of their values. */
  readonly first: boolean
}

/** `log`: what it is called in the copy. `context`: the entry with what its `open` record says. */
export function rowOf({ entry, text }: Line, log: string, context: Entry): Row {
  return {
    time: entry.time,
    log,
    seq: entry.seq,
    kind: entry.kind,
    consumer: column(context, 'consumer'),
    operator: column(context, 'operator'),
    system: column(context, 'system'),
    route: column(context, 'route'),
    granted: column(context, 'grant'),
    review: column(context, 'review'),
    code: column(context, 'code'),
    outcome: outcomeOf(context),
    fields: [...fieldsOf(entry), ...searchedOf(context)].map(({ type, cell }) => `${type}@${cell}`),
    opened: partOf(entry),
    line: text,
  }
}

/** One for each value: where it stands for one person and is another's as well, or is there twice, all it was shown as. */
export function personRows({ time, seq }: Entry, log: string, people: readonly Person[]): PersonRow[] {
  const rows = new Map<string, PersonRow>()
  const add = ({ index, mostVisible, strictest }: Shown, first: boolean): void => {
    const row = rows.get(index)
    if (row === undefined)
      rows.set(index, { time, log, seq, mark: markOf(index), index, visible: mostVisible, strictest, first })
    else {
      const visible = visibleFirst(row.visible, mostVisible)[0]!
      rows.set(index, { ...row, visible, strictest: visibleFirst(row.strictest, strictest)[1]! })
    }
  }
  for (const one of people) add(one, true)
  for (const { also } of people) for (const one of also) add(one, false)
  return [...rows.values()]
}

function visibleFirst(...forms: readonly Form[]): Form[] {
  return forms.toSorted((one, other) => rankOf[one] - rankOf[other])
}

const partKinds: ReadonlySet<string> = new Set(['window', 'close', 'aborted'])

/** Number of the `open` record that a window or end belongs to. */
export function partOf(entry: Entry): number | null {
  if (!partKinds.has(entry.kind)) return null
  const seq = Number(/:(\d{1,15})$/.exec(textOf(entry, 'of') ?? '')?.[1] ?? Number.NaN)
  return Number.isSafeInteger(seq) ? seq : null
}

const timePattern = /^\d{4}-(?:0[1-9]|1[0-2])-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Whether a database can hold it. What a gateway wrote it can; a line that somebody changed may be anything. */
export function canBeCopied({ entry, text }: Line): boolean {
  return timePattern.test(entry.time) && !Number.isNaN(Date.parse(entry.time)) && entry.seq >= 0 && isText(text)
}

function column(entry: Entry, key: string): string | null {
  const text = textOf(entry, key)
  return text !== null && isText(text) ? text : null
}

/** PostgreSQL holds no NUL, and no half of a character; what is longer than any name would not fit an index. */
function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
