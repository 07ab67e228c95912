/** Records of exchanges: who asked for what and why, and what came of it. */
import { type BasisKind, basisKinds } from '../../config/config.ts'
import type { Form } from '../../contracts.ts'
import type { ProblemCode } from '../../errors.ts'
import { type PeopleText, peopleInPiece } from '../blind-index/people-text.ts'
import type { Shape } from '../shapes.ts'
import * as is from '../shapes.ts'
import { basisParts, type Column, column, optional, together, word } from './column.ts'
import { fields } from './fields.ts'

/** `log:seq`, e.g. `gw1-0:1042`. */
export type RecordId = string

/** By what authorisation. `verified`: somebody other than the caller has confirmed it. */
export type Basis = { readonly kind: BasisKind; readonly ref: string | null; readonly verified: boolean }

/** How an exchange ended: masked and sent; kept back; never forwarded; cut off after the first byte; waiting for review. */
export const outcomes = ['released', 'withheld', 'refused', 'aborted', 'held'] as const
export type Outcome = (typeof outcomes)[number]

/** Counts by `type@cell`, then by form. */
export type FieldCounts = Readonly<Record<string, Readonly<Partial<Record<Form, number>>>>>

/**
 * The people in an answer: how many, and each one's blind indexes with what was shown of them, ready to be written or as
 * records have them. Any number of them: more than 256 are written to lines of their own.
 */
export type Subjects = { readonly count: number; readonly index: PeopleText | readonly string[] }

/** Who asked for what, and why. */
export type Asked = {
  readonly consumer: string | null
  /** A login; or, where that is itself personal, `index:` and its blind index. */
  readonly operator: string | null
  /** The identity that names the operator; left out where the consumer does, or there is none. */
  readonly operatorSource?: string | null
  /** IP address, after the trusted hops; null where the connection was gone before it could be read. */
  readonly address: string | null
  readonly system: string | null
  /** The template in the policy, never the path that was asked for. */
  readonly route: string | null
  readonly method: string | null
  readonly purpose: string | null
  readonly basis: Basis | null
  readonly grant: string | null
}

/** What came of it. */
export type Answered = {
  readonly status: number
  readonly upstreamStatus: number | null
  readonly format: string | null
  /** Of the body: from the upstream, to the consumer. */
  readonly bytes: readonly [number, number]
  readonly rows: number
  readonly fields: FieldCounts
  /** Data types the request asked by, e.g. `student_number@A3`. */
  readonly searched: readonly string[]
  readonly subjects: Subjects
  /** `sha256:…` of the policy in force. */
  readonly policy: string | null
}

/** A whole exchange in one record. `of` links to its intent, where there is one. */
export type AccessDraft = Asked &
  Answered & {
    readonly kind: 'access'
    readonly outcome: Outcome
    readonly code?: ProblemCode | null
    readonly of?: RecordId | null
    /** The number of the answer, where it waits for review or has waited. */
    readonly review?: string | null
  }

/** A long answer begins; what it holds follows in windows. */
export type OpenDraft = Asked &
  Omit<Answered, 'bytes' | 'rows' | 'fields' | 'subjects'> & { readonly kind: 'open'; readonly of?: RecordId | null }

/** What the next piece of a long answer holds. */
export type WindowDraft = Pick<Answered, 'bytes' | 'rows' | 'fields' | 'subjects'> & {
  readonly kind: 'window'
  /** The open record. */
  readonly of: RecordId
}

/** A long answer ended, whole (`close`) or cut off (`aborted`). Bytes and rows are of all its windows. */
export type EndDraft = Pick<Answered, 'bytes' | 'rows'> & {
  readonly kind: 'close' | 'aborted'
  readonly of: RecordId
  readonly code?: ProblemCode | null
}

/** About to call the upstream for what will be shown clear, or exported. */
export type IntentDraft = Asked & Pick<Answered, 'searched' | 'policy'> & { readonly kind: 'intent' }

/** An exchange that was not forwarded. With `count`: that many within a minute, from one address, without credentials. */
export type RefusedDraft = { readonly kind: 'refused'; readonly address: string | null } & Partial<
  Omit<Asked, 'address'>
> & {
    readonly searched?: readonly string[]
    readonly status: number
    readonly code: ProblemCode
    readonly policy?: string | null
    readonly count?: number
  }

/** People of the entry with the number `of`, more of whom there are than it holds itself. */
export type SubjectsDraft = { readonly kind: 'subjects'; readonly of: number; readonly index: PeopleText }

/** What an exchange appends; `subjects` the writer itself, ahead of an entry with many. */
export type ExchangeDraft = AccessDraft | OpenDraft | WindowDraft | EndDraft | IntentDraft | RefusedDraft

const reference = basisParts.ref
const basisAhead = new Map<unknown, string>(basisKinds.map(kind => [kind, `{"kind":"${kind}","ref":`]))
const basis: Shape = value => {
  if (value === null) return 'null'
  if (typeof value !== 'object' || Object.keys(value).length !== 3) return null
  const { kind, ref, verified } = value as Basis
  const [ahead, text] = [basisAhead.get(kind), reference(ref)]
  if (ahead === undefined || text === null || typeof verified !== 'boolean') return null
  return ahead + text + (verified ? ',"verified":true}' : ',"verified":false}')
}
const outcome = is.oneOf(outcomes)

/** So many go into the entry itself, where they take 22 KB at most; more than these into lines of their own, which cost an entry each. */
export const subjectsInEntry = 256

const subjectsHere = is.peopleList(subjectsInEntry)
const spanOfLines = is.pairOf(is.count)
const subjects: Shape = value => {
  if (typeof value !== 'object' || value === null) return null
  const { count, index, lines } = value as Subjects & { lines?: readonly [number, number] }
  const [total, list] = [is.count(count), subjectsHere(index)]
  const span = lines === undefined ? '' : spanOfLines(lines)
  if (total === null || list === null || span === null) return null
  if (Object.keys(value).length !== (lines === undefined ? 2 : 3)) return null
  return `{"count":${total},"index":${list}${span === '' ? '' : `,"lines":${span}`}}`
}

const asked = [
  ...together(0, [column('consumer', word, ({ consumer }: Asked) => consumer)]),
  column('operator', word, ({ operator }: Asked) => operator),
  column('address', is.orNull(is.address), ({ address }: Asked) => address),
  ...together(1, [
    column('system', word, ({ system }: Asked) => system),
    column('route', is.orNull(is.route), ({ route }: Asked) => route),
    column('method', is.orNull(is.method), ({ method }: Asked) => method),
  ]),
  ...together(0, [column('purpose', word, ({ purpose }: Asked) => purpose)]),
  column('basis', basis, ({ basis }: Asked) => basis),
  column('grant', word, ({ grant }: Asked) => grant),
]
const status = column('status', is.status, ({ status }: Answered) => status)
const upstreamStatus = is.orNull(is.status)
const answer = together(2, [
  status,
  column('upstream_status', upstreamStatus, ({ upstreamStatus }: Answered) => upstreamStatus, 'upstreamStatus'),
  column('format', word, ({ format }: Answered) => format),
])
const content = [
  column('bytes', is.pairOf(is.count), ({ bytes }: Answered) => bytes),
  column('rows', is.count, ({ rows }: Answered) => rows),
  column('fields', fields, ({ fields }: Answered) => fields),
]
const searched = column('searched', is.searched, ({ searched }: Answered) => searched)
const people = column('subjects', subjects, ({ subjects }: Answered) => subjects)
const policy = column('policy', is.orNull(is.digest), ({ policy }: Answered) => policy)
const ending = together(1, [policy, column('outcome', outcome, ({ outcome }: AccessDraft) => outcome)])
const code = optional('code', is.code, ({ code }: Pick<AccessDraft, 'code'>) => code)
const of = optional('of', is.recordId, ({ of }: Pick<AccessDraft, 'of'>) => of)
/** Of `asked`; after what was there before it. */
const source = optional('operator_source', is.name, ({ operatorSource }: Asked) => operatorSource, 'operatorSource')
const ended = [column('of', is.recordId), column('bytes', is.pairOf(is.count)), column('rows', is.count), code]

export const exchangeColumns: Readonly<Record<(ExchangeDraft | SubjectsDraft)['kind'], readonly Column[]>> = {
  access: [
    ...asked,
    ...answer,
    ...content,
    searched,
    people,
    ...ending,
    code,
    of,
    source,
    optional('review', is.name, ({ review }: AccessDraft) => review),
  ],
  open: [...asked, ...answer, searched, policy, of, source],
  window: [column('of', is.recordId), ...content, people],
  close: ended,
  aborted: ended,
  intent: [...asked, searched, policy, source],
  refused: [...asked, searched, status, policy, column('code', is.code), optional('count', is.count), source],
  subjects: [column('of', is.count), column('index', is.peopleList(peopleInPiece))],
}
