/** Names and values in the body of a request, whatever it is written in: what it could ask by. */
import { nameLimit } from './target.ts'
import { formDecoded, halvesOf } from './urlencoded.ts'

/** A name with what stands under it. A value that stands under no name has an empty one. */
export type Pair = { readonly name: string; readonly value: string | null }

/** Bodies that are read for questions, each as its reader has found it well-formed. */
export type ReadAs = 'form' | 'json' | 'xml'

/** All pairs of a body in UTF-8, in its order. */
export function pairsIn(kind: ReadAs, bytes: Uint8Array): Pair[] {
  return kind === 'form' ? pairsInForm(bytes) : kind === 'json' ? pairsInJson(bytes) : pairsInXml(bytes)
}

/** Whether a body is a document of GraphQL, by its label or in a member `query`. */
export function isGraphql(mediaType: string | null, pairs: readonly Pair[]): boolean {
  if (mediaType === 'application/graphql' || mediaType === 'application/graphql+json') return true
  return pairs.some(
    ({ name, value }) =>
      name === 'query' &&
      value !== null &&
      /^(?:[\s,]|#.*[\n\r])*(?:\{|(?:query|mutation|subscription|fragment)\b)/.test(value) &&
      value.includes('{'),
  )
}

/** Old pages send names in their own charset; each reading counts. */
function pairsInForm(bytes: Uint8Array): Pair[] {
  const text = Buffer.from(bytes).toString('latin1')
  return text.split('&').flatMap(pair => {
    const [name, value] = halvesOf(pair)
    return readings(name).flatMap(one => readings(value ?? '').map(other => ({ name: one, value: other })))
  })
}

function readings(encoded: string): string[] {
  const bytes = formDecoded(encoded)
  const utf8 = bytes.toString('utf8')
  return utf8.includes('\ufffd') ? [utf8, new TextDecoder('gb18030').decode(bytes)] : [utf8]
}

const scalars = /"((?:[^"\\]|\\.)*)"\s*(:?)|-?\d[\d.eE+-]*/gs

/** Every member's name with the string or number behind it, and every string: also of members that come twice, which a parser would drop. */
function pairsInJson(bytes: Uint8Array): Pair[] {
  const pairs: Pair[] = []
  let last = ''
  for (const [all, written, colon] of Buffer.from(bytes).toString('utf8').matchAll(scalars)) {
    const text = written === undefined ? all : unescaped(written)
    if (colon === ':') {
      last = text.slice(0, nameLimit)
      pairs.push({ name: last, value: null })
    } else pairs.push({ name: last, value: text })
  }
  return pairs
}

function unescaped(written: string): string {
  if (!written.includes('\\')) return written
  try {
    return String(JSON.parse(`"${written}"`))
  } catch {
    return written
  }
}

const markup =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/[^>]*>|<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*)>|([^<]+)/g
const attribute = /\s*([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gy

/** Elements and attributes by their local names, with the text that follows; the document is well-formed. */
function pairsInXml(bytes: Uint8Array): Pair[] {
  const pairs: Pair[] = []
  let last = ''
  for (const [, data, element, attributes = '', text] of Buffer.from(bytes).toString('utf8').matchAll(markup)) {
    if (element !== undefined) {
      last = localName(element)
      pairs.push({ name: last, value: null })
      for (const [, name, double, single] of attributes.matchAll(attribute))
        if (!/^xmlns(?::|$)/.test(name!))
          pairs.push({ name: localName(name!), value: withoutEntities(double ?? single!) })
    } else {
      const value = data ?? (text === undefined ? '' : withoutEntities(text))
      if (value.trim() !== '') pairs.push({ name: last, value: value.trim() })
    }
  }
  return pairs
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1, nameLimit)
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(?:x([\da-f]{1,6})|(\d{1,7}))|(\w{2,4}));/gi, (all, hex, decimal, name) => {
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal)
    if (name !== undefined) return named[name] ?? all
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}
