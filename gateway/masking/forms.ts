import type { Form } from '../contracts.ts'

/** From the most visible to the strictest. */
export const formOrder: readonly Form[] = ['clear', 'partial', 'generalize', 'token', 'digest', 'redact', 'remove']

/** By form: its place in the order. */
export const rankOf: Readonly<Record<Form, number>> = {
  clear: 0,
  partial: 1,
  generalize: 2,
  token: 3,
  digest: 4,
  redact: 5,
  remove: 6,
}
