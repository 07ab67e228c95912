import { isAscii } from 'node:buffer'
import { Refusal } from '../../errors.ts'
import { ambiguous, beyondBasic, type CharsetTables, type Multibyte, pointer, quadBytes, tablesOf } from './tables.ts'

/** How a character that the charset lacks is written: masks may make one that the body did not have. */
export type Lacking = 'json' | 'markup' | 'text'

/**
 * One body in a charset that is not UTF-8: read strictly into UTF-8, and written back so that every byte nothing was done
 * with leaves as it came. In pieces of any size. `read` and `endRead` throw the Refusal CHARSET_MALFORMED
 * for a sequence that means nothing (a broken lead byte swallows no quote: the body is withheld), for a character
 * that the body writes in two ways (GBK has two euro signs, Big5 two of some lines: one of them would change), and for
 * a body that is UTF-8 in truth.
 */
export class CharsetCodec {
  readonly #tables: CharsetTables
  readonly #lacking: Lacking
  readonly #spelled = new Map<number, number>()
  readonly #suspicion = new Utf8Suspicion()
  /** Whether characters may be written with four bytes: in GB18030, and where the body itself has done so. */
  #quads: boolean
  #unread: Uint8Array = nothing
  #unwritten: Uint8Array = nothing

  constructor(charset: Multibyte, lacking: Lacking) {
    this.#tables = tablesOf(charset)
    this.#lacking = lacking
    this.#quads = charset === 'gb18030'
  }

  /** The UTF-8 for what has arrived, but for a sequence that is not complete. */
  read(chunk: Uint8Array): Uint8Array {
    this.#suspicion.look(chunk)
    if (this.#unread.length === 0 && isAscii(chunk)) return chunk
    const bytes = joined(this.#unread, chunk)
    let out = Buffer.allocUnsafe(bytes.length * 2 + 8)
    let [at, to] = [0, 0]
    while (at < bytes.length) {
      const lead = bytes[at]!
      // four bytes at most are written for what is read here
      if (to + 4 > out.length) out = Buffer.concat([out], out.length * 2)
      if (lead < 0x80) {
        out[to++] = lead
        at++
        continue
      }
      const length = this.#sequence(bytes, at)
      if (at + length > bytes.length) break
      to = writeUtf8(out, to, this.#point(bytes, at, length))
      at += length
    }
    this.#unread = bytes.slice(at)
    return out.subarray(0, to)
  }

  endRead(): void {
    if (this.#unread.length > 0) throw malformed()
  }

  /** To be called once all is written: a character of which the end never came must not be lost without a word. */
  endWrite(): void {
    if (this.#unwritten.length > 0) throw malformed()
  }

  /** The charset's bytes for UTF-8 that is whole in all, but may be cut anywhere. */
  write(piece: Uint8Array): Uint8Array {
    if (this.#unwritten.length === 0 && isAscii(piece)) return piece
    const bytes = joined(this.#unwritten, piece)
    let out = Buffer.allocUnsafe(bytes.length * 4 + 16)
    let [at, to] = [0, 0]
    while (at < bytes.length) {
      const lead = bytes[at]!
      if (lead < 0x80) {
        out[to++] = lead
        at++
        continue
      }
      const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
      if (at + length > bytes.length) break
      if (to + 12 > out.length) out = Buffer.concat([out], out.length * 2)
      to = this.#put(out, to, readUtf8(bytes, at, length))
      at += length
    }
    // a Buffer's own slice would be a view of what may be written to again once it has left
    this.#unwritten = Uint8Array.prototype.slice.call(bytes, at)
    return out.subarray(0, to)
  }

  /** How long the sequence is that begins here, as far as can be seen; the body may end before it does. */
  #sequence(bytes: Uint8Array, at: number): number {
    const lead = bytes[at]!
    if (lead === 0x80 && this.#tables.single80 !== 0) return 1
    if (lead < 0x81 || lead > 0xfe) throw malformed()
    const second = bytes[at + 1]
    if (second === undefined) return 2
    return this.#tables.complete && second >= 0x30 && second <= 0x39 ? 4 : 2
  }

  #point(bytes: Uint8Array, at: number, length: number): number {
    const { pairs, quads, single80 } = this.#tables
    const lead = bytes[at]!
    if (length === 1) return this.#same(single80 | ambiguous, lead)
    const second = bytes[at + 1]!
    if (length === 2) {
      const found = second < 0x40 || second > 0xfe ? 0 : pairs[pointer(lead, second)]!
      return found < ambiguous ? meaning(found) : this.#same(found, (lead << 8) | second)
    }
    const [third, fourth] = [bytes[at + 2]!, bytes[at + 3]!]
    if (third < 0x81 || third > 0xfe || fourth < 0x30 || fourth > 0x39) throw malformed()
    const place = ((lead - 0x81) * 10 + second - 0x30) * 1260 + (third - 0x81) * 10 + fourth - 0x30
    this.#quads = true
    if (place < quads.length) {
      const found = quads[place]!
      return found < ambiguous ? meaning(found) : this.#same(found, quadBytes(place))
    }
    if (place < beyondBasic || place > beyondBasic + 0xfffff) throw malformed()
    return place - beyondBasic + 0x10000
  }

  /** A character with several spellings: the first that the body has is how it is written again, and has to stay the only one. */
  #same(found: number, spelling: number): number {
    const point = (found & ~ambiguous) >>> 0
    const before = this.#spelled.get(point)
    if (before === undefined) this.#spelled.set(point, spelling)
    else if (before !== spelling) throw malformed()
    return point
  }

  #put(out: Buffer, to: number, point: number): number {
    const { written, writtenBeyond } = this.#tables
    const usual = point < 0x10000 ? written[point]! : (writtenBeyond.get(point) ?? this.#beyond(point))
    const bytes = this.#spelled.size === 0 ? usual : (this.#spelled.get(point) ?? usual)
    if (bytes === 0 || (bytes > 0xffff && !this.#quads))
      return to + out.write(escaped(point, this.#lacking), to, 'latin1')
    if (bytes > 0xffff) return out.writeUInt32BE(bytes, to)
    if (bytes > 0xff) return out.writeUInt16BE(bytes, to)
    return out.writeUInt8(bytes, to)
  }

  #beyond(point: number): number {
    return this.#tables.complete ? quadBytes(point - 0x10000 + beyondBasic) : 0
  }
}

/**
 * A body labelled with a Chinese charset that is UTF-8 in truth would be read as other characters, and its names would match
 * no rule. Text in such a charset is hardly ever valid UTF-8: from four characters of three bytes on, one in millions.
 */
class Utf8Suspicion {
  #decoder: TextDecoder | null = new TextDecoder('utf-8', { fatal: true })
  #seen = 0

  look(chunk: Uint8Array): void {
    if (this.#decoder === null) return
    let text: string
    try {
      text = this.#decoder.decode(chunk, { stream: true })
    } catch {
      this.#decoder = null
      return
    }
    this.#seen += text.match(/[\u0800-\uffff]/g)?.length ?? 0
    if (this.#seen >= 4) throw malformed()
  }
}

const nothing = new Uint8Array(0)

function meaning(found: number): number {
  if (found === 0) throw malformed()
  return found
}

function joined(before: Uint8Array, chunk: Uint8Array): Uint8Array {
  return before.length === 0 ? chunk : Buffer.concat([before, chunk])
}

function writeUtf8(out: Buffer, to: number, point: number): number {
  if (point < 0x800) out[to++] = 0xc0 | (point >> 6)
  else {
    if (point < 0x10000) out[to++] = 0xe0 | (point >> 12)
    else {
      out[to++] = 0xf0 | (point >> 18)
      out[to++] = 0x80 | ((point >> 12) & 0x3f)
    }
    out[to++] = 0x80 | ((point >> 6) & 0x3f)
  }
  out[to++] = 0x80 | (point & 0x3f)
  return to
}

function readUtf8(bytes: Uint8Array, at: number, length: number): number {
  let point = bytes[at]! & (0xff >> (length + 1))
  for (let next = 1; next < length; next++) point = (point << 6) | (bytes[at + next]! & 0x3f)
  return point
}

function escaped(point: number, lacking: Lacking): string {
  if (lacking === 'markup') return `&#${point};`
  if (lacking === 'text') return '?'
  const units = String.fromCodePoint(point)
  return [...Array(units.length).keys()].map(at => `\\u${units.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
}

function malformed(): Refusal {
  return new Refusal('CHARSET_MALFORMED')
}
