import type { Form } from '../contracts.ts'

/**
 * What masking did to one body, or to one window of it. Types, cells, forms and counts; and the people in it, whose
 * values stay in memory only until their blind indexes are made.
 */
export type Tally = {
  /** Rows that ended in this window. */
  rows: number
  /** By `type@cell`, then by form. */
  fields: Record<string, Partial<Record<Form, number>>>
  subjects: Subject[]
}

/** One person, by the strongest identifying value of a row. */
export type Subject = {
  readonly dataType: string
  /** Normalised. Never written anywhere. */
  readonly value: string
  mostVisible: Form
  strictest: Form
}

/** From the most visible to the strictest. */
export const formOrder: readonly Form[] = ['clear', 'partial', 'generalize', 'token', 'digest', 'redact', 'remove']
