/** Records of what people do with records: read them, look for people in them, hold and remove them. */
import * as is from '../shapes.ts'
import { type Column, column, optional, word } from './column.ts'
import type { RecordId } from './exchange.ts'

/** Someone read the records. */
export type QueryDraft = {
  readonly kind: 'query'
  readonly operator: string | null
  readonly command: 'query' | 'show' | 'prove' | 'trace' | 'export' | 'report' | 'reconcile'
  /** Names of the filters that were set, never what they were set to. */
  readonly filters: readonly string[]
  /** Records shown; null where they are being counted: then a second record says it, and is `of` the first. */
  readonly shown: number | null
  readonly of?: RecordId | null
}

/** Somebody looked for the people of a list, by leave of two others. */
export type TraceDraft = {
  readonly kind: 'trace'
  /** The case it is for, as authorisations are referred to. */
  readonly caseNumber: string
  /** On the list; and how many of them were in the records. */
  readonly people: number
  readonly known: number
  /** UTC; null: without a bound. */
  readonly from: string | null
  readonly until: string | null
  /** `sha256:…` of the request that was approved. */
  readonly request: string
  readonly approvers: readonly string[]
  readonly operator: string | null
}

/** Records that must not be pruned, or need not be kept for that any more. */
export type HoldDraft = {
  readonly kind: 'hold'
  readonly action: 'set' | 'lifted'
  readonly name: string
  /** UTC; null: without a bound. */
  readonly from: string | null
  readonly until: string | null
  readonly route: string | null
  /** Blind indexes of a person, of the months concerned. Empty: anybody. */
  readonly people: readonly string[]
  readonly operator: string | null
}

/** Records of a log before a number were removed, by these people's leave. */
export type PruneDraft = {
  readonly kind: 'prune'
  /** The log, and the first record that is left. */
  readonly target: string
  readonly before: number
  /** UTC: the last of the removed was written before. */
  readonly until: string
  readonly files: number
  /** `sha256:…` of the request that was approved. */
  readonly request: string
  readonly approvers: readonly string[]
  readonly operator: string | null
}

/** What is appended of it. */
export type ReadingDraft = QueryDraft | TraceDraft | HoldDraft | PruneDraft

export const readingColumns: Readonly<Record<ReadingDraft['kind'], readonly Column[]>> = {
  query: [
    column('operator', word),
    column('command', is.oneOf(['query', 'show', 'prove', 'trace', 'export', 'report', 'reconcile'])),
    column('filters', is.listOf(is.name, 32)),
    column('shown', is.orNull(is.count)),
    optional('of', is.recordId),
  ],
  trace: [
    column('case', is.reference, undefined, 'caseNumber'),
    column('people', is.count),
    column('known', is.count),
    column('from', is.orNull(is.time)),
    column('until', is.orNull(is.time)),
    column('request', is.digest),
    column('approvers', is.listOf(is.name, 8)),
    column('operator', word),
  ],
  hold: [
    column('action', is.oneOf(['set', 'lifted'])),
    column('name', is.name),
    column('from', is.orNull(is.time)),
    column('until', is.orNull(is.time)),
    column('route', is.orNull(is.route)),
    column('people', is.listOf(is.blindIndex, 128)),
    column('operator', word),
  ],
  prune: [
    column('target', is.logName),
    column('before', is.count),
    column('until', is.time),
    column('files', is.count),
    column('request', is.digest),
    column('approvers', is.listOf(is.name, 8)),
    column('operator', word),
  ],
}
