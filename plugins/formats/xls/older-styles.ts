/** How cells look in BIFF5, as BIFF8 says it: the same in other bits (MS-XLS, 2.4.353; before it the documentation of Excel 5.0). */
import { fault } from '../faults.ts'

const olderBytes = 16
/** Degrees for ways of turning a text: none, letter by letter, and to either side. */
const turns = [0, 255, 90, 180] as const

/** The bytes of an XF. */
export function raisedStyle(bytes: Buffer): Buffer {
  if (bytes.length !== olderBytes) throw fault('malformed')
  const style = Buffer.alloc(20)
  bytes.copy(style, 0, 0, 7)
  style[7] = turns[bytes[7]! & 0x03]!
  style[9] = bytes[7]! & 0xfc
  const [area, lines] = [bytes.readUInt32LE(8), bytes.readUInt32LE(12)]
  const bits = (word: number, from: number, count: number) => (word >>> from) & ((1 << count) - 1)
  const [left, right, top, bottom] = [bits(lines, 3, 3), bits(lines, 6, 3), bits(lines, 0, 3), bits(area, 22, 3)]
  const sides = (bits(lines, 16, 7) << 16) | (bits(lines, 23, 7) << 23)
  style.writeUInt32LE((left | (right << 4) | (top << 8) | (bottom << 12) | sides) >>> 0, 10)
  const ends = bits(lines, 9, 7) | (bits(area, 25, 7) << 7)
  style.writeUInt32LE((ends | (bits(area, 16, 6) << 26)) >>> 0, 14)
  style.writeUInt16LE(bits(area, 0, 7) | (bits(area, 7, 7) << 7), 18)
  return style
}
