/** What a grant allows, word for word: what is asked for, approved and held to. Pure. */
import { createHash } from 'node:crypto'
import type { BasisKind } from '../../config/config.ts'
import type { Cell, Form } from '../../contracts.ts'

export type Terms = {
  /** 22 characters, random (random-id.ts): nobody can ask for it before it was made. */
  readonly id: string
  /** Who asks, by name in gateway.yaml; for whom, as `Veilgate-Operator` will say. */
  readonly requester: string
  readonly operator: string
  readonly consumer: string
  /** The consumer's when it was asked for: the grant is void with another. */
  readonly audience: string
  readonly purpose: string | null
  /** A grant is never a basis: the request states one beside it, and it is this one. */
  readonly basis: { readonly kind: BasisKind; readonly ref: string | null }
  readonly system: string
  /** The policy's template. */
  readonly route: string
  /** What stands for the one target that may be asked: see `queryIndex`. 43 characters. */
  readonly query: string
  /** `cn_resident_id@A4:clear`, sorted; whatever is not here is masked as for a request that presents nothing. */
  readonly sees: readonly string[]
  /** Rows at the most. The people in them are not counted beside: a row can speak of several. */
  readonly rows: number
  /** Of the answer: `json`; null: any. */
  readonly format: string | null
  /** Networks in CIDR, and `cert:` with the SHA-256 of a client certificate. Of each kind that is there one must fit. */
  readonly terminals: readonly string[]
  /** UTC, as in records. `until` is excluded. */
  readonly from: string
  readonly until: string
  /** Breaking the glass: one approval will do, and a review is due. */
  readonly emergency: boolean
  readonly made: string
}

/** One thing shown: a data type where it has this cell, in this form. */
export type Sight = { readonly type: string; readonly cell: Cell; readonly form: Form }

export const sightPattern =
  /^([\p{L}_][\p{L}\p{N}\p{M}_]{0,63})@([A-D][1-4]):(clear|partial|generalize|token|digest|redact|remove)$/u

/** `cn_resident_id@A4:clear` in its parts. Throws TypeError on what has not that shape. */
export function sightOf(text: string): Sight {
  const [, type, cell, form] = sightPattern.exec(text) ?? []
  if (type === undefined) throw new TypeError('not a type, cell and form')
  return { type, cell: cell as Cell, form: form as Form }
}

/** Milliseconds for which a grant can hold at most: one asked for in an emergency shorter. */
export const longest = { planned: 30 * 86_400_000, emergency: 86_400_000 } as const

/**
 * The text of a grant, which its requester signs: a line for each term, in one order and one spelling, so that two texts
 * are the same where two grants are.
 */
export function termsText(terms: Terms): string {
  const { basis } = terms
  const lines = [
    'veilgate: ask for a grant',
    `id ${terms.id}`,
    `requester ${terms.requester}`,
    `operator ${terms.operator}`,
    `consumer ${terms.consumer}`,
    `audience ${terms.audience}`,
    ...(terms.purpose === null ? [] : [`purpose ${terms.purpose}`]),
    `basis ${basis.kind}${basis.ref === null ? '' : ` ${basis.ref}`}`,
    `system ${terms.system}`,
    `route ${terms.route}`,
    `query ${terms.query}`,
    ...terms.sees.map(one => `sees ${one}`),
    `rows ${terms.rows}`,
    `format ${terms.format ?? 'any'}`,
    ...terms.terminals.map(one => `terminal ${one}`),
    `from ${terms.from}`,
    `until ${terms.until}`,
    `emergency ${terms.emergency ? 'yes' : 'no'}`,
    `made ${terms.made}`,
  ]
  return `${lines.join('\n')}\n`
}

/** What people do to a grant that exists. */
export const verdicts = ['approve', 'refuse', 'revoke', 'review'] as const
export type Verdict = (typeof verdicts)[number]

/**
 * The text that says so, which that person signs: it names the very terms, so that it counts for nothing else, and its
 * time, so that it cannot be kept for later. `time`: UTC, as in records.
 */
export function verdictText(verdict: Verdict, terms: Terms, time: string): string {
  const hash = createHash('sha256').update(termsText(terms)).digest('base64url')
  return `veilgate: ${verdict} a grant\nid ${terms.id}\nterms ${hash}\ntime ${time}\n`
}
