/**
 * The shapes of detectors (`Triggers.shape`) as automata with choices over characters (K. Thompson, Regular Expression
 * Search Algorithm, 1968). Of regular expressions as much is known as shapes are made of; any other throws.
 */

/** A character by its code unit, and behind them what stands for the end of a text. */
export const endOfText = 0x10000

/** Code units from `low` to `high`. */
export type Range = readonly [low: number, high: number]

/** A state goes to others for nothing, at the beginning of a text only, or by a character of some ranges. */
export type Choice = {
  readonly free: number[]
  readonly atBeginning: number[]
  set: readonly Range[] | null
  to: number
}

/** All states of some expressions. */
export class Choices {
  readonly states: Choice[] = []

  add(): number {
    return this.states.push({ free: [], atBeginning: [], set: null, to: -1 }) - 1
  }

  /** Joins two states by the characters of a set. */
  step(from: number, set: readonly Range[], to: number): void {
    const at = this.add()
    this.states[from]!.free.push(at)
    this.states[at]!.set = set
    this.states[at]!.to = to
  }
}

const highest = 0xffff
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

/** Adds the states of an expression between two others. Throws where it is made of what shapes are not made of. */
export function addExpression(choices: Choices, source: string, from: number, to: number): void {
  new Parser(choices, source).alternatives(from, to)
}

/** The characters in one of which every match of an expression ends. */
export function endsOf(source: string): readonly Range[] {
  const choices = new Choices()
  const [start, end] = [choices.add(), choices.add()]
  addExpression(choices, source, start, end)
  const reach = new Set([end])
  for (let before = 0; before < reach.size; ) {
    before = reach.size
    for (const [at, { free, atBeginning }] of choices.states.entries())
      if ([...free, ...atBeginning].some(to => reach.has(to))) reach.add(at)
  }
  return choices.states.flatMap(({ set, to }) => (set !== null && reach.has(to) ? set : []))
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
    else if (letter === '$') this.#choices.step(from, [[endOfText, endOfText]], to)
    else if (letter === '[') this.#choices.step(from, this.#class(), to)
    else if (letter === '\\') this.#choices.step(from, this.#escape(), to)
    else if ('?*+{}])|'.includes(letter)) throw this.#unknown()
    else if (letter === '.') this.#choices.step(from, others(lineEnds), to)
    else this.#choices.step(from, only(letter), to)
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
