/** Values planted in an upstream's answers, and the one search for them, in every spelling a leak could have. */
import assert from 'node:assert/strict'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** Nobody's, with valid check digits. */
export const sentinel = {
  name: '司徒慕容雪',
  id: '330106199408135525',
  mobile: '13912340987',
  card: '6222031200055471869',
  email: 'murong.xue@mail.example.edu.cn',
  address: '浙江省杭州市西湖区紫荆花路88号院6单元',
} as const

/** A record of that person under names the shipped catalogue knows. */
export const person = {
  xm: sentinel.name,
  idCard: sentinel.id,
  tel: sentinel.mobile,
  bankCard: sentinel.card,
  email: sentinel.email,
  address: sentinel.address,
}

/** What a masked form may not leave either: every part of a sentinel that tells more than its partial form does. */
export const sentinelParts: readonly string[] = [
  '慕容雪',
  '0619940813',
  '3912340987',
  '12340987',
  '0312000554',
  'urong.xue@mail',
  '紫荆花路88号',
]

/** The spellings of one text that are searched for as text; charsets and compression are undone on the other side. */
export const spellings: ReadonlyMap<string, (text: string) => readonly string[]> = new Map([
  ['plain', text => [text]],
  ['URL', text => [encodeURIComponent(text), each(Buffer.from(text), byte => `%${hex(byte)}`)]],
  ['base64', base64At],
  ['base64url', text => base64At(text).map(part => part.replaceAll('+', '-').replaceAll('/', '_'))],
  ['hex', text => [Buffer.from(text).toString('hex'), each(Buffer.from(text), byte => `\\x${hex(byte)}`)]],
  ['\\u escapes', text => [units(text, unit => `\\u${unit.toString(16).padStart(4, '0')}`)]],
  ['HTML entities', text => [units(text, unit => `&#${unit};`), units(text, unit => `&#x${unit.toString(16)};`)]],
  ['quoted-printable', text => [quotedPrintable(text), each(Buffer.from(text), byte => `=${hex(byte)}`)]],
])

/** The first planted part found in the bytes, with its spelling; null: there is none. */
export function findSentinel(bytes: Uint8Array, parts: readonly string[] = sentinelParts): string | null {
  const needles = needlesOf(parts)
  for (const [how, text] of readingsOf(Buffer.from(bytes), 0)) {
    const folded = text.toLowerCase()
    for (const { spelling, needle } of needles) {
      const at = folded.indexOf(needle)
      if (at >= 0) return `${spelling}, ${how}: ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))}`
    }
  }
  return null
}

/** Throws where a sentinel is found. */
export function assertNoSentinel(bytes: Uint8Array | string, where: string, parts = sentinelParts): void {
  const found = findSentinel(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, parts)
  assert.equal(found, null, `a planted value is in ${where}`)
}

type Needle = { readonly spelling: string; readonly needle: string }
const known = new WeakMap<readonly string[], readonly Needle[]>()

function needlesOf(parts: readonly string[]): readonly Needle[] {
  let needles = known.get(parts)
  if (needles === undefined) {
    needles = [...spellings].flatMap(([spelling, spell]) =>
      parts.flatMap(part => spell(part)).map(text => ({ spelling, needle: text.toLowerCase() })),
    )
    known.set(parts, needles)
  }
  return needles
}

/** The texts that bytes could be read as: in each charset, with full-width digits and separators undone, decompressed. */
function* readingsOf(bytes: Buffer, depth: number): Generator<readonly [how: string, text: string]> {
  const utf8 = bytes.toString('utf8')
  const plain = utf8.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  yield ['as UTF-8', utf8]
  yield ['without separators', plain.replace(/(?<=[\da-z])[\s.,\-–—_'"*/]+(?=[\da-z])/gi, '')]
  yield ['without soft line breaks', bytes.toString('latin1').replace(/=\r?\n/g, '')]
  // each character behind or ahead of a NUL, at either parity
  for (const from of [0, 1]) {
    const even = bytes.subarray(from, from + ((bytes.length - from) & ~1))
    yield ['as UTF-16LE', even.toString('utf16le')]
    yield ['as UTF-16BE', Buffer.from(even).swap16().toString('utf16le')]
  }
  for (const charset of ['gb18030', 'big5']) yield [`as ${charset}`, new TextDecoder(charset).decode(bytes)]
  if (depth < 2) for (const inner of decompressed(bytes)) yield* readingsOf(inner, depth + 1)
}

/** Whatever in the bytes begins like gzip or zlib, and the whole as brotli. */
function* decompressed(bytes: Buffer): Generator<Buffer> {
  const attempts: [(part: Buffer) => Buffer, number][] = [[brotliDecompressSync, 0]]
  for (let at = bytes.indexOf(0x1f); at >= 0; at = bytes.indexOf(0x1f, at + 1))
    if (bytes[at + 1] === 0x8b) attempts.push([gunzipSync, at])
  for (let at = bytes.indexOf(0x78); at >= 0; at = bytes.indexOf(0x78, at + 1))
    if (((0x78 << 8) | (bytes[at + 1] ?? 0)) % 31 === 0) attempts.push([inflateSync, at])
  for (const [decompress, from] of attempts.slice(0, 64)) {
    try {
      yield decompress(bytes.subarray(from))
    } catch {
      // it only began so
    }
  }
}

/** Encoded at each of the three offsets, without the characters that depend on what stands beside. */
function base64At(text: string): string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].map(offset => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const tail = (offset + bytes.length) % 3 === 0 ? 0 : 1
    return encoded.slice(offset === 0 ? 0 : offset + 1, encoded.length - tail)
  })
}

function quotedPrintable(text: string): string {
  return each(Buffer.from(text), byte => (byte >= 0x80 || byte === 0x3d ? `=${hex(byte)}` : String.fromCharCode(byte)))
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function each(bytes: Buffer, spell: (byte: number) => string): string {
  return [...bytes].map(spell).join('')
}

function units(text: string, spell: (unit: number) => string): string {
  return Array.from({ length: text.length }, (_, at) => spell(text.charCodeAt(at))).join('')
}
