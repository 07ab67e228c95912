import type { Charset } from './labels.ts'

/** A charset of more than one byte for a character. */
export type Multibyte = Exclude<Charset, 'utf-8'>

/**
 * One charset as tables: how its byte sequences read, and how characters are written. Made from Node's own decoder, so that
 * what is written is always what reads back: no second table can disagree with the first.
 */
export type CharsetTables = {
  /** By lead and trail (see `pointer`): a code point; 0 where the pair means nothing; with `ambiguous` set, see there. */
  readonly pairs: Uint32Array
  /** By pointer below 39,420: the characters of the basic plane that GB18030 has four bytes for. Empty otherwise. */
  readonly quads: Uint32Array
  /** What the one byte 0x80 stands for; 0: nothing. */
  readonly single80: number
  /** By code point of the basic plane: its bytes, one to four of them, as a big-endian number; 0 where it has none. */
  readonly written: Uint32Array
  /** The same beyond the basic plane, for characters that have two bytes. */
  readonly writtenBeyond: ReadonlyMap<number, number>
  /** Whether every character has a sequence of four bytes. */
  readonly complete: boolean
}

/** Set in `pairs` and `quads` for a character that can be written in several ways. */
export const ambiguous = 0x8000_0000
const trails = 0xff - 0x40
/** Four-byte sequences of the basic plane. */
const basicQuads = 39_420
/** Pointer of U+10000 in GB18030. */
export const beyondBasic = 189_000

/** Where a pair stands in `pairs`: leads 0x81 to 0xfe, trails 0x40 to 0xfe. */
export function pointer(lead: number, trail: number): number {
  return (lead - 0x81) * trails + trail - 0x40
}

/** Of these Big5 has a line or an old numeral first and the character that is meant later (WHATWG Encoding, index Big5 pointer). */
const laterInBig5: ReadonlySet<number> = new Set([0x2550, 0x255e, 0x2561, 0x256a, 0x5341, 0x5345])

const made = new Map<Multibyte, CharsetTables>()

/** Takes some milliseconds the first time a charset is met; the tables are kept, 500 KB each. */
export function tablesOf(charset: Multibyte): CharsetTables {
  const known = made.get(charset)
  if (known !== undefined) return known
  const tables = build(charset)
  made.set(charset, tables)
  return tables
}

function build(charset: Multibyte): CharsetTables {
  const pairs = readPairs(charset)
  const complete = charset !== 'big5'
  const quads = complete ? readQuads(charset) : new Uint32Array(0)
  // browsers and old Windows write the euro sign of GBK in one byte
  const single80 = complete ? 0x20ac : 0
  const written = new Uint32Array(0x10000)
  const writtenBeyond = new Map<number, number>()
  const several = new Set<number>()
  const note = (point: number, bytes: number) => {
    if (point === 0) return
    const before = point < 0x10000 ? written[point]! : (writtenBeyond.get(point) ?? 0)
    if (before !== 0) several.add(point)
    if (before !== 0 && !(charset === 'big5' && laterInBig5.has(point))) return
    if (point < 0x10000) written[point] = bytes
    else writtenBeyond.set(point, bytes)
  }
  if (charset === 'gbk') note(single80, 0x80)
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) note(pairs[pointer(lead, trail)]!, (lead << 8) | trail)
  }
  if (charset === 'gb18030') note(single80, 0x80)
  for (let at = 0; at < quads.length; at++) note(quads[at]!, quadBytes(at))
  for (const table of [pairs, quads]) {
    for (let at = 0; at < table.length; at++) if (several.has(table[at]!)) table[at]! |= ambiguous
  }
  return { pairs, quads, single80, written, writtenBeyond, complete }
}

/** The four bytes of a pointer, as a big-endian number. */
export function quadBytes(at: number): number {
  const [d, c] = [at % 10, Math.floor(at / 10) % 126]
  const [b, a] = [Math.floor(at / 1260) % 10, Math.floor(at / 12_600)]
  return (((0x81 + a) << 24) | ((0x30 + b) << 16) | ((0x81 + c) << 8) | (0x30 + d)) >>> 0
}

/** All pairs in one decoding, a line feed behind each: a line that is one character is a pair that means something. */
function readPairs(charset: Multibyte): Uint32Array {
  const bytes = new Uint8Array(126 * trails * 3)
  for (let lead = 0x81, at = 0; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++, at += 3) bytes.set([lead, trail, 0x0a], at)
  }
  const table = readLines(charset, bytes, 126 * trails)
  if (charset !== 'big5') return table
  // Node has private use characters here, browsers those of Hong Kong, or nothing, and then the trail is a letter or a
  // backslash to them: two readings of one body
  for (let at = 0; at < table.length; at++) if (isPrivate(table[at]!) && (at % trails) + 0x40 < 0x80) table[at] = 0
  return table
}

function isPrivate(point: number): boolean {
  return point >= 0xe000 && point <= 0xf8ff
}

function readQuads(charset: Multibyte): Uint32Array {
  const bytes = new Uint8Array(basicQuads * 5)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < basicQuads; at++) {
    view.setUint32(at * 5, quadBytes(at))
    bytes[at * 5 + 4] = 0x0a
  }
  return readLines(charset, bytes, basicQuads)
}

function readLines(charset: Multibyte, bytes: Uint8Array, count: number): Uint32Array {
  const table = new Uint32Array(count)
  const lines = new TextDecoder(charset).decode(bytes).split('\n')
  for (let at = 0; at < count; at++) {
    const line = lines[at]!
    const point = line.codePointAt(0) ?? 0
    // U+FFFD is what a decoder says for no meaning; a sequence that means it by right is withheld with those
    const whole = line.length === (point > 0xffff ? 2 : 1) && point !== 0xfffd && point > 0x7f
    table[at] = whole ? point : 0
  }
  return table
}
