/** A media type (RFC 9110 8.3.1) as the gateway uses it: lower case, without parameters, and its charset. */
export type MediaType = {
  /** `application/json`; null where the label is missing or cannot be read. */
  readonly essence: string | null
  /** As declared, in lower case; null where none is declared. */
  readonly charset: string | null
}

const pattern =
  /^[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*((?:;[^\x00-\x08\x0a-\x1f\x7f]*)?)$/
const parameter = /;[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^ \t;"]*))[ \t]*/gy

/**
 * Reads a content-type header. A label that breaks the grammar, or names two charsets, is as good as none for the type,
 * and its charset is `unreadable`, which no decoder knows: what it labels is withheld.
 */
export function parseMediaType(header: string | null): MediaType {
  if (header === null || header.trim() === '') return { essence: null, charset: null }
  const match = pattern.exec(header)
  if (match === null) return { essence: null, charset: 'unreadable' }
  const charset = charsetOf(match[2]!.trimEnd())
  return { essence: match[1]!.toLowerCase(), charset }
}

function charsetOf(parameters: string): string | null {
  let charset: string | null = null
  parameter.lastIndex = 0
  let read = 0
  for (let next = parameter.exec(parameters); next !== null; next = parameter.exec(parameters)) {
    read = parameter.lastIndex
    if (next[1]!.toLowerCase() !== 'charset') continue
    const value = (next[2] ?? next[3] ?? '').toLowerCase()
    if (charset !== null && charset !== value) return 'unreadable'
    charset = value
  }
  const rest = parameters.slice(read).replace(/[; \t]/g, '')
  return rest === '' ? charset : 'unreadable'
}
