/**
 * Names as they stand in bodies, mapped to numbers without making a string: the same few names come millions of times.
 * A name that was seen is found by its bytes; after a name, the one that followed it last time is tried first, because
 * rows repeat their columns in order.
 */
import type { Role } from '../contracts.ts'

/** Longer names, and names beyond the capacity, are worked out each time: a body of a million names must not stay in memory. */
const maxNameBytes = 64
const maxEntries = 8192

/** What is known of one name. */
export type KeyEntry = {
  /** Index in the automaton's alphabet; 0 for a name that no path mentions. */
  readonly symbol: number
  /** Whether a detector found personal information in the name itself. Such names are never kept here. */
  readonly personal: boolean
  readonly roles: Role
}

export class KeyTable {
  readonly #classify: (name: string) => KeyEntry
  readonly #entries: KeyEntry[] = []
  /** By entry: where its bytes are in the pool, how many, and which entry came after it last. */
  readonly #offset = new Uint32Array(maxEntries)
  readonly #length = new Uint8Array(maxEntries)
  readonly #successor = new Uint16Array(maxEntries)
  /** Open addressing; 0 is free, else entry + 1. Twice the entries, so that probing stays short. */
  readonly #slots = new Uint16Array(maxEntries * 2)
  #pool = new Uint8Array(4096)
  #used = 0
  #last = 0

  constructor(classify: (name: string) => KeyEntry) {
    this.#classify = classify
  }

  /** The entry of a name given as UTF-8 bytes without escapes. */
  find(bytes: Uint8Array, from: number, to: number): KeyEntry {
    const guess = this.#successor[this.#last]!
    if (guess < this.#entries.length && this.#equals(guess, bytes, from, to)) {
      this.#last = guess
      return this.#entries[guess]!
    }
    return this.#lookUp(bytes, from, to)
  }

  #lookUp(bytes: Uint8Array, from: number, to: number): KeyEntry {
    const length = to - from
    if (length > maxNameBytes) return this.#classify(decode(bytes, from, to))
    let slot = hash(bytes, from, to) & (this.#slots.length - 1)
    for (;;) {
      const held = this.#slots[slot]!
      if (held === 0) break
      if (this.#equals(held - 1, bytes, from, to)) return this.#step(held - 1)
      slot = (slot + 1) & (this.#slots.length - 1)
    }
    const entry = this.#classify(decode(bytes, from, to))
    if (entry.personal || this.#entries.length === maxEntries) return entry
    const index = this.#entries.push(entry) - 1
    this.#slots[slot] = index + 1
    this.#offset[index] = this.#keep(bytes, from, to)
    this.#length[index] = length
    return this.#step(index)
  }

  #step(index: number): KeyEntry {
    this.#successor[this.#last] = index
    this.#last = index
    return this.#entries[index]!
  }

  #equals(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#length[index] !== to - from) return false
    const pool = this.#pool
    for (let at = this.#offset[index]!, i = from; i < to; i++, at++) if (pool[at] !== bytes[i]) return false
    return true
  }

  #keep(bytes: Uint8Array, from: number, to: number): number {
    const at = this.#used
    if (at + to - from > this.#pool.length) {
      const wider = new Uint8Array(this.#pool.length * 2)
      wider.set(this.#pool)
      this.#pool = wider
    }
    for (let i = from; i < to; i++) this.#pool[at + i - from] = bytes[i]!
    this.#used = at + to - from
    return at
  }
}

function decode(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8')
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let sum = to - from
  for (let i = from; i < to; i++) sum = Math.imul(sum, 31) + bytes[i]!
  return (sum ^ (sum >>> 15)) >>> 0
}
