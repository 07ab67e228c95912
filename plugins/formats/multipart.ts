import type { FormatPlugin } from '../../gateway/contracts.ts'
import { MultipartReader } from './multipart/reader.ts'

/** Bodies in parts, each in a format of its own. Related parts and parts of ranges are refused. */
export const multipart: FormatPlugin = {
  kind: 'format',
  name: 'multipart',
  summary: {
    zh: '多部分正文（mixed、form-data）：每部分按自己的类型读取，有一部分读不懂则全部扣留',
    en: 'Bodies in parts (mixed, form-data): each part in its own format; one that cannot be read withholds them all',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['multipart/mixed', 'multipart/form-data'],
  suffixes: [],
  looksLike: head => head[0] === 0x2d && (head.length < 2 || head[1] === 0x2d),
  claims: () => false,
  create: () => (fields, label) => new MultipartReader(fields, label?.boundary ?? null),
}
