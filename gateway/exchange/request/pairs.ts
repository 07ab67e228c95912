/** Names and values in the body of a request, whatever it is written in: what it could ask by. */
import { nameLimit } from './target.ts'
import { formDecoded, halvesOf } from './urlencoded.ts'

/** A name with what stands under it. A value that stands under no name has an empty one. */
export type Pair = { readonly name: string; readonly value: string | null }

/** Bodies that are read for questions, each as its reader has found it well-formed. */
export type ReadAs = 'form' | 'json' | 'xml'

/** All pairs of a body in UTF-8, in its order, each as it is asked for: together they can be many times the body. */
export function pairsIn(kind: ReadAs, bytes: Uint8Array): Iterable<Pair> {
  return kind === 'form' ? pairsInForm(bytes) : kind === 'json' ? pairsInJson(bytes) : pairsInXml(bytes)
}

/** Whether a label is that of a document of GraphQL. */
export function isGraphqlLabel(mediaType: string | null): boolean {
  return mediaType === 'application/graphql' || mediaType === 'application/graphql+json'
}

/** Whether a member holds a document of GraphQL. */
export function isGraphql({ name, value }: Pair): boolean {
  return (
    name === 'query' &&
    value !== null &&
    /^(?:[\s,]|#.*[\n\r])*(?:\{|(?:query|mutation|subscription|fragment)\b)/.test(value) &&
    value.includes('{')
  )
}

/** Old pages send names in their own charset; each reading counts. */
function* pairsInForm(bytes: Uint8Array): Iterable<Pair> {
  const text = Buffer.from(bytes).toString('latin1')
  for (let from = 0; from <= text.length; ) {
    const next = text.indexOf('&', from)
    const to = next < 0 ? text.length : next
    const [name, value] = halvesOf(text.slice(from, to))
    for (const one of readings(name)) for (const other of readings(value ?? '')) yield { name: one, value: other }
    from = to + 1
  }
}

function readings(encoded: string): string[] {
  const bytes = formDecoded(encoded)
  const utf8 = bytes.toString('utf8')
  return utf8.includes('\ufffd') ? [utf8, new TextDecoder('gb18030').decode(bytes)] : [utf8]
}

const scalars = /"((?:[^"\\]|\\.)*)"\s*(:?)|-?\d[\d.eE+-]*/gs

/** Every member's name with the string or number behind it, and every string: also of members that come twice, which a parser would drop. */
function* pairsInJson(bytes: Uint8Array): Iterable<Pair> {
  let last = ''
  for (const [all, written, colon] of Buffer.from(bytes).toString('utf8').matchAll(scalars)) {
    const text = written === undefined ? all : unescaped(written)
    if (colon === ':') {
      last = text.slice(0, nameLimit)
      yield { name: last, value: null }
    } else yield { name: last, value: text }
  }
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
function* pairsInXml(bytes: Uint8Array): Iterable<Pair> {
  let last = ''
  for (const [, data, element, attributes = '', text] of Buffer.from(bytes).toString('utf8').matchAll(markup)) {
    if (element !== undefined) {
      last = localName(element)
      yield { name: last, value: null }
      for (const [, name, double, single] of attributes.matchAll(attribute))
        if (!/^xmlns(?::|$)/.test(name!)) yield { name: localName(name!), value: withoutEntities(double ?? single!) }
    } else {
      const value = data ?? (text === undefined ? '' : withoutEntities(text))
      if (value.trim() !== '') yield { name: last, value: value.trim() }
    }
  }
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
