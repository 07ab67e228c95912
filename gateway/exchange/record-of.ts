import type { Statement } from '../access/statement.ts'
import type { Consumer } from '../config/config.ts'
import type { Form } from '../contracts.ts'
import type { ProblemCode } from '../errors.ts'
import { formOrder } from '../masking/forms.ts'
import { formsIn, People } from '../masking/people.ts'
import type { Tally } from '../masking/tally.ts'
import type { BlindIndex } from '../records/blind-index.ts'
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
} from '../records/entry.ts'
import { formsText, shortLength } from '../subject.ts'
import { type Searched, searchedInRecord } from './searched.ts'

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

export const nothing: Tally = { rows: 0, fields: {}, people: new People() }

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
    subjects: subjectsOf(tally.people, index),
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
  const { rows, fields, people } = tally
  return { kind: 'window', of, bytes, rows, fields, subjects: subjectsOf(people, index) }
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

/** As records have it: a login, or the blind index of one that is personal. */
export function operatorOf(statement: Statement | null, index: BlindIndex): string | null {
  const operator = statement?.operator ?? null
  if (operator === null) return null
  return operator.kind === 'login' ? operator.login : `index:${index.of(operator.dataType, operator.value)}`
}

/** One entry for each person, however many rows speak of them. */
function subjectsOf(people: People, index: BlindIndex): Answered['subjects'] {
  const { count } = people
  if (count === 0) return { count, index: [] }
  const indexes = index.short(people.values(), people.known)
  const list: string[] = []
  let at = 0
  for (let nth = 0; nth < count; nth++) {
    const [values, forms] = people.shown(nth)
    const end = at + values * shortLength
    list.push(indexes.slice(at, end) + textOf(forms))
    at = end
  }
  return { count, index: list }
}

/** What `formsText` says of the forms that `People.shown` tells by a number: there are few, and they come with every person. */
const texts = new Map<number, string>()

function textOf(forms: number): string {
  let text = texts.get(forms)
  if (text === undefined) {
    text = formsText(formsIn(forms))
    texts.set(forms, text)
  }
  return text
}

/** What was counted of several windows of one body. */
export type Sum = Pick<Tally, 'rows' | 'fields'> & { readonly people: number }

export const noSum: Sum = { rows: 0, fields: {}, people: 0 }

export function addTally(sum: Sum, tally: Tally): Sum {
  const fields: Tally['fields'] = { ...sum.fields }
  for (const [key, counts] of Object.entries(tally.fields)) {
    const both: Partial<Record<Form, number>> = { ...fields[key] }
    for (const form of formOrder) if (counts[form] !== undefined) both[form] = (both[form] ?? 0) + counts[form]
    fields[key] = both
  }
  return { rows: sum.rows + tally.rows, fields, people: sum.people + tally.people.count }
}
