/** Records of exchanges: who asked for what and why, and what came of it. */
import type { BasisKind } from '../../config/config.ts'
import type { Form } from '../../contracts.ts'
import type { ProblemCode } from '../../errors.ts'
import type { Shape } from '../shapes.ts'
import * as is from '../shapes.ts'
import { basisParts, type Column, column, ofConfig, optional, word } from './column.ts'

/** `log:seq`, e.g. `gw1-0:1042`. */
export type RecordId = string

/** By what authorisation. `verified`: somebody other than the caller has confirmed it. */
export type Basis = { readonly kind: BasisKind; readonly ref: string | null; readonly verified: boolean }

/** How an exchange ended: masked and sent; kept back; never forwarded; cut off after the first byte; waiting for review. */
export type Outcome = 'released' | 'withheld' | 'refused' | 'aborted' | 'held'

/** Counts by `type@cell`, then by form. */
export type FieldCounts = Readonly<Record<string, Readonly<Partial<Record<Form, number>>>>>

/**
 * The people in an answer: how many, and each one's blind indexes with what was shown of them, as `personText`
 * makes it. Any number of them: more than 64 are written to lines of their own.
 */
export type Subjects = { readonly count: number; readonly index: readonly string[] }

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
export type SubjectsDraft = { readonly kind: 'subjects'; readonly of: number; readonly index: readonly string[] }

/** What an exchange appends; `subjects` the writer itself, ahead of an entry with many. */
export type ExchangeDraft = AccessDraft | OpenDraft | WindowDraft | EndDraft | IntentDraft | RefusedDraft

const basis = is.orNull(is.objectOf({ ...basisParts, verified: is.flag }))
const outcome = is.oneOf(['released', 'withheld', 'refused', 'aborted', 'held'] satisfies Outcome[])

/** So many go into the entry itself; more than these into lines of their own, so many to a line. */
export const subjectsInEntry = 64
export const subjectsInLine = 768

const subjects: Shape = value => {
  const { count, index, lines, ...others } = value as Subjects & { lines?: readonly [number, number] }
  const [total, list] = [is.count(count), is.subjectList(subjectsInEntry)(index)]
  const span = lines === undefined ? '' : is.pairOf(is.count)(lines)
  if (total === null || list === null || span === null || Object.keys(others).length > 0) return null
  return `{"count":${total},"index":${list}${span === '' ? '' : `,"lines":${span}`}}`
}

const asked = [
  column('consumer', ofConfig),
  column('operator', word),
  column('address', is.orNull(is.address)),
  column('system', ofConfig),
  column('route', is.orNull(is.route)),
  column('method', is.orNull(is.method)),
  column('purpose', ofConfig),
  column('basis', basis),
  column('grant', word),
]
const status = column('status', is.status)
const answer = [status, column('upstream_status', is.orNull(is.status), 'upstreamStatus'), column('format', ofConfig)]
const content = [column('bytes', is.pairOf(is.count)), column('rows', is.count), column('fields', is.fields)]
const searched = column('searched', is.searched)
const people = column('subjects', subjects)
const policy = column('policy', is.orNull(is.digest))
const code = optional('code', is.code)
const of = optional('of', is.recordId)
/** Of `asked`; after what was there before it. */
const source: Column = { ...optional('operator_source', is.configured), in: 'operatorSource' }
const ended = [column('of', is.recordId), column('bytes', is.pairOf(is.count)), column('rows', is.count), code]

export const exchangeColumns: Readonly<Record<(ExchangeDraft | SubjectsDraft)['kind'], readonly Column[]>> = {
  access: [
    ...asked,
    ...answer,
    ...content,
    searched,
    people,
    policy,
    column('outcome', outcome),
    code,
    of,
    source,
    optional('review', is.name),
  ],
  open: [...asked, ...answer, searched, policy, of, source],
  window: [column('of', is.recordId), ...content, people],
  close: ended,
  aborted: ended,
  intent: [...asked, searched, policy, source],
  refused: [...asked, searched, status, policy, column('code', is.code), optional('count', is.count), source],
  subjects: [column('of', is.count), column('index', is.subjectList(subjectsInLine))],
}
