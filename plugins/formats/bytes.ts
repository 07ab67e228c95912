/** Bytes that are written and compared four at a time, as most are few: to have the runtime do it takes longer. */

/** Bytes one behind the other, with room for more. */
export class Bytes {
  bytes: Buffer = Buffer.allocUnsafeSlow(0)
  /** The same bytes. */
  view = new DataView(this.bytes.buffer)
  length = 0

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    const length = this.length + more + beyond
    if (length <= this.bytes.length) return
    const wider = Buffer.allocUnsafeSlow(length * 2)
    this.bytes.copy(wider, 0, 0, this.length)
    this.bytes = wider
    this.view = new DataView(wider.buffer)
  }

  /** Writes what there must be room for. */
  put(word: Word): void {
    const { view, length } = this
    for (let at = 0; at < word.length; at += 4) view.setInt32(length + at, word.view.getInt32(at))
    this.length = length + word.length
  }

  putByte(byte: number): void {
    this.bytes[this.length++] = byte
  }

  /** Writes some of these bytes, for which there must be room. */
  putBytes(bytes: Uint8Array, from: number, to: number): void {
    const out = this.bytes
    let at = this.length
    for (let i = from; i < to; i++) out[at++] = bytes[i]!
    this.length = at
  }

  /** Takes these in place of what there was. */
  take(pieces: readonly Uint8Array[]): void {
    this.length = 0
    this.reserve(pieces.reduce((sum, piece) => sum + piece.length, 0))
    for (const piece of pieces) {
      this.bytes.set(piece, this.length)
      this.length += piece.length
    }
  }
}

/** So many bytes may be written, and read, behind the last. */
const beyond = 4

/** A few bytes that are written often. */
export class Word {
  readonly length: number
  readonly view: DataView

  constructor(text: string | Uint8Array) {
    const bytes = Buffer.from(text as string)
    this.length = bytes.length
    this.view = new DataView(new ArrayBuffer(bytes.length + beyond))
    for (const [at, byte] of bytes.entries()) this.view.setUint8(at, byte)
  }
}

/** Whether so many bytes are the same in both. */
export function areAlike(one: DataView, at: number, other: DataView, from: number, length: number): boolean {
  const words = length & ~3
  for (let i = 0; i < words; i += 4) if (one.getInt32(at + i) !== other.getInt32(from + i)) return false
  for (let i = words; i < length; i++) if (one.getUint8(at + i) !== other.getUint8(from + i)) return false
  return true
}

/** Where a byte stands next; the end where it does not. */
export function nextOf(bytes: Buffer, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from)
  return at < 0 ? bytes.length : at
}
