import type { FormatPlugin } from '../../gateway/contracts.ts'
import { XmlReader } from './xml/reader.ts'
import { wellFormed } from './xml/well-formed.ts'

/** XML 1.0 with namespaces, and SOAP 1.1 and 1.2, which are XML: no document type declarations, so no entities of their own. */
export const xml: FormatPlugin = {
  kind: 'format',
  name: 'xml',
  summary: {
    zh: 'XML 1.0 与 SOAP，严格解析，只改动被脱敏的文本和属性；不接受 DTD 与外部实体',
    en: 'XML 1.0 and SOAP, read strictly; only masked texts and attributes change; no DTDs, no external entities',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['application/xml', 'text/xml', 'application/soap+xml'],
  suffixes: ['+xml'],
  looksLike: head => head[startOf(head)] === 0x3c,
  claims: head => Buffer.from(head.subarray(startOf(head))).toString('latin1', 0, 5) === '<?xml',
  fits: wellFormed,
  create: () => (fields, label) => new XmlReader(fields, label?.isInside),
}

/** Where the first byte is that is no byte order mark and no blank. */
function startOf(head: Uint8Array): number {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0
  while (at < head.length && (head[at] === 0x20 || head[at] === 0x09 || head[at] === 0x0a || head[at] === 0x0d)) at++
  return at
}
