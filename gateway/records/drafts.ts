/**
 * What callers hand in to be recorded, and what the writer adds of its own: one type for each kind of record. There is
 * no place for free text; entry.ts refuses what does not fit.
 */
import type { ExchangeDraft, SubjectsDraft } from './kinds/exchange.ts'
import type { LeaveDraft } from './kinds/leave.ts'
import type { LogDraft, OwnLogDraft } from './kinds/log.ts'
import type { ReadingDraft } from './kinds/reading.ts'
import type { SetupDraft } from './kinds/setup.ts'

export type * from './kinds/exchange.ts'
export type * from './kinds/leave.ts'
export type * from './kinds/log.ts'
export type * from './kinds/reading.ts'
export type * from './kinds/setup.ts'

/** What callers may append. */
export type Draft = ExchangeDraft | LeaveDraft | SetupDraft | ReadingDraft | LogDraft
/** What only the writer itself appends. */
export type OwnDraft = OwnLogDraft | SubjectsDraft
