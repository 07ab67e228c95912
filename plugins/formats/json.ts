import type { FieldCursor, FormatPlugin, Reader, Room } from '../../gateway/contracts.ts'
import { texts } from './json/fast/layout.ts'
import { canReadFast, FastReader } from './json/fast/reader.ts'
import { FlattenedReader } from './json/flattened.ts'
import { lengthAhead } from './json/head.ts'
import { JsonReader } from './json/reader.ts'

const options = {
  type: 'object',
  additionalProperties: false,
  properties: {
    reader: {
      enum: ['fastest', 'plain'],
      default: 'fastest',
      description:
        'Compiled with vector instructions where it runs (fastest), or TypeScript. Both give the same bytes.',
    },
  },
} as const

/** JSON texts as RFC 8259 has them, and nothing beyond: no comments, trailing commas or second texts. */
export const json: FormatPlugin = {
  kind: 'format',
  name: 'json',
  summary: {
    zh: 'JSON（RFC 8259），严格解析，只改动被脱敏的字节',
    en: 'JSON (RFC 8259), read strictly; only masked bytes change',
  },
  options,
  mediaTypes: ['application/json', 'text/json', 'application/x-json'],
  suffixes: ['+json'],
  looksLike: beginsJson,
  claims: beginsContainer,
  create: options => (fields, _label, room) => new FlattenedReader(fields, readerOf(fields, false, options, room)),
}

/** JSON texts one a line, each a row; also called JSON Lines. Empty lines are allowed. */
export const ndjson: FormatPlugin = {
  kind: 'format',
  name: 'ndjson',
  summary: {
    zh: '每行一个 JSON（NDJSON、JSON Lines），每行算一行数据',
    en: 'One JSON text a line (NDJSON, JSON Lines); each line is a row',
  },
  options,
  mediaTypes: [
    'application/x-ndjson',
    'application/ndjson',
    'application/jsonl',
    'application/x-jsonlines',
    'application/jsonlines',
  ],
  suffixes: [],
  looksLike: beginsJson,
  create: options => (fields, _label, room) => readerOf(fields, true, options, room),
}

/**
 * Whether the first byte that is no white space can begin a value, or a guard stands ahead of it; what follows is the reader's to judge. Nothing but
 * white space may be JSON too: old servers send blank lines ahead of it.
 */
function beginsJson(head: Uint8Array): boolean {
  let i = lengthAhead(head, false, true)
  while (i < head.length && (head[i] === 0x20 || head[i] === 0x09 || head[i] === 0x0a || head[i] === 0x0d)) i++
  return i === head.length || '{["-0123456789tfn'.includes(String.fromCharCode(head[i]!))
}

/** Objects and arrays tell what they are under any label; `{xm:` begins a script, `[2026-11-21 08:00]` a line of a log. */
const containers =
  /^(?:\xef\xbb\xbf)?[\t\n\r ]*(?:\{\s*(?:["}]|$)|\[\s*(?:[{["\]]|$|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\s*(?:[,\]]|$)|(?:true|false|null)\s*(?:[,\]]|$)))/i

function beginsContainer(head: Uint8Array): boolean {
  return containers.test(Buffer.from(head.subarray(0, 1024)).toString('latin1'))
}

function readerOf(
  fields: FieldCursor,
  lines: boolean,
  options: { readonly reader?: 'fastest' | 'plain' },
  room?: Room,
): Reader {
  // Only the reader in TypeScript looks ahead.
  return options.reader !== 'plain' && !fields.waits && canReadFast(fields)
    ? new FastReader(fields, lines ? texts.rows : texts.one, room)
    : new JsonReader(fields, lines)
}
