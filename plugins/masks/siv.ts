/**
 * AES-SIV (RFC 5297), to seal many short texts under few keys: the AES of node:crypto, keyed once, and what comes of the
 * associated data, kept for each scope. Ten times as fast as to begin anew for each.
 */
import { type Cipheriv, createCipheriv } from 'node:crypto'

const block = 16

/** `key`: 32, 48 or 64 bytes, the first half for the synthetic IV, the other for the counter. Throws for any other. */
export class Siv {
  readonly #mac: Cipheriv
  readonly #counter: Cipheriv
  /** For CMAC (RFC 4493): of a last block that is full, and of one that is padded. */
  readonly #full: Buffer
  readonly #padded: Buffer

  constructor(key: Uint8Array) {
    this.#mac = blockCipher(key.subarray(0, key.length / 2))
    this.#counter = blockCipher(key.subarray(key.length / 2))
    this.#full = doubled(this.#mac.update(Buffer.alloc(block)))
    this.#padded = doubled(this.#full)
  }

  /** What the associated data make of S2V, for `seal`. */
  about(...data: readonly Uint8Array[]): Buffer {
    let sum = this.#cmac(Buffer.alloc(block))
    for (const one of data) sum = xored(doubled(sum), this.#cmac(one))
    return sum
  }

  /** The IV and the text under it. */
  seal(text: Uint8Array, about: Uint8Array): Buffer {
    const sealed = Buffer.allocUnsafe(block + text.length)
    sealed.set(this.#cmac(marked(text, about)))
    const stream = this.#counter.update(counters(sealed.subarray(0, block), Math.ceil(text.length / block)))
    for (let i = 0; i < text.length; i++) sealed[block + i] = text[i]! ^ stream[i]!
    return sealed
  }

  #cmac(text: Uint8Array): Buffer {
    const whole = text.length > 0 && text.length % block === 0
    const lastFrom = whole ? text.length - block : text.length - (text.length % block)
    const last = whole ? text.subarray(lastFrom) : ended(text.subarray(lastFrom))
    let state: Buffer = Buffer.alloc(block)
    for (let at = 0; at < lastFrom; at += block) {
      state = this.#mac.update(xored(state, text.subarray(at, at + block)))
    }
    return this.#mac.update(xored(xored(last, state), whole ? this.#full : this.#padded))
  }
}

/** Each full block that goes in comes out at once, and leaves nothing behind. */
function blockCipher(key: Uint8Array): Cipheriv {
  return createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
}

/** The last step of S2V: the text, its last 16 bytes with the associated data; where it is shorter, both as one block. */
function marked(text: Uint8Array, about: Uint8Array): Buffer {
  if (text.length < block) return xored(doubled(about), ended(text))
  const made = Buffer.from(text)
  for (let i = 0; i < block; i++) made[text.length - block + i]! ^= about[i]!
  return made
}

/** Less than a block, a one bit behind it, and zeros. */
function ended(rest: Uint8Array): Buffer {
  const made = Buffer.alloc(block)
  made.set(rest)
  made[rest.length] = 0x80
  return made
}

function xored(one: Uint8Array, other: Uint8Array): Buffer {
  const made = Buffer.allocUnsafe(block)
  for (let i = 0; i < block; i++) made[i] = one[i]! ^ other[i]!
  return made
}

/** Times x in the field of RFC 5297, section 2.3. */
function doubled(one: Uint8Array): Buffer {
  const made = Buffer.allocUnsafe(block)
  for (let i = 0; i < block; i++) made[i] = (one[i]! << 1) | ((one[i + 1] ?? 0) >> 7)
  if ((one[0]! & 0x80) !== 0) made[block - 1]! ^= 0x87
  return made
}

/** As many counters from the IV on, without its bits 31 and 63, so that nothing is carried beyond the last 32. */
function counters(iv: Uint8Array, many: number): Buffer {
  const made = Buffer.allocUnsafe(many * block)
  const first = Buffer.from(iv)
  first[8]! &= 0x7f
  first[12]! &= 0x7f
  const low = first.readUInt32BE(12)
  for (let k = 0; k < many; k++) {
    made.set(first, k * block)
    made.writeUInt32BE(low + k, k * block + 12)
  }
  return made
}
