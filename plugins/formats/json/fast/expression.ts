/**
 * The shapes of detectors (`Triggers.shape`) as automata with choices over UTF-8 bytes (K. Thompson, Regular Expression
 * Search Algorithm, 1968). Of regular expressions as much is known as shapes are made of; any other throws.
 */

/** Bytes, and behind them the symbol that stands for the end of a text. */
export const symbols = 257
const endSymbol = 256

/** A state goes to others for nothing, at the beginning of a text only, or by one of a set of symbols. */
export type Choice = {
  readonly free: number[]
  readonly atBeginning: number[]
  set: Uint8Array | null
  to: number
}

/** All states of some expressions. */
export class Choices {
  readonly states: Choice[] = []

  add(): number {
    return this.states.push({ free: [], atBeginning: [], set: null, to: -1 }) - 1
  }

  /** Joins two states by a set of symbols. */
  step(from: number, set: Uint8Array, to: number): void {
    this.states[from]!.set = set
    this.states[from]!.to = to
  }

  /** Joins two states by the bytes of any character of these ranges of code points. */
  character(from: number, ranges: readonly Range[], to: number): void {
    const ascii = new Uint8Array(symbols)
    for (const [low, high] of ranges) if (low < 0x80) ascii.fill(1, low, Math.min(high, 0x7f) + 1)
    if (ascii.includes(1)) this.#path(from, [ascii], to)
    for (const [low, high] of ranges) {
      if (high >= 0x80) for (const path of pathsOf(Math.max(low, 0x80), high)) this.#path(from, path, to)
    }
  }

  #path(from: number, sets: readonly Uint8Array[], to: number): void {
    let at = this.add()
    this.states[from]!.free.push(at)
    for (const [index, set] of sets.entries()) {
      const next = index === sets.length - 1 ? to : this.add()
      this.step(at, set, next)
      at = next
    }
  }
}

type Range = readonly [low: number, high: number]

const highest = 0x10ffff
const digits: readonly Range[] = [[0x30, 0x39]]
const letters: readonly Range[] = [...digits, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]
const lineEnds: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]
const controls = new Map([
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['f', 0x0c],
  ['v', 0x0b],
])

/** The sequences of byte sets that are the UTF-8 (RFC 3629) of the characters from `low` to `high`, none of them ASCII. */
function pathsOf(low: number, high: number): Uint8Array[][] {
  for (const last of [0x7ff, 0xffff])
    if (low <= last && high > last) return [...pathsOf(low, last), ...pathsOf(last + 1, high)]
  for (let bits = 6; bits <= 18; bits += 6) {
    const within = (1 << bits) - 1
    if ((low & ~within) === (high & ~within)) break
    if ((low & within) !== 0) return [...pathsOf(low, low | within), ...pathsOf((low | within) + 1, high)]
    if ((high & within) !== within) return [...pathsOf(low, (high & ~within) - 1), ...pathsOf(high & ~within, high)]
  }
  const [first, last] = [bytesOf(low), bytesOf(high)]
  return [first.map((byte, at) => new Uint8Array(symbols).fill(1, byte, last[at]! + 1))]
}

function bytesOf(point: number): number[] {
  if (point < 0x800) return [0xc0 | (point >> 6), 0x80 | (point & 63)]
  if (point < 0x10000) return [0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)]
  return [0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63)]
}

/** Adds the states of an expression between two others. Throws where it is made of what shapes are not made of. */
export function addExpression(choices: Choices, source: string, from: number, to: number): void {
  new Parser(choices, source).alternatives(from, to)
}

class Parser {
  readonly #choices: Choices
  readonly #source: string
  #at = 0

  constructor(choices: Choices, source: string) {
    this.#choices = choices
    this.#source = source
  }

  alternatives(from: number, to: number): void {
    this.#choice(from, to)
    if (this.#at < this.#source.length) throw this.#unknown()
  }

  #choice(from: number, to: number): void {
    do this.#sequence(from, to)
    while (this.#takes('|'))
  }

  #sequence(from: number, to: number): void {
    let at = this.#choices.add()
    this.#free(from, at)
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) at = this.#repeated(at)
    this.#free(at, to)
  }

  /** One part and how often it stands there; returns the state behind it. A part that repeats is read as often. */
  #repeated(from: number): number {
    const start = this.#at
    const first = this.#choices.add()
    this.#part(from, first)
    const end = this.#at
    const [least, most] = this.#times()
    const behind = this.#at
    const again = (at: number): number => {
      this.#at = start
      const next = this.#choices.add()
      this.#part(at, next)
      return next
    }
    if (least === 1 && most === 1) return first
    const after = this.#choices.add()
    let at = first
    if (least === 0) this.#free(from, after)
    for (let times = 1; times < least; times++) at = again(at)
    if (most === Number.POSITIVE_INFINITY) this.#free(again(at), at)
    else
      for (let times = Math.max(least, 1); times < most; times++) {
        this.#free(at, after)
        at = again(at)
      }
    this.#free(at, after)
    if (end > behind) throw this.#unknown()
    this.#at = behind
    return after
  }

  #times(): Range {
    if (this.#takes('?')) return [0, 1]
    if (this.#takes('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#takes('+')) return [1, Number.POSITIVE_INFINITY]
    const [written, least, more, most] =
      /^\{(\d{1,3})(,)?(\d{1,3})?\}/.exec(this.#source.slice(this.#at, this.#at + 9)) ?? []
    if (written === undefined) return [1, 1]
    this.#at += written.length
    const low = Number(least)
    if (more === undefined) return [low, low]
    return [low, most === undefined ? Number.POSITIVE_INFINITY : Number(most)]
  }

  #part(from: number, to: number): void {
    const letter = this.#source[this.#at++]!
    if (letter === '(') {
      if (!this.#takes('?:')) throw this.#unknown()
      this.#choice(from, to)
      if (!this.#takes(')')) throw this.#unknown()
    } else if (letter === '^') this.#choices.states[from]!.atBeginning.push(to)
    else if (letter === '$') {
      const at = this.#choices.add()
      this.#free(from, at)
      this.#choices.step(at, new Uint8Array(symbols).fill(1, endSymbol), to)
    } else if (letter === '[') this.#choices.character(from, this.#class(), to)
    else if (letter === '\\') this.#choices.character(from, this.#escape(), to)
    else if ('?*+{}])|'.includes(letter)) throw this.#unknown()
    else if (letter === '.') this.#choices.character(from, others(lineEnds), to)
    else this.#choices.character(from, only(letter), to)
  }

  #class(): Range[] {
    const negated = this.#takes('^')
    const ranges: Range[] = []
    while (!this.#takes(']')) {
      if (this.#at >= this.#source.length) throw this.#unknown()
      const low = this.#member()
      if (this.#source[this.#at] !== '-' || this.#source[this.#at + 1] === ']') {
        ranges.push(...low)
        continue
      }
      this.#at++
      ranges.push([low[0]![0], this.#member()[0]![1]])
    }
    return negated ? others(ranges) : ranges
  }

  #member(): readonly Range[] {
    const letter = this.#source[this.#at++]!
    return letter === '\\' ? this.#escape() : only(letter)
  }

  #escape(): readonly Range[] {
    const letter = this.#source[this.#at++] ?? ''
    if (letter === 'd') return digits
    if (letter === 'D') return others(digits)
    if (letter === 'w') return letters
    if (letter === 'W') return others(letters)
    const control = controls.get(letter)
    if (control !== undefined) return [[control, control]]
    const number = /^(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/i.exec(this.#source.slice(this.#at - 1, this.#at + 4))
    if (number !== null) {
      this.#at += number[0].length - 1
      const point = Number.parseInt(number[1] ?? number[2]!, 16)
      return [[point, point]]
    }
    if (/[0-9A-Za-z]/.test(letter) || letter === '') throw this.#unknown()
    return only(letter)
  }

  #free(from: number, to: number): void {
    this.#choices.states[from]!.free.push(to)
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #unknown(): Error {
    return new SyntaxError(`no shape is made of this: ${this.#source.slice(0, this.#at + 1)}`)
  }
}

function only(letter: string): Range[] {
  const point = letter.charCodeAt(0)
  return [[point, point]]
}

/** What is in none of these ranges. */
function others(ranges: readonly Range[]): Range[] {
  const left: Range[] = []
  let next = 0
  for (const [low, high] of ranges.toSorted(([a], [b]) => a - b)) {
    if (low > next) left.push([next, low - 1])
    next = Math.max(next, high + 1)
  }
  if (next <= highest) left.push([next, highest])
  return left
}
