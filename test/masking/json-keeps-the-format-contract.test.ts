import { type FormatBodies, formatContract } from '../contract/format.ts'
import { jsonReaders } from '../support/mask-body.ts'

const row =
  '{"xm":"张三丰","note":"a \\"quoted\\" \\u5f20 \ud83d\ude00","n":-12.5e+3,"ok":true,"none":null,"list":[1,[],{}]}'

function* rows(bytes: number, separator: string): Iterable<Uint8Array> {
  const piece = Buffer.from(`${row}${separator}`.repeat(500))
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece
}

const texts: FormatBodies = {
  harmless: [
    { body: row, scalars: 6 },
    { body: ` [ ${row} ,\n\t${row}\r\n] `, scalars: 12 },
    { body: '"alone"', scalars: 1 },
    { body: '1234567890123456789', scalars: 1 },
    { body: '\ufeff{"a":1}', scalars: 1 },
    { body: '{"":"","a":{"a":[[[]]],"a":{}}}', scalars: 1 },
  ],
  malformed: [
    '{"a":1,}',
    '[1 2]',
    '{"a" 1}',
    '"\\x"',
    '[01]',
    '{"a":1}{"a":1}',
    '[1',
    '"a',
    '{"a":tru}',
    '"\t"',
    ' ',
    '[1,]',
    "{'a':1}",
  ],
  *endless(bytes) {
    yield Buffer.from('[')
    yield* rows(bytes, ',')
    yield Buffer.from('0]')
  },
}

const lines: FormatBodies = {
  harmless: [
    { body: `${row}\n${row}\r\n\n1\n"x"`, scalars: 14 },
    { body: `${row}\n`, scalars: 6 },
    { body: '\n\n', scalars: 0 },
  ],
  malformed: ['{"a":1} {"a":1}', '{"a":1}\n{"a"', '1\n2,'],
  endless: bytes => rows(bytes, '\n'),
}

for (const reader of jsonReaders) formatContract(reader, reader.name === 'json' ? texts : lines)
