/**
 * Feeds the compiled HMAC (wasm/hmac.ts says where things are, and must agree). One call of `node:crypto` costs more than its
 * hashing: 1.6 µs for each index, against 0.2 here.
 */
import { readFileSync } from 'node:fs'
import type { TextHold } from '../contracts.ts'
import { bytesOfPerson, indexLength, type PeopleRanges, type ValueKind } from '../subject.ts'
import { betweenPeople, peopleInPiece } from './people-text.ts'

const list = 0x2000
const entryWords = 4
const mostMessages = 512
const longestMessage = 0x1000 - 128
const texts = 0x8000
const textsEnd = 0x10000
const longestText = 1024
const page = 1 << 16
/** What is copied by vectors is read up to so far behind its end. */
const overlap = 32
const results = 0x10000
const resultsEnd = 0x24000
const values = 0x24000
const valuesEnd = 0x2c000
const kindsAt = 0x2c000
const bytesOfKind = 32
const mostKinds = 256
/** Of a value that comes as a range. */
const longestInRange = 2048
const longestForm = 16
const held = 0x2e000
const heldEnd = 0x4e000
const heldBefore = 1024

type Exports = {
  readonly memory: WebAssembly.Memory
  setKey(): void
  digestAll(count: number): void
  digestPeople(first: number, count: number, end: number, kinds: number): number
  forget(valuesLength: number, heldLength: number): void
}

let compiled: WebAssembly.Module | null = null

/** HMAC-SHA-256 under one key at a time: of each message the first `indexLength` characters of its base64url, and texts between. */
export class BatchHmac {
  readonly #exports: Exports
  #bytes: Buffer
  #words: Uint32Array
  #count = 0
  /** Where the next characters go. */
  #end = results
  /** By text: how far behind `texts` it stands. They stay: there are few, and none says who anybody is. */
  readonly #firsts = new Map<string, number>()
  readonly #following = new Map<string, number>()
  /** At 0 is none, which is what follows most. */
  #textsEnd = texts + 16
  /** Of which these bytes are copied. */
  #hold: TextHold | null = null
  #heldFrom = 0
  #heldTo = 0
  #valuesEnd = values
  /** How far both went since they were cleared. */
  #mostHeld = held
  #mostValues = values
  /** What is written when all else is, by its place. */
  #last: { readonly at: number; readonly text: string }[] = []

  /** Kinds of values as the compiled code reads them. */
  #kinds: readonly ValueKind[] = []
  #kindsKnown = 0

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
   * Adds the message `first`, 0x00, `value`, in UTF-8; false where it is too long, or there is no room before the next `take`.
   * A lone surrogate counts as U+FFFD.
   */
  add(first: string, value: string): boolean {
    const most = value.length * 3
    const at = this.#roomFor(first, most)
    if (at === 0) return false
    const from = this.#valuesEnd
    this.#valuesEnd = this.#put(value, from)
    this.#enter(at, from, this.#valuesEnd - from)
    return true
  }

  /** The same of a value that stands in a hold. False too where it stands far before the others from there. */
  addHeld(first: string, hold: TextHold, from: number, length: number): boolean {
    const isThere = hold === this.#hold && from + length <= this.#heldTo
    if ((!isThere && !this.#take(hold, from, length)) || from < this.#heldFrom) return false
    const at = this.#roomFor(first, length)
    if (at === 0) return false
    this.#enter(at, held + from - this.#heldFrom, length)
    return true
  }

  /**
   * The text of people as a record's line has them, in pieces; null where their kinds have no room. Nothing of them stays.
   * What was added before must have been taken.
   */
  people({ count, bytes, kinds }: PeopleRanges): string[] | null {
    if (!this.#knows(kinds)) return null
    this.#reserve(held + bytes.length + overlap)
    this.#bytes.set(bytes, held)
    try {
      const pieces: string[] = []
      for (let at = 0; at < count; at += peopleInPiece) {
        const many = Math.min(peopleInPiece, count - at)
        const end = this.#exports.digestPeople(held + at * bytesOfPerson, many, held + bytes.length, kinds.length)
        if (end === 0) throw new Error('a value of a person is not where it is said to be')
        pieces.push(this.#bytes.toString('latin1', results, end - betweenPeople.length))
      }
      return pieces
    } finally {
      this.#exports.forget(0, bytes.length)
    }
  }

  /** Has the compiled code know these kinds of values; false where there is no room for one. */
  #knows(all: readonly ValueKind[]): boolean {
    if (all !== this.#kinds) this.#kindsKnown = 0
    this.#kinds = all
    if (all.length === this.#kindsKnown) return true
    return all.length <= mostKinds && (this.#learn(all) || this.#learn(all))
  }

  /** Those that are new; false where one has no room, and there are no texts any more. */
  #learn(all: readonly ValueKind[]): boolean {
    for (; this.#kindsKnown < all.length; this.#kindsKnown++) {
      const { dataType, form } = all[this.#kindsKnown]!
      const first = this.#firsts.get(dataType) ?? this.#newText(this.#firsts, dataType, `${dataType}\0`)
      if (first === 0 || this.#words[(texts + first) >> 2]! + longestInRange > longestMessage) {
        this.#forgetTexts()
        return false
      }
      const at = kindsAt + this.#kindsKnown * bytesOfKind
      this.#words[at >> 2] = first
      this.#words[(at >> 2) + 1] = form.length
      this.#bytes.write(form.padEnd(longestForm, '\0'), at + 16, 'latin1')
    }
    return true
  }

  #reserve(bytes: number): void {
    const { memory } = this.#exports
    if (bytes <= this.#bytes.length) return
    memory.grow(Math.ceil((bytes - this.#bytes.length) / page))
    this.#bytes = Buffer.from(memory.buffer)
    this.#words = new Uint32Array(memory.buffer)
  }

  /** Adds what was made of a message elsewhere; false where there is no room before the next `take`. */
  addMade(characters: string): boolean {
    const at = this.#roomFor('', 0)
    if (at === 0) return false
    this.#enter(at, values, 0)
    this.#last.push({ at: this.#end - indexLength, text: characters })
    return true
  }

  /** Puts a text of ASCII behind the characters of the message that was added last; once for each. */
  follow(text: string): void {
    const at = this.#following.get(text) ?? this.#newText(this.#following, text, text)
    if (at > 0) this.#words[(list >> 2) + this.#count * entryWords - 1] = at
    else this.#last.push({ at: this.#end, text })
    this.#end += text.length
  }

  /** Where the first part of a message stands that has so many bytes beside it; 0 where there is no room for either. */
  #roomFor(first: string, bytes: number): number {
    if (this.#end + indexLength + longestText > resultsEnd) return 0
    if (this.#count === mostMessages || this.#valuesEnd + bytes > valuesEnd) this.#flush()
    let at = this.#firsts.get(first) ?? this.#newText(this.#firsts, first, `${first}\0`)
    if (at === 0) {
      this.#forgetTexts()
      at = this.#newText(this.#firsts, first, `${first}\0`)
    }
    return at > 0 && this.#words[(texts + at) >> 2]! + bytes <= longestMessage ? at : 0
  }

  #enter(at: number, from: number, length: number): void {
    const words = this.#words
    const entry = (list >> 2) + this.#count++ * entryWords
    words[entry] = from
    words[entry + 1] = length | (at << 12)
    words[entry + 2] = this.#end
    words[entry + 3] = 0
    this.#end += indexLength
  }

  /** Copies of a hold what is from a value on, and a little before: values come mostly in the order in which they stand. */
  #take(hold: TextHold, from: number, length: number): boolean {
    const { bytes } = hold
    if (from + length > bytes.length || length > longestMessage) return false
    this.#flush()
    const begin = Math.max(0, from - heldBefore)
    const end = Math.min(bytes.length, begin + heldEnd - held)
    this.#bytes.set(end - begin < bytes.length ? bytes.subarray(begin, end) : bytes, held)
    this.#hold = hold
    this.#heldFrom = begin
    this.#heldTo = end
    this.#mostHeld = Math.max(this.#mostHeld, held + end - begin)
    return true
  }

  /** Where a text stands from now on; 0 where there is no room for it. */
  #newText(known: Map<string, number>, name: string, text: string): number {
    const at = this.#textsEnd
    if (text.length > longestText || at + 16 + text.length * 3 > textsEnd) return 0
    const length = this.#put(text, at + 16) - at - 16
    this.#words[at >> 2] = length
    this.#textsEnd = at + 16 + Math.ceil(length / 16) * 16
    known.set(name, at - texts)
    return at - texts
  }

  #forgetTexts(): void {
    this.#flush()
    this.#kindsKnown = 0
    this.#firsts.clear()
    this.#following.clear()
    this.#textsEnd = texts + 16
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

  #flush(): void {
    if (this.#count > 0) this.#exports.digestAll(this.#count)
    this.#count = 0
    this.#mostValues = Math.max(this.#mostValues, this.#valuesEnd)
    this.#valuesEnd = values
  }

  /** All characters and texts since the last call, in order. Nothing of the messages stays. */
  take(): string {
    this.#flush()
    for (const { at, text } of this.#last) this.#bytes.write(text, at, 'latin1')
    const made = this.#bytes.toString('latin1', results, this.#end)
    this.#exports.forget(this.#mostValues - values, this.#mostHeld - held)
    this.#end = results
    this.#hold = null
    this.#mostHeld = held
    this.#mostValues = values
    if (this.#last.length > 0) this.#last = []
    return made
  }
}
