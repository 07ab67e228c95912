/** The values of a body by which its people are known (../wasm/people.ts, ../wasm/known-values.ts), by their numbers. */
import type { ByteRule, FieldCursor, MaskedValue, SettledPeople } from '../../../../gateway/contracts.ts'
import { HeldTexts } from './held-texts.ts'
import { address, lengthBits, normal, ruleBits, type Views, word } from './layout.ts'

/** Bytes of `SettledPeople` for each of them, and how many the output has room for. */
const bytesOfPerson = 24
const mostWritten = 8192

/** What is known of the people of a body while another is read. */
export type SavedPeople = {
  /** By which their values go. */
  readonly rules: readonly ByteRule[]
  readonly known: Int32Array
  readonly spoken: Buffer
  readonly settled: Int32Array
  /** The row under way: values, and their bytes. */
  readonly held: Int32Array
  readonly pinned: Buffer
  readonly hold: HeldTexts | null
  readonly people: (object | null)[]
  readonly masked: MaskedValue[]
}

/** What of this is done in the memory, by the compiled code. */
export type OfPeople = {
  restoreValues(count: number, end: number): void
  writeSettled(first: number, count: number, begin: number): void
}

export class KnownPeople {
  readonly #memory: Views
  readonly #compiled: OfPeople
  /** The byte rules of the plan at hand. */
  readonly #rules: () => readonly ByteRule[]
  /** What the cursor made of the values that say who a person is, by their numbers. */
  people: (object | null)[] = []
  /** The same of what it made of values that it masks. */
  masked: MaskedValue[] = []
  /** Where values stand of which no string was made. */
  #held: HeldTexts | null = null
  /** The bytes of values known from some on, each as a character. */
  #spoken = ''
  #spokenFrom = 0

  constructor(memory: Views, compiled: OfPeople, rules: () => readonly ByteRule[]) {
    this.#memory = memory
    this.#compiled = compiled
    this.#rules = rules
  }

  /** They are known no more, or go by other numbers from now on; whoever needs their texts keeps a copy. */
  drop(): void {
    this.#held?.keep()
    this.#held = null
    this.people = []
    this.masked = []
    this.#spoken = ''
  }

  /** The rule by which a value known is one, and its text. */
  ruleOf(value: number): ByteRule {
    return this.#rules()[(this.#memory.words[(address.known >> 2) + value * 4]! & ruleBits) - 1]!
  }

  textOf(value: number): string {
    const at = (address.known >> 2) + value * 4
    const from = this.#memory.words[at + 2]!
    return this.#memory.bytes.toString('utf8', from, from + (this.#memory.words[at + 3]! & lengthBits))
  }

  /** Whom a value known stands for, as the cursor says. */
  someone(value: number, fields: FieldCursor): object {
    return (this.people[value] ??= this.#someone(value, fields))
  }

  #someone(value: number, fields: FieldCursor): object {
    const at = (address.known >> 2) + value * 4
    const length = this.#memory.words[at + 3]!
    if (length < 0 || (length & normal) === 0) return fields.person(this.ruleOf(value), this.#personOf(value))
    const from = this.#memory.words[at + 2]! - address.spoken
    return fields.personIn(this.ruleOf(value), this.#hold, from, length & lengthBits)
  }

  get #hold(): HeldTexts {
    return (this.#held ??= new HeldTexts(this.#memory))
  }

  /** Numbers of values known, from 1, three for each person settled; 0: there is none. */
  get settledNumbers(): Int32Array {
    const from = address.settled >> 2
    return this.#memory.words.subarray(from, from + this.#memory.words[word.settled]! * 3)
  }

  /** To be called when the log of people is empty. */
  save(): SavedPeople {
    const { bytes, words } = this.#memory
    const saved = {
      rules: this.#rules(),
      known: words.slice(address.known >> 2, (address.known >> 2) + words[word.known]! * 4),
      spoken: Buffer.copyBytesFrom(bytes, address.spoken, words[word.spoken]! - address.spoken),
      settled: this.settledNumbers.slice(),
      held: words.slice(address.held >> 2, (address.held >> 2) + words[word.held]! * 4),
      pinned: Buffer.copyBytesFrom(bytes, address.pinned, words[word.pinned]),
      hold: this.#held,
      people: this.people,
      masked: this.masked,
    }
    this.drop()
    return saved
  }

  /** After `use`; false where the rules by which these people's values go are no longer known. */
  restore(saved: SavedPeople): boolean {
    const { rules, known, spoken, settled, held, pinned, hold, people, masked } = saved
    if (rules !== this.#rules()) return false
    const { bytes, words } = this.#memory
    words.set(known, address.known >> 2)
    words.set(settled, address.settled >> 2)
    words.set(held, address.held >> 2)
    bytes.set(spoken, address.spoken)
    bytes.set(pinned, address.pinned)
    words[word.settled] = settled.length / 3
    this.#compiled.restoreValues(known.length >> 2, address.spoken + spoken.length)
    hold?.return(this.#memory)
    this.#held = hold
    this.people = people
    this.masked = masked
    return true
  }

  /** Whom the reader has settled, and the values known to it. The output must have been taken. */
  settled(): SettledPeople {
    const { words } = this.#memory
    const count = words[word.settled]!
    const begin = count * bytesOfPerson
    const values = words[word.spoken]! - address.spoken
    const bytes = Buffer.allocUnsafe(begin + values)
    for (let first = 0; first < count; first += mostWritten) {
      const many = Math.min(mostWritten, count - first)
      this.#compiled.writeSettled(first, many, begin)
      this.#memory.bytes.copy(bytes, first * bytesOfPerson, address.output, address.output + many * bytesOfPerson)
    }
    this.#memory.bytes.copy(bytes, begin, address.spoken, address.spoken + values)
    return { count, bytes, rules: this.#rules() }
  }

  /** The same where many are asked for one after another: those of ASCII are made of one text. */
  #personOf(value: number): string {
    const at = (address.known >> 2) + value * 4
    const length = this.#memory.words[at + 3]!
    if (length < 0) return this.textOf(value)
    const from = this.#memory.words[at + 2]!
    if (from < this.#spokenFrom || from + length > this.#spokenFrom + this.#spoken.length) {
      this.#spokenFrom = from
      this.#spoken = this.#memory.bytes.toString('latin1', from, this.#memory.words[word.spoken]!)
    }
    return this.#spoken.slice(from - this.#spokenFrom, from - this.#spokenFrom + length)
  }
}
