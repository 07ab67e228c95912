/** A media type (RFC 9110 8.3.1) as the gateway uses it: lower case, without parameters, and its charset. */
export type MediaType = {
  /** `application/json`; null where the label is missing or cannot be read. */
  readonly essence: string | null
  /** As declared, in lower case; null where none is declared. */
  readonly charset: string | null
  /** Of a multipart type (RFC 2046 5.1.1); null where there is none. */
  readonly boundary: string | null
}

const pattern =
  /^[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*((?:;[^\x00-\x08\x0a-\x1f\x7f]*)?)$/
const parameter = /;[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^ \t;"]*))[ \t]*/gy

/**
 * Reads a content-type header. A label that breaks the grammar, or names two charsets, is as good as none for the type,
 * and its charset is `unreadable`, which no decoder knows: what it labels is withheld.
 */
export function parseMediaType(header: string | null): MediaType {
  let read = known.get(header)
  if (read !== undefined) return read
  read = Object.freeze(readMediaType(header))
  if (known.size >= mostKnown) known.clear()
  known.set(header, read)
  return read
}

/**
 * What an answer is labelled. Of several content-type headers (a proxy that adds its own) the last counts that can be read, as
 * with browsers, and keeps the charset of one before it that names the same type (Fetch, "extract a MIME type").
 */
export function mediaTypeOf(header: string | readonly string[] | undefined): MediaType {
  if (header === undefined || typeof header === 'string') return parseMediaType(header ?? null)
  const all = header.map(parseMediaType).filter(({ essence }) => essence !== null)
  const last = all.at(-1)
  if (last === undefined) return parseMediaType(header.join(', '))
  const charset = last.charset ?? all.findLast(({ essence, charset }) => essence === last.essence && charset)?.charset
  return { ...last, charset: charset ?? null }
}

/** Systems have few labels, and repeat them with each answer. */
const known = new Map<string | null, MediaType>()
const mostKnown = 256

function readMediaType(header: string | null): MediaType {
  if (header === null || header.trim() === '') return { essence: null, charset: null, boundary: null }
  const match = pattern.exec(header)
  if (match === null) return { essence: null, charset: 'unreadable', boundary: null }
  const { charset, boundary } = parametersOf(match[2]!.trimEnd())
  return { essence: match[1]!.toLowerCase(), charset, boundary }
}

/** RFC 2046 bchars, but for the space and what would have to be quoted in a header. */
const boundaryPattern = /^[0-9A-Za-z'()+_,\-./:=?]{1,70}$/

function parametersOf(parameters: string): Pick<MediaType, 'charset' | 'boundary'> {
  const found = new Map<string, string>()
  parameter.lastIndex = 0
  let read = 0
  for (let next = parameter.exec(parameters); next !== null; next = parameter.exec(parameters)) {
    read = parameter.lastIndex
    const name = next[1]!.toLowerCase()
    const value = next[2] ?? next[3] ?? ''
    const before = found.get(name)
    if (before === undefined) found.set(name, value)
    // two readers would each take another of the two
    else if (before.toLowerCase() !== value.toLowerCase() || name === 'boundary') found.set(name, 'unreadable;')
  }
  const rest = parameters.slice(read).replace(/[; \t]/g, '')
  const charset = found.get('charset')?.toLowerCase() ?? null
  const boundary = found.get('boundary') ?? null
  return {
    charset: rest === '' ? (charset?.replace(';', '') ?? null) : 'unreadable',
    boundary: boundary !== null && boundaryPattern.test(boundary) ? boundary : null,
  }
}
