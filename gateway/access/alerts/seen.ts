/** What rules look at in a record. Pure. */
import { addressGroup } from '../../address.ts'
import { indexesOf } from '../../subject.ts'

/** A record as it is in the log, with what the `open` record says where it is a part of a long answer. */
export type Recorded = Readonly<Record<string, unknown>> & {
  readonly log: string
  readonly seq: number
  readonly time: string
  readonly kind: string
}

export type Seen = {
  /** Milliseconds since 1970. */
  readonly time: number
  /** `log:seq`. */
  readonly of: string
  readonly kind: string
  readonly consumer: string | null
  readonly operator: string | null
  readonly address: string | null
  /** The address, or the /64 it is in (IPv6). */
  readonly network: string | null
  readonly rows: number
  readonly people: number
  /** Blind indexes, one for each; there may be fewer than people. */
  readonly subjects: readonly string[]
  /** All their blind indexes. */
  readonly known: readonly string[]
  /** Values of level 3 and 4 shown clear. */
  readonly clear: number
  readonly status: number
  readonly code: string | null
  /** How many requests it stands for. */
  readonly times: number
  readonly searchedHigh: boolean
  readonly grant: string | null
  readonly reference: string | null
}

/** `people`: of each whom it or the `subjects` entries before it name, the blind indexes, as a run has them. */
export function seenOf(entry: Recorded, people: readonly string[]): Seen {
  const text = (key: string): string | null => (typeof entry[key] === 'string' ? entry[key] : null)
  const number = (key: string): number => (typeof entry[key] === 'number' ? entry[key] : 0)
  const subjects = (entry['subjects'] ?? {}) as { count?: unknown }
  const known = people.map(indexesOf)
  const address = text('address')
  const basis = (entry['basis'] ?? {}) as { ref?: unknown }
  const searched = Array.isArray(entry['searched']) ? entry['searched'].map(String) : []
  return {
    time: Date.parse(entry.time),
    of: `${entry.log}:${entry.seq}`,
    kind: entry.kind,
    consumer: text('consumer'),
    operator: text('operator'),
    address,
    network: address === null ? null : addressGroup(address),
    rows: number('rows'),
    people: typeof subjects.count === 'number' ? subjects.count : 0,
    subjects: known.map(([first]) => first!),
    known: known.flat(),
    clear: clearIn(entry['fields']),
    status: number('status'),
    code: text('code'),
    times: entry.kind === 'refused' ? Math.max(1, number('count')) : 1,
    searchedHigh: searched.some(one => /@[A-D][34]/.test(one)),
    grant: text('grant'),
    reference: typeof basis.ref === 'string' ? basis.ref : null,
  }
}

function clearIn(fields: unknown): number {
  if (typeof fields !== 'object' || fields === null) return 0
  let clear = 0
  for (const [key, forms] of Object.entries(fields))
    if (/@[A-D][34]$/.test(key)) clear += Number((forms as { clear?: unknown })?.clear ?? 0)
  return clear
}
