import type { FormatPlugin } from '../../gateway/contracts.ts'
import { EventStreamReader } from './event-stream/reader.ts'
import { beginsText } from './faults.ts'

/** Server-sent events. */
export const eventStream: FormatPlugin = {
  kind: 'format',
  name: 'event_stream',
  summary: {
    zh: '服务器推送事件（SSE），逐个事件读取；data 为 JSON 时按 JSON 读取',
    en: 'Server-sent events, one by one; data that is JSON is read as JSON',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  mediaTypes: ['text/event-stream'],
  suffixes: [],
  looksLike: beginsText,
  claims: () => false,
  create: () => fields => new EventStreamReader(fields),
}
