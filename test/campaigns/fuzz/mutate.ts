/** Small damage to bytes, of the kinds that take parsers apart. */
import type { Random } from './random.ts'

const inserts = [
  '"',
  "'",
  '\\',
  '\\u0000',
  '\\ud800',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '<',
  '>',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '&',
  '&#0;',
  '&amp',
  ';',
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\0',
  '\t',
  ' ',
  '\u00a0',
  '\u200b',
  '\ufeff',
  '%',
  '%00',
  '+',
  '=',
  '&&',
  '--b',
  '--b--',
  'data:',
  '<script>',
  '</script>',
  '<?xml version="1.0" encoding="gbk"?>',
  '<!DOCTYPE a>',
  '\x1f\x8b',
  'PK\x03\x04',
  '1e999',
  '-',
  '0',
  '\x81',
  '\xff\xfe',
  '\xe4\xb8',
  '\xef\xbf\xbf',
  'Content-Length: 0\r\n',
  'Transfer-Encoding: chunked\r\n',
  'content-encoding: gzip\r\n',
].map(text => (/[\u0100-\uffff]/.test(text) ? Buffer.from(text) : Buffer.from(text, 'latin1')))

/** One to six changes: bits, bytes, pieces taken out, put in twice, moved, or taken from another case. */
export function mutate(random: Random, bytes: Buffer, other: Buffer): Buffer {
  let changed = bytes
  for (let left = 1 + random.below(6); left > 0; left--) changed = once(random, changed, other)
  return changed.length > 200_000 ? changed.subarray(0, 200_000) : changed
}

function once(random: Random, bytes: Buffer, other: Buffer): Buffer {
  const at = random.below(bytes.length + 1)
  const size = random.once(4) ? random.below(bytes.length + 1) : random.below(8)
  const end = Math.min(bytes.length, at + size)
  const [before, piece, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)]
  switch (random.below(8)) {
    case 0:
      return Buffer.concat([before, random.of(inserts), bytes.subarray(at)])
    case 1:
      return Buffer.concat([before, after])
    case 2:
      return Buffer.concat([before, piece, piece, after])
    case 3: {
      const from = random.below(other.length + 1)
      return Buffer.concat([before, other.subarray(from, from + size), after])
    }
    case 4:
      return Buffer.concat([before, Buffer.from([random.below(256)]), bytes.subarray(Math.min(bytes.length, at + 1))])
    case 5: {
      if (bytes.length === 0) return bytes
      const flipped = Buffer.from(bytes)
      flipped[at % bytes.length]! ^= 1 << random.below(8)
      return flipped
    }
    case 6:
      return Buffer.concat([before, random.of(inserts), after])
    default:
      return Buffer.concat([after, before, piece])
  }
}
