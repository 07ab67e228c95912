/**
 * The charset that a body declares in its own first bytes: by a byte order mark, an XML declaration, or HTML's `<meta>`.
 * All three are read as those who will read the body do.
 */

/** What the first bytes say; a `label` is as written and may name nothing. */
export type Declared =
  | { readonly by: 'mark'; readonly label: 'utf-8' | 'utf-16' | 'utf-32' }
  | { readonly by: 'xml' | 'meta'; readonly label: string }

/** Bytes that HTML's prescan looks at, and that an XML declaration has to stand in. */
export const prescanned = 1024

/** null: nothing is declared. `markup`: whether to look for an XML declaration and `<meta>`. */
export function declaredIn(head: Uint8Array, markup: boolean): Declared | null {
  const [a, b, c, d] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return { by: 'mark', label: 'utf-8' }
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return { by: 'mark', label: 'utf-32' }
  if (a === 0xff && b === 0xfe) return { by: 'mark', label: c === 0 && d === 0 ? 'utf-32' : 'utf-16' }
  if (a === 0xfe && b === 0xff) return { by: 'mark', label: 'utf-16' }
  if (!markup) return null
  const text = Buffer.from(head.subarray(0, prescanned)).toString('latin1')
  return declaredByXml(text) ?? declaredByMeta(text)
}

/** `<?xml version="1.0" encoding="GBK"?>` (XML 1.0, 4.3.3); old servers send blank lines ahead of it. */
function declaredByXml(text: string): Declared | null {
  const declaration = /^[\t\n\r ]*<\?xml[\t\n\r ]([^>]*)/.exec(text)?.[1]
  const match = declaration && /[\t\n\r ]encoding[\t\n\r ]*=[\t\n\r ]*(?:"([^"]*)"|'([^']*)')/.exec(` ${declaration}`)
  return match ? { by: 'xml', label: match[1] ?? match[2]! } : null
}

/** The prescan of HTML's 13.2.3.2: `<meta charset>` and `<meta http-equiv=content-type content>`, outside of comments. */
function declaredByMeta(text: string): Declared | null {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 2)
      if (end < 0) return null
      at = end + 3
    } else if (/^<meta[\t\n\f\r /]/i.test(text.slice(at, at + 6))) {
      const attributes = readAttributes(text, at + 5)
      const label = labelOf(attributes.values)
      if (label !== null) return { by: 'meta', label }
      at = attributes.end
    } else if (/^<\/?[a-z]/i.test(text.slice(at, at + 3))) {
      const name = /[\t\n\f\r >]/.exec(text.slice(at))
      if (name === null) return null
      at = readAttributes(text, at + name.index).end
    } else if (/^<[!/?]/.test(text.slice(at, at + 2))) {
      const end = text.indexOf('>', at)
      if (end < 0) return null
      at = end + 1
    } else at++
  }
  return null
}

function labelOf(attributes: ReadonlyMap<string, string>): string | null {
  const charset = attributes.get('charset')
  if (charset !== undefined) return asDeclaredInMeta(charset)
  if (attributes.get('http-equiv')?.toLowerCase() !== 'content-type') return null
  const content = /charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r ;"']+))/i.exec(
    attributes.get('content') ?? '',
  )
  return content === null ? null : asDeclaredInMeta(content[1] ?? content[2] ?? content[3]!)
}

/** Whoever can read the `<meta>` is not reading UTF-16: browsers take it for UTF-8, and so does the gateway. */
function asDeclaredInMeta(label: string): string {
  return /^\s*utf-?16(?:[bl]e)?\s*$/i.test(label) ? 'utf-8' : label
}

/** The first of two attributes of one name counts, as in HTML. */
function readAttributes(text: string, from: number): { values: Map<string, string>; end: number } {
  const values = new Map<string, string>()
  const pattern =
    /[\t\n\f\r /]*(?:(>)|([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r >]*)))?)/gy
  pattern.lastIndex = from
  for (let next = pattern.exec(text); next !== null; next = pattern.exec(text)) {
    if (next[1] !== undefined) return { values, end: pattern.lastIndex }
    const name = next[2]!.toLowerCase()
    if (!values.has(name)) values.set(name, next[3] ?? next[4] ?? next[5] ?? '')
  }
  return { values, end: text.length }
}
