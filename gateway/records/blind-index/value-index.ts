/** The blind index of one value at a time, by `node:crypto`. */
import { blockBytes, Cmac } from './cmac.ts'

/** Longer inputs are rare. In UTF-16 units; one is at most three bytes. */
const shortInput = 1024
const mostTypes = 256

/**
 * What the message of a value begins with, by which no value of one type is one of another: the type in UTF-8, 0x00, and zeros to
 * the end of a block, so that all values of a type go on from one state, and most take but one or two blocks more.
 */
export function typeBlocks(dataType: string): Buffer {
  const length = Buffer.byteLength(dataType) + 1
  const bytes = Buffer.alloc(Math.ceil(length / blockBytes) * blockBytes)
  bytes.write(dataType, 'utf8')
  return bytes
}

/** Under the key of one month. Nothing of a value stays behind. */
export class ValueIndex {
  readonly #cmac: Cmac
  /** By data type. There are few. */
  readonly #types = new Map<string, Buffer>()
  readonly #short = Buffer.alloc(shortInput * 4)

  /** @param key 32 bytes. */
  constructor(key: Uint8Array) {
    this.#cmac = new Cmac(key)
  }

  /** 22 characters of base64url: all 128 bits. A lone surrogate counts as U+FFFD. */
  of(dataType: string, value: string): string {
    const first = this.#types.get(dataType) ?? this.#newType(dataType)
    const most = first.length + value.length * 3 + blockBytes
    const bytes = most <= this.#short.length ? this.#short : Buffer.alloc(most)
    first.copy(bytes)
    return this.#cmac.tag(bytes, first.length + bytes.write(value, first.length, 'utf8')).toString('base64url')
  }

  #newType(dataType: string): Buffer {
    if (this.#types.size === mostTypes) this.#types.clear()
    const first = typeBlocks(dataType)
    this.#types.set(dataType, first)
    return first
  }

  /** No indexes from then on: nothing of the key stays. */
  close(): void {
    this.#cmac.close()
  }
}
