import { eventStream } from '../../plugins/formats/event-stream.ts'
import { formatContract } from '../contract/format.ts'

function* events(bytes: number): Iterable<Uint8Array> {
  const piece = Buffer.from('event: row\nid: 7\ndata: {"xm":"张三",\ndata: "tel":"13800138000"}\n\n'.repeat(300))
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}

formatContract(eventStream, {
  harmless: [
    { body: 'data: one\n\n', scalars: 1 },
    { body: ': comment\r\n\r\nid: 1\r\nevent: e\r\ndata: a\r\ndata: b\r\n\r\n', scalars: 4 },
    { body: 'data:x\r\rretry: 3000\rdata\r\r', scalars: 2 },
    { body: '\ufeffdata: {"a":1}\n\ndata: unfinished', scalars: 2 },
    { body: '\n\n', scalars: 0 },
  ],
  malformed: ['data: \u0000\n\n', `data: ${'x'.repeat(100)}\u0002`],
  endless: events,
})
