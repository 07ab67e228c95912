import type { Detector, DetectorPlugin, Span } from '../../gateway/contracts.ts'
import { toAscii } from './digit-runs.ts'

/**
 * The part of RFC 5322 addr-spec that is used: no quoted local part, no comments, and of the special characters only
 * those that do not also part the fields of a URL or a list. `*` is out, so that an address that is masked already is
 * left as it is.
 */
const local = charset("0-9A-Za-z._%+~'-")
const domain = charset('0-9A-Za-z.-')
/** RFC 1035 section 2.3.4. */
const longestDomain = 255
/** RFC 1035 labels, the last of letters, or an internationalised one (RFC 5890). */
const host = /^(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+(?:[A-Za-z]{2,63}|xn--[0-9A-Za-z-]{1,59})/
/** Names of OData 4 for what is said of a property, `photo@odata.mediaContentType` (JSON Format 4.01, 4.6): of nobody. */
const annotation =
  /^odata\.(?:type|count|context|etag|editLink|readLink|nextLink|deltaLink|navigationLink|associationLink|bind|media[A-Z]\w+)$/
/** ASCII without capitals and blanks: it is its own normalisation, whether it is an address or not. */
const plain = /^[!-@[-~]+$/
const shape = /[0-9A-Za-z._%+~'-]@[0-9A-Za-z][0-9A-Za-z.-]*\.(?:[A-Za-z]{2}|xn--[0-9A-Za-z-])/

const fullWidth = /[\uff01-\uff5e]/

export const email: DetectorPlugin = {
  kind: 'detector',
  name: 'email',
  summary: { zh: '电子邮箱地址', en: 'E-mail addresses' },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [
    { in: '邮箱zhang.san+2@stu.example.edu.cn，请查收', finds: ['zhang.san+2@stu.example.edu.cn'] },
    { in: '<a href="mailto:hq@HL7.org">', finds: ['hq@HL7.org'] },
    { in: 'a@b.cn;c@d.cn', finds: ['a@b.cn', 'c@d.cn'] },
    { in: "'o'brien@example.ie'.", finds: ["o'brien@example.ie"], why: 'quotes around it are no part of it' },
    { in: '邮箱：ｚｓ＠ｑｑ．ｃｏｍ', finds: ['ｚｓ＠ｑｑ．ｃｏｍ'], why: 'full-width' },
    { in: 'left-pad@1.3.0', finds: [], why: 'a version is no domain' },
    { in: 'root@localhost', finds: [], why: 'a domain has a dot' },
    { in: 'z***@example.edu.cn', finds: [], why: 'masked already' },
    { in: '@media screen', finds: [] },
    { in: 'tel@odata.type photo@odata.mediaContentType', finds: [], why: 'names of OData' },
    { in: 'info@odata.org', finds: ['info@odata.org'] },
  ],
  create: () => detector,
}

const detector: Detector = {
  triggers: { at: 1, shape },
  checked: true,
  // Neither side of one @ reaches over another, so each character is looked at twice at most.
  find(written) {
    const text = fullWidth.test(written) ? toAscii(written) : written
    const spans: Span[] = []
    let last = 0
    for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      const start = startOfLocal(text, at, last)
      if (start === at) continue
      const matched = host.exec(text.slice(at + 1, endOfDomain(text, at + 1)))
      if (matched === null || annotation.test(matched[0])) continue
      last = at + 1 + matched[0].length
      spans.push({ start, end: last })
    }
    return spans
  },
  normalize(value) {
    if (plain.test(value)) return value
    const text = toAscii(value.trim())
    const [span] = detector.find(text)
    return span !== undefined && span.start === 0 && span.end === text.length ? text.toLowerCase() : value
  },
  normal: plain,
}

function startOfLocal(text: string, at: number, least: number): number {
  let start = at
  while (start > least && local[text.charCodeAt(start - 1)] === 1) start--
  while (start < at && "'.%~-".includes(text[start]!)) start++
  return start
}

function endOfDomain(text: string, from: number): number {
  const most = Math.min(text.length, from + longestDomain)
  let end = from
  while (end < most && domain[text.charCodeAt(end)] === 1) end++
  return end
}

/** A table of the ASCII characters of a class; characters beyond read as undefined. */
function charset(members: string): Uint8Array {
  const pattern = new RegExp(`[${members}]`)
  return Uint8Array.from({ length: 128 }, (_, code) => (pattern.test(String.fromCharCode(code)) ? 1 : 0))
}
