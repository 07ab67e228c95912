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
/** Less a vector, which may be read from the last byte on. */
const mostHeld = 0x20000 - 16
const mostMessages = 1024
const longestIndex = 22
/** Of a message made of two parts: how long it is at most, and how its entry says that it is one. */
const longestJoined = 500
const joined = 0x80000000

type Exports = {
  readonly memory: WebAssembly.Memory
  setKey(): void
  digestAll(count: number, characters: number, end: number, prefixLength: number, heldLength: number): void
}

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

  /** Bytes in which second parts stand, until the next `take`: false where there are too many. */
  hold(bytes: Uint8Array): boolean {
    if (bytes.length > mostHeld) return false
    this.#bytes.set(bytes, held)
    // Of what was longer the rest stays, and is cleared with it.
    this.#heldLength = Math.max(this.#heldLength, bytes.length)
    return true
  }

  /** Adds a message as `add` does, of a second part that is held. */
  addHeld(first: string, from: number, length: number): boolean {
    const prefix = this.#prefixes.get(first) ?? this.#newPrefix(first)
    if (prefix < 0 || this.#count === mostMessages || from + length > this.#heldLength) return false
    const prefixLength = prefix & 0xffff
    if (prefixLength + length > longestJoined) return false
    const at = (list >> 2) + this.#count++ * 2
    this.#words[at] = ((prefix >>> 16) << 17) | from
    this.#words[at + 1] = joined | (prefixLength << 16) | length
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

  /** The results of what was added since the last call, of so many characters each, in order. Nothing of the messages stays. */
  take(characters: number): string {
    const count = this.#count
    this.#exports.digestAll(count, characters, this.#end, this.#prefixEnd - prefixes, this.#heldLength)
    this.#count = 0
    this.#end = messages
    this.#prefixes.clear()
    this.#prefixEnd = prefixes
    this.#heldLength = 0
    return this.#bytes.toString('latin1', results, results + count * characters)
  }

  /** Puts the whole of each behind others. */
  takeInto(made: string[]): void {
    if (this.#count === 0 && this.#heldLength === 0) return
    const all = this.take(longestIndex)
    for (let at = 0; at < all.length; at += longestIndex) made.push(all.slice(at, at + longestIndex))
  }
}

/** Where the message behind one of so many bytes begins. */
function endOf(from: number, length: number): number {
  return from + (((length + 9 + 63) >> 6) << 6)
}
