import type { Statement } from '../../access/statement.ts'
import type { Consumer } from '../../config/config.ts'
import type { ProblemCode } from '../../errors.ts'
import { sumOf } from '../../masking/form-counts.ts'
import type { Tally } from '../../masking/tally.ts'
import type { BlindIndex } from '../../records/blind-index/blind-index.ts'
import type {
  AccessDraft,
  Answered,
  Asked,
  EndDraft,
  IntentDraft,
  OpenDraft,
  Outcome,
  RecordId,
  RefusedDraft,
  WindowDraft,
} from '../../records/entry.ts'
import { type Searched, searchedInRecord } from '../request/searched.ts'

/** What is known of an exchange by the time it is written down; null: not got that far. */
export type Known = {
  readonly address: string
  readonly method: string
  readonly consumer: Consumer | null
  readonly statement: Statement | null
  readonly system: string | null
  readonly route: string | null
  readonly searched: readonly Searched[]
  readonly policy: string | null
  readonly intent: RecordId | null
  /** The grant it presents, if there is one of that name. */
  readonly grant: string | null
}

/** What came of the upstream's answer. */
export type Result = {
  readonly status: number
  readonly upstreamStatus: number | null
  readonly format: string | null
  /** Bytes masked, bytes sent. */
  readonly bytes: readonly [number, number]
}

export const nothing: Tally = { rows: 0, fields: {}, subjects: [] }

export function accessDraft(
  known: Known,
  result: Result,
  tally: Tally,
  ending: { readonly outcome: Outcome; readonly code: ProblemCode | null },
  index: BlindIndex,
): AccessDraft {
  const asked = askedOf(known, index)
  // word by word, as this is every answer's: spreads cost 6 000 instructions
  const draft: AccessDraft = {
    kind: 'access',
    consumer: asked.consumer,
    operator: asked.operator,
    address: asked.address,
    system: asked.system,
    route: asked.route,
    method: asked.method,
    purpose: asked.purpose,
    basis: asked.basis,
    grant: asked.grant,
    status: result.status,
    upstreamStatus: result.upstreamStatus,
    format: result.format,
    bytes: result.bytes,
    rows: tally.rows,
    fields: tally.fields,
    searched: searchedInRecord(known.searched, index),
    subjects: subjectsOf(tally.subjects, index),
    policy: known.policy,
    outcome: ending.outcome,
    code: ending.code,
    of: known.intent,
  }
  const { operatorSource } = asked
  return operatorSource === undefined ? draft : { ...draft, operatorSource }
}

export function openDraft(known: Known, result: Omit<Result, 'bytes'>, index: BlindIndex): OpenDraft {
  const { policy, intent } = known
  const searched = searchedInRecord(known.searched, index)
  return { kind: 'open', ...askedOf(known, index), ...result, searched, policy, of: intent }
}

export function windowDraft(of: RecordId, bytes: [number, number], tally: Tally, index: BlindIndex): WindowDraft {
  const { rows, fields } = tally
  return { kind: 'window', of, bytes, rows, fields, subjects: subjectsOf(tally.subjects, index) }
}

export function endDraft(
  kind: 'close' | 'aborted',
  of: RecordId,
  total: Pick<EndDraft, 'bytes' | 'rows'>,
  code: ProblemCode | null,
): EndDraft {
  return { kind, of, ...total, code }
}

export function intentDraft(known: Known, index: BlindIndex): IntentDraft {
  return {
    kind: 'intent',
    ...askedOf(known, index),
    searched: searchedInRecord(known.searched, index),
    policy: known.policy,
  }
}

export function refusedDraft(known: Known, status: number, code: ProblemCode, index: BlindIndex): RefusedDraft {
  const { policy } = known
  const searched = searchedInRecord(known.searched, index)
  return { kind: 'refused', ...askedOf(known, index), searched, status, policy, code }
}

function askedOf({ address, method, consumer, statement, system, route, grant }: Known, index: BlindIndex): Asked {
  const basis = statement?.basis ?? null
  return {
    consumer: consumer?.name ?? null,
    operator: operatorOf(statement, index),
    ...(statement?.source !== undefined && { operatorSource: statement.source }),
    address,
    system,
    route,
    method,
    purpose: statement?.purpose ?? null,
    basis,
    grant,
  }
}

/** Who asks, in the words of the record. */
export function viewerOf({ address, consumer, statement }: Known, index: BlindIndex) {
  return { operator: operatorOf(statement, index), consumer: consumer?.name ?? null, address }
}

/** As records have it: a login, or the blind index of one that is personal. */
export function operatorOf(statement: Statement | null, index: BlindIndex): string | null {
  const operator = statement?.operator ?? null
  if (operator === null) return null
  return operator.kind === 'login' ? operator.login : `index:${index.of(operator.dataType, operator.value)}`
}

/** One entry for each person, however many rows speak of them. */
function subjectsOf(subjects: Tally['subjects'], index: BlindIndex): Answered['subjects'] {
  const people = index.people(subjects)
  return { count: people.count, index: people }
}

/** Two tallies of one body as one. */
export function addTallies(one: Tally, other: Tally): Tally {
  const fields: Tally['fields'] = { ...one.fields }
  for (const [key, counts] of Object.entries(other.fields)) {
    fields[key] = sumOf(fields[key] ?? {}, counts)
  }
  return { rows: one.rows + other.rows, fields, subjects: [...one.subjects, ...other.subjects] }
}
