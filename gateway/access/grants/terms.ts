/** What a grant allows, word for word: what is asked for, approved and held to. Pure. */
import { createHash } from 'node:crypto'
import type { Cell, Form } from '../../contracts.ts'
import { formWord } from '../../forms.ts'
import type { GrantTerms } from '../../grant-event.ts'

export type Terms = GrantTerms

/** One thing shown: a data type where it has this cell, in this form. */
export type Sight = { readonly type: string; readonly cell: Cell; readonly form: Form }

export const sightPattern = new RegExp(`^([\\p{L}_][\\p{L}\\p{N}\\p{M}_]{0,63})@([A-D][1-4]):(${formWord})$`, 'u')

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
    ...(terms.method === undefined ? [] : [`method ${terms.method}`]),
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
