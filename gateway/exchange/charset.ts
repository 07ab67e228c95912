import { Refusal } from '../errors.ts'
import { declaredIn } from './charset-declared.ts'
import { type Charset, charsetOf } from './charset-labels.ts'

/** What is known of a body's charset from outside of it. */
export type CharsetHints = {
  /** The `charset` of the content-type header, null where there is none. */
  readonly header: string | null
  /** What the policy says of a system that declares nothing. */
  readonly policy: string | null
  /** Whether the body begins like markup, in which `<meta>` and XML declarations are looked for. */
  readonly markup: boolean
}

/** The charset a body is read in, and the label it is sent on under. */
export type Chosen = { readonly charset: Charset; readonly label: string }

/**
 * Which charset a body is in: the header decides; without one a byte order mark, then an XML declaration or `<meta>`, then the
 * policy, then UTF-8. The body has to be valid in it. Throws CHARSET_UNKNOWN for one the gateway cannot read (UTF-16 and
 * UTF-32 among them), and CHARSET_MALFORMED where a byte order mark contradicts the header: browsers follow
 * the mark and others the header, so there would be two readings of one body.
 */
export function chooseCharset(head: Uint8Array, { header, policy, markup }: CharsetHints): Chosen {
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

function known(written: string): Chosen {
  const charset = charsetOf(written)
  if (charset === null) throw new Refusal('CHARSET_UNKNOWN')
  return { charset, label: charset === 'utf-8' ? 'utf-8' : written.trim().toLowerCase() }
}
