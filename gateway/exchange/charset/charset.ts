import { Refusal } from '../../errors.ts'
import { declaredIn } from './declared.ts'
import { type Charset, charsetOf, isWestern } from './labels.ts'

/** What is known of a body's charset from outside of it. */
export type CharsetHints = {
  /** The `charset` of the content-type header, null where there is none. */
  readonly header: string | null
  /** What the policy says of a system that declares nothing. */
  readonly policy: string | null
  /** Whether the body begins like markup, in which `<meta>` and XML declarations are looked for. */
  readonly markup: boolean
  /**
   * Whether the label of Western European text is taken for one of ASCII, as an answer goes on under `charset=utf-8` then, and has
   * one reading. What is sent to a system keeps its label: there it stays unknown.
   */
  readonly relabelled?: boolean
}

/** The charset a body is read in, and the label it is sent on under. */
export type Chosen = { readonly charset: Charset; readonly label: string }

/**
 * Which charset a body is in: the header decides; without one a byte order mark, then an XML declaration or `<meta>`, then the
 * policy, then UTF-8. What is labelled ISO-8859-1 is read as UTF-8, strictly, in answers: mostly it is ASCII under the label a
 * server puts where nobody has said anything, and what is more is withheld. The body has to be valid in it. Throws CHARSET_UNKNOWN for one the gateway cannot read (UTF-16 and
 * UTF-32 among them), and CHARSET_MALFORMED where a byte order mark contradicts the header: browsers follow
 * the mark and others the header, so there would be two readings of one body.
 */
export function chooseCharset(head: Uint8Array, { header, policy, markup, relabelled = false }: CharsetHints): Chosen {
  const known = (written: string) => chosenBy(written, relabelled)
  const declared = declaredIn(head, markup)
  const byHeader = header === null ? null : known(header)
  if (declared?.by === 'mark') {
    const marked = known(declared.label)
    if (byHeader !== null && byHeader.charset !== marked.charset) throw new Refusal('CHARSET_MALFORMED')
    return byHeader ?? marked
  }
  if (byHeader !== null) return byHeader
  if (declared !== null) return known(declared.label)
  return known(policy ?? 'utf-8')
}

function chosenBy(written: string, relabelled: boolean): Chosen {
  const charset = charsetOf(written) ?? (relabelled && isWestern(written) ? 'utf-8' : null)
  if (charset === null) throw new Refusal('CHARSET_UNKNOWN')
  return { charset, label: charset === 'utf-8' ? 'utf-8' : written.trim().toLowerCase() }
}
