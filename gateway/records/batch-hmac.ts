/**
 * Feeds the compiled HMAC (wasm/hmac.ts says where things are, and must agree). One call of `node:crypto` costs more than its
 * hashing: 1.6 µs for each index, against 0.3 here.
 */
import { readFileSync } from 'node:fs'

/** Where a message's address and length are written, its result is read, and the messages begin. */
const list = 0x2000
const results = 0x4000
const prefixes = 0x9800
const prefixesEnd = 0x10000
const messages = 0x10000
const messagesEnd = 0x20000
const held = 0x20000
const heldEnd = 0x40000
const mostMessages = 1024

type Exports = {
  readonly memory: WebAssembly.Memory
  setKey(): void
  place(message: number, to: number, prefix: number, prefixLength: number, from: number, length: number): void
  digestAll(count: number, characters: number, prefixLength: number, heldLength: number): void
}

/** Bytes in which values stand, the same as long as the object is. */
export type Hold = { readonly bytes: Uint8Array }

let compiled: WebAssembly.Module | null = null

/** HMAC-SHA-256 under one key at a time, the first characters of its base64url. */
export class BatchHmac {
  readonly #exports: Exports
  readonly #bytes: Buffer
  readonly #words: Uint32Array
  #count = 0
  #end = messages
  /** By first part: where it stands among the prefixes, and how long it is with the 0x00 behind, in the low half. */
  readonly #prefixes = new Map<string, number>()
  #prefixEnd = prefixes
  #hold: Hold | null = null
  #heldLength = 0

  /** Without a key; throws where it cannot run. */
  constructor() {
    compiled ??= new WebAssembly.Module(readFileSync(new URL('./wasm/hmac.wasm', import.meta.url)))
    this.#exports = new WebAssembly.Instance(compiled).exports as Exports
    this.#bytes = Buffer.from(this.#exports.memory.buffer)
    this.#words = new Uint32Array(this.#exports.memory.buffer)
  }

  /** The key from now on, of at most 64 bytes; nothing stays of the one before. */
  rekey(key: Uint8Array): void {
    if (key.length > 64) throw new Error('a key of more than a block')
    this.#bytes.fill(0, 0, 64)
    this.#bytes.set(key)
    this.#exports.setKey()
  }

  /**
   * Adds the message `first`, 0x00, `second`, in UTF-8; false where there is no room for it before the next `take`. A lone
   * surrogate counts as U+FFFD.
   */
  add(first: string, second: string): boolean {
    const most = (first.length + second.length) * 3 + 1
    if (this.#count === mostMessages || this.#end + most + 72 > messagesEnd) return false
    const from = this.#end
    let to = this.#put(first, from)
    this.#bytes[to++] = 0
    to = this.#put(second, to)
    const at = (list >> 2) + this.#count++ * 2
    this.#words[at] = from
    this.#words[at + 1] = to - from
    this.#end = endOf(from, to - from)
    return true
  }

  /** The same of a second part that stands in a hold. */
  addHeld(first: string, hold: Hold, from: number, length: number): boolean {
    if (hold !== this.#hold && !this.#take(hold)) return false
    const prefix = this.#prefixes.get(first) ?? this.#newPrefix(first)
    if (prefix < 0 || from + length > this.#heldLength) return false
    const prefixLength = prefix & 0xffff
    const whole = prefixLength + length
    if (this.#count === mostMessages || this.#end + whole + 72 > messagesEnd) return false
    this.#exports.place(this.#count++, this.#end, prefix >>> 16, prefixLength, from, length)
    this.#end = endOf(this.#end, whole)
    return true
  }

  /** Copies what a hold has now: false where it has too much. */
  #take(hold: Hold): boolean {
    const { bytes } = hold
    if (bytes.length > heldEnd - held) return false
    this.#bytes.set(bytes, held)
    // Of one that was longer the rest stays, and is cleared with it.
    this.#heldLength = Math.max(this.#heldLength, bytes.length)
    this.#hold = hold
    return true
  }

  #newPrefix(first: string): number {
    const from = this.#prefixEnd
    if (from + first.length * 3 + 1 > prefixesEnd) return -1
    const end = this.#put(first, from)
    this.#bytes[end] = 0
    this.#prefixEnd = end + 1
    const prefix = ((from - prefixes) << 16) | (end + 1 - from)
    this.#prefixes.set(first, prefix)
    return prefix
  }

  #put(text: string, at: number): number {
    const bytes = this.#bytes
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) return at + bytes.write(text, at, 'utf8')
      bytes[at + i] = unit
    }
    return at + text.length
  }

  /**
   * The first characters, at most 22, of each message that was added since the last call, in order and one behind the other.
   * Nothing of the messages stays.
   */
  take(characters: number): string {
    const count = this.#count
    if (count === 0 && this.#hold === null) return ''
    this.#exports.digestAll(count, characters, this.#prefixEnd - prefixes, this.#heldLength)
    this.#count = 0
    this.#end = messages
    this.#prefixes.clear()
    this.#prefixEnd = prefixes
    this.#hold = null
    this.#heldLength = 0
    return this.#bytes.toString('latin1', results, results + count * characters)
  }
}

/** Where the message behind one of so many bytes begins. */
function endOf(from: number, length: number): number {
  return from + (((length + 9 + 63) >> 6) << 6)
}
