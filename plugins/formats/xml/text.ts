/** Characters, references and names of XML (1.0, fifth edition; namespaces 1.0), as strings. */
import { fault } from '../faults.ts'

const nameStart =
  'A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f' +
  '\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
const nameRest = `${nameStart}\\-.0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040`

/** A name without a colon, as a pattern. */
export const ncName = `[${nameStart}][${nameRest}]*`
const wholeName = new RegExp(`^${ncName}$`, 'u')
const notInNames = new RegExp(`[^${nameRest}]`, 'gu')
const beginsName = new RegExp(`^[${nameStart}]`, 'u')

export function isNcName(text: string): boolean {
  return wholeName.test(text)
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text with its references resolved. Throws on any but the five entities and characters that XML has. */
export function resolve(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos);|#([0-9]+);|#x([0-9a-fA-F]+);)?/g,
    (_, name?: string, decimal?: string, hex?: string) => {
      if (name !== undefined) return entities[name]!
      if (decimal === undefined && hex === undefined) throw fault('malformed')
      const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
      if (!isCharacter(code)) throw fault('malformed')
      return String.fromCodePoint(code)
    },
  )
}

function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}

const unwritable = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Whether a text stands as it is between tags and quotes: most do, and to look costs less than to replace nothing six times. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x3f ? unit < 0x20 || isSpecial(unit) : unit > 0xd7ff) return false
  }
  return true
}

/** `"`, `&`, `<` and `>` */
function isSpecial(unit: number): boolean {
  return unit === 0x22 || unit === 0x26 || unit === 0x3c || unit === 0x3e
}

/** A text as it stands between tags. What XML cannot hold becomes a star. */
export function escapeText(text: string): string {
  if (isPlain(text)) return text
  return text
    .replace(unwritable, '*')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

/** A text as it stands between double quotes. */
export function escapeAttribute(text: string): string {
  if (isPlain(text)) return text
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\t', '&#9;').replaceAll('\n', '&#10;')
}

/** A text that can stand in a CDATA section, or null. */
export function asCdata(text: string): string | null {
  return text.includes(']]>') || text.includes('\r') ? null : text.replace(unwritable, '*')
}

/** A name made of what is shown of one that was personal. */
export function safeName(shown: string): string {
  const name = shown.replace(notInNames, '_')
  return beginsName.test(name) ? name : `_${name}`
}
