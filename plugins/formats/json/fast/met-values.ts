/** Values known to the compiled reader, for whoever needs them later than it does. */
import type { ByteRule, MetValues } from '../../../../gateway/contracts.ts'
import { address, type Memory, word } from './memory.ts'

/** In how many bytes a value has: that it is its own normalisation. A negative number: one of them is not ASCII. */
const normal = 0x40000000
const lengthBits = 0xffff
/** 32-bit words of what is known of one: its rule, a hash, where it is, and how many bytes. */
const wordsOfOne = 4

export class MetTexts implements MetValues {
  readonly kept: (object | undefined)[] = []
  #memory: Memory | null
  #words: Int32Array = nothing
  /** Of the first value known, among the words. */
  #first = address.known >> 2
  #bytes: Uint8Array = new Uint8Array(0)
  rules: readonly ByteRule[]

  /** Of those that the memory has until `keep` is called, by these rules. */
  constructor(memory: Memory, rules: readonly ByteRule[]) {
    this.#memory = memory
    this.rules = rules
  }

  get bytes(): Uint8Array {
    const memory = this.#memory
    return memory === null ? this.#bytes : memory.bytes.subarray(address.spoken, memory.words[word.spoken])
  }

  ruleOf(number: number): ByteRule {
    return this.rules[this.#word(number, 0) - 1]!
  }

  numberOf(rule: ByteRule, text: string): number {
    if (rule.normal === undefined || !rule.normal.test(text)) return notNormal
    const number = this.#memory?.numberOf(rule, text) ?? unknown
    return number < 0 || this.isNormal(number) ? number : notNormal
  }

  fromOf(number: number): number {
    return this.#word(number, 2) - address.spoken
  }

  lengthOf(number: number): number {
    return this.#word(number, 3) & lengthBits
  }

  isNormal(number: number): boolean {
    const length = this.#word(number, 3)
    return length >= 0 && (length & normal) !== 0
  }

  textOf(number: number): string {
    const from = this.fromOf(number)
    const { bytes } = this
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
      'utf8',
      from,
      from + this.lengthOf(number),
    )
  }

  /** To be called before others take their place. */
  keep(): void {
    const memory = this.#memory!
    this.#bytes = Buffer.copyBytesFrom(this.bytes)
    const { words } = memory
    this.#words = words.slice(this.#first, this.#first + words[word.known]! * wordsOfOne)
    this.rules = [...this.rules]
    this.#first = 0
    this.#memory = null
  }

  #word(number: number, nth: number): number {
    const words = this.#memory?.words ?? this.#words
    return words[this.#first + number * wordsOfOne + nth]!
  }
}

const nothing = new Int32Array(0)
// What is answered instead of a number (`MetValues.numberOf`).
const notNormal = -1
const unknown = -2
