/**
 * Blind indexes of many values at once: compiled code (wasm/) lays out their blocks and writes what comes of them, and `node:crypto`
 * enciphers a block of each in one call, in 0.7 µs and 5 ns a block; where they are few the compiled code does, eight in 0.4 µs.
 * So a value of many takes 22 ns; by itself it takes 1200.
 */
import { type Cipheriv, createCipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TextHold } from '../../contracts.ts'
import { bytesOfPerson, indexLength, type PeopleRanges, type ValueKind } from '../../subject.ts'
import { addTo, blockBytes, subkeysOf } from './cmac.ts'
import { betweenRuns, peopleInPiece } from './people-text.ts'
import { typeBlocks } from './value-index.ts'

// As wasm/layout.ts has them.
const endings = 0
const textEnd = 0x400
const secret = 0x410
const types = 0x2000
const typesEnd = 0x6000
const texts = 0x8000
const textsEnd = 0x10000
const results = 0x10000
const resultsEnd = 0x24000
const values = 0x24000
const valuesEnd = 0x2c000
const kindsAt = 0x2c000
const list = 0x2e000
const blocks = 0x37000
const held = 0x40000
const heldEnd = 0x60000

const bytesOfType = 32
const bytesOfKind = 32
const mostKinds = 256
const longestForm = 16
const longestText = 1024
const mostMessages = (blocks - list) / blockBytes
/** Of a value that is added, in bytes or UTF-16 units. A longer one takes as many rounds as it has blocks, and by itself one call. */
const longestValue = 256
/** Up to so many blocks the compiled code enciphers: it is done before a call of a cipher would be. */
const few = 16
/** What is copied by vectors is read up to so far behind its end. */
const overlap = 16
const heldBefore = 1024
const page = 1 << 16

type Exports = {
  readonly memory: WebAssembly.Memory
  setKey(): void
  layAdded(count: number): void
  layPeople(first: number, count: number, end: number, kinds: number): number
  advance(count: number): number
  finish(count: number): void
  forget(valuesLength: number, heldLength: number): void
}

let compiled: WebAssembly.Module | null = null

/** AES-256-CMAC under one key at a time: of each tag the first `indexLength` characters of its base64url, and texts between. */
export class BatchCmac {
  readonly #exports: Exports
  #bytes: Buffer
  #words: Uint32Array
  #cipher: Cipheriv | null = null
  #count = 0
  /** Where the next characters go. */
  #end = results
  /** By data type: how far behind `types` its states stand. */
  readonly #types = new Map<string, number>()
  /** By text: how far behind `texts` it stands. They stay: there are few, and none says who anybody is. */
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
    compiled ??= new WebAssembly.Module(readFileSync(new URL('./wasm/cmac.wasm', import.meta.url)))
    this.#exports = new WebAssembly.Instance(compiled).exports as Exports
    this.#bytes = Buffer.from(this.#exports.memory.buffer)
    this.#words = new Uint32Array(this.#exports.memory.buffer)
  }

  /** The key from now on, of 32 bytes; nothing stays of the one before. */
  rekey(key: Uint8Array): void {
    const next = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
    this.drop()
    this.#forgetTypes()
    this.#cipher?.final()
    this.#cipher = next
    this.#bytes.set(key, secret)
    this.#exports.setKey()
    const { whole, padded } = subkeysOf(next.update(Buffer.alloc(blockBytes)))
    for (let length = 0; length <= blockBytes + 1; length++) {
      const mask = endings + length * 2 * blockBytes
      const added = mask + blockBytes
      this.#bytes.fill(0, mask, added + blockBytes)
      this.#bytes.fill(0xff, mask, Math.min(mask + length, added))
      if (length === blockBytes) this.#bytes.set(whole, added)
      // Of an empty value no block is left: the last one of its type has its subkey already.
      if (length === 0 || length >= blockBytes) continue
      this.#bytes.set(padded, added)
      this.#bytes[added + length]! ^= 0x80
    }
  }

  /**
   * Adds a value of a data type; false where it is too long, or there is no room before the next `take`. A lone surrogate counts as
   * U+FFFD.
   */
  add(dataType: string, value: string): boolean {
    if (value.length > longestValue || !this.#hasRoom(value.length * 3)) return false
    const type = this.#types.get(dataType) ?? this.#newType(dataType)
    const from = this.#valuesEnd
    this.#valuesEnd = this.#put(value, from)
    this.#enter(type, from, this.#valuesEnd - from)
    return true
  }

  /** The same of a value that stands in a hold. False too where it stands far before the others from there. */
  addHeld(dataType: string, hold: TextHold, from: number, length: number): boolean {
    const isThere = hold === this.#hold && from + length <= this.#heldTo
    if (length > longestValue || (!isThere && !this.#take(hold, from, length)) || from < this.#heldFrom) return false
    if (!this.#hasRoom(0)) return false
    const type = this.#types.get(dataType) ?? this.#newType(dataType)
    this.#enter(type, held + from - this.#heldFrom, length)
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
        const laid = this.#exports.layPeople(held + at * bytesOfPerson, many, held + bytes.length, kinds.length)
        if (laid === 0) throw new Error('a value of a person is not where it is said to be')
        this.#encipher(laid)
        pieces.push(this.#bytes.toString('latin1', results + betweenRuns.length, this.#words[textEnd >> 2]))
      }
      return pieces
    } finally {
      this.#exports.forget(0, bytes.length)
    }
  }

  /** Enciphers the blocks of so many messages, and those that follow them. */
  #encipher(count: number): void {
    let left = count
    while (left > few) {
      const states = this.#cipher!.update(this.#bytes.subarray(blocks, blocks + left * blockBytes))
      this.#bytes.set(states, blocks)
      left = this.#exports.advance(left)
      // Tags say nothing of values; what comes before them would, to who has the key.
      if (left > 0) states.fill(0)
    }
    if (left > 0) this.#exports.finish(left)
  }

  /** Has the compiled code know these kinds of values; false where there is no room for them. */
  #knows(all: readonly ValueKind[]): boolean {
    if (all !== this.#kinds) this.#kindsKnown = 0
    this.#kinds = all
    if (all.length > mostKinds) return false
    while (this.#kindsKnown < all.length) {
      const nth = this.#kindsKnown
      const { dataType, form } = all[nth]!
      const type = this.#types.get(dataType) ?? this.#newType(dataType)
      // Where there was no room for it, those before it are to be learnt again.
      if (this.#kindsKnown < nth) continue
      const at = kindsAt + nth * bytesOfKind
      this.#words[at >> 2] = type
      this.#words[(at >> 2) + 1] = form.length
      this.#bytes.write(form.padEnd(longestForm, '\0'), at + 16, 'latin1')
      this.#kindsKnown = nth + 1
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
    if (!this.add('', '')) return false
    this.#last.push({ at: this.#end - indexLength, text: characters })
    return true
  }

  /** Puts a text of ASCII behind the characters of the message that was added last; once for each. */
  follow(text: string): void {
    const at = this.#following.get(text) ?? this.#newText(text)
    if (at > 0) this.#words[(list >> 2) + this.#count * 4 - 1] = at
    else this.#last.push({ at: this.#end, text })
    this.#end += text.length
  }

  /** Whether a value of so many bytes can be added. */
  #hasRoom(bytes: number): boolean {
    if (this.#end + indexLength + longestText > resultsEnd) return false
    if (this.#count === mostMessages || this.#valuesEnd + bytes > valuesEnd) this.#flush()
    return true
  }

  #enter(type: number, from: number, length: number): void {
    const words = this.#words
    const entry = (list >> 2) + this.#count++ * 4
    words[entry] = from
    words[entry + 1] = length | (type << 12)
    words[entry + 2] = this.#end
    words[entry + 3] = 0
    this.#end += indexLength
  }

  /** Copies of a hold what is from a value on, and a little before: values come mostly in the order in which they stand. */
  #take(hold: TextHold, from: number, length: number): boolean {
    const { bytes } = hold
    if (from + length > bytes.length) return false
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

  /** Where the states of a data type stand from now on. */
  #newType(dataType: string): number {
    if (this.#types.size * bytesOfType === typesEnd - types) this.#forgetTypes()
    const at = this.#types.size * bytesOfType
    const first = typeBlocks(dataType)
    const state = new Uint8Array(blockBytes)
    for (let block = 0; block < first.length; block += blockBytes) {
      addTo(state, first.subarray(block))
      // Of an empty value this is the last block, and it is a whole one.
      this.#bytes.set(state, types + at + blockBytes)
      state.set(this.#cipher!.update(state))
    }
    this.#bytes.set(state, types + at)
    addTo(this.#bytes, this.#bytes.subarray(endings + (2 * blockBytes + 1) * blockBytes), types + at + blockBytes)
    this.#types.set(dataType, at)
    return at
  }

  #forgetTypes(): void {
    this.#flush()
    this.#kindsKnown = 0
    this.#types.clear()
  }

  /** Where a text stands from now on; 0 where there is no room for it. */
  #newText(text: string): number {
    const at = this.#textsEnd
    if (text.length > longestText || at + 16 + text.length > textsEnd) return 0
    this.#words[at >> 2] = text.length
    this.#bytes.write(text, at + 16, 'latin1')
    this.#textsEnd = at + 16 + Math.ceil(text.length / 16) * 16
    this.#following.set(text, at - texts)
    return at - texts
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
    if (this.#count > 0) {
      this.#exports.layAdded(this.#count)
      this.#encipher(this.#count)
    }
    this.#count = 0
    this.#mostValues = Math.max(this.#mostValues, this.#valuesEnd)
    this.#valuesEnd = values
  }

  /** All characters and texts since the last call, in order. Nothing of the messages stays. */
  take(): string {
    try {
      this.#flush()
      for (const { at, text } of this.#last) this.#bytes.write(text, at, 'latin1')
      return this.#bytes.toString('latin1', results, this.#end)
    } finally {
      this.drop()
    }
  }

  /** Forgets what was added. */
  drop(): void {
    const mostValues = Math.max(this.#mostValues, this.#valuesEnd)
    this.#exports.forget(mostValues - values, this.#mostHeld - held)
    this.#count = 0
    this.#end = results
    this.#hold = null
    this.#mostHeld = held
    this.#mostValues = values
    this.#valuesEnd = values
    if (this.#last.length > 0) this.#last = []
  }
}
