import type { FormatPlugin } from '../../gateway/contracts.ts'
import { FormReader } from './form/reader.ts'

/** What forms send and some systems answer with: pairs of names and values, percent-encoded (WHATWG URL, 5). */
export const form: FormatPlugin = {
  kind: 'format',
  name: 'form',
  summary: {
    zh: '表单编码（application/x-www-form-urlencoded），识别 a[b] 与 a.b 写法',
    en: 'URL-encoded forms, with nested names as a[b] and a.b',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['application/x-www-form-urlencoded'],
  suffixes: [],
  looksLike: beginsForm,
  claims: () => false,
  create: () => fields => new FormReader(fields),
}

/** A name comes first; markup, objects and arrays do not. */
function beginsForm(head: Uint8Array): boolean {
  const lead = head[0]
  if (lead === 0x3c || lead === 0x7b || lead === 0x22) return false
  return head.every(byte => byte > 0x20 || byte === 0x0a || byte === 0x0d)
}
