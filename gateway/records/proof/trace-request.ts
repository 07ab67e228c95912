/** What two people sign before people are looked for in the records: how many, for which case, in which time. Pure. */
import { signedText, signedTime } from './signed-rows.ts'

export type TraceRequest = {
  /** As an authorisation is referred to. */
  readonly caseNumber: string
  readonly people: number
  /** SHA-256 over the salt and the list, in hexadecimal: the list itself, and a guess at it, show in nothing. */
  readonly list: string
  /** 32 hexadecimal digits. */
  readonly salt: string
  /** UTC; null: without a bound. */
  readonly from: string | null
  readonly until: string | null
  /** UTC: when it was asked for. */
  readonly made: string
}

const title = 'veilgate: find people in the records'

export function traceText(one: TraceRequest): string {
  return signedText(title, {
    case: one.caseNumber,
    people: one.people,
    list: one.list,
    salt: one.salt,
    from: one.from ?? '-',
    until: one.until ?? '-',
    made: one.made,
  })
}

const pattern = new RegExp(
  `^${title}\\ncase (\\S{1,128})\\npeople (\\d{1,9})\\nlist ([0-9a-f]{64})\\nsalt ([0-9a-f]{32})\\nfrom (-|${signedTime})\\nuntil (-|${signedTime})\\nmade (${signedTime})\\n$`,
)

export function parseTraceRequest(text: string): TraceRequest | null {
  const [, caseNumber, people, list, salt, from, until, made] = pattern.exec(text) ?? []
  if (caseNumber === undefined) return null
  const orNull = (one: string | undefined) => (one === '-' ? null : one!)
  const request: TraceRequest = {
    caseNumber,
    people: Number(people),
    list: list!,
    salt: salt!,
    from: orNull(from),
    until: orNull(until),
    made: made!,
  }
  return traceText(request) === text ? request : null
}
