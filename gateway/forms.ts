/** The forms in which a value can be shown, in their order. */
import type { Form } from './contracts.ts'

/** By form: its place in the order, from the most visible to the strictest. */
export const rankOf: Readonly<Record<Form, number>> = {
  clear: 0,
  partial: 1,
  generalize: 2,
  token: 3,
  digest: 4,
  redact: 5,
  remove: 6,
}

/** From the most visible to the strictest. */
export const formOrder: readonly Form[] = Object.freeze(Object.keys(rankOf) as Form[])

/** Any of them, as a part of a regular expression. */
export const formWord = `(?:${formOrder.join('|')})`

export function stricter(a: Form, b: Form): Form {
  return rankOf[a] >= rankOf[b] ? a : b
}
