/**
 * What an index takes down of the people in records until it is put into the database: for each person and profile one row with
 * all records there were meanwhile, and once, by which other values a person can be found. Many answers show the same few.
 */
import { behindForms, betweenAlike, indexesOf, indexLength, mostAlso, runOf } from '../../subject.ts'
import { markOf } from '../query/people.ts'

export type PersonRow = readonly [month: number, mark: number, profile: number, number: number, more: Buffer | null]
export type AliasRow = readonly [month: number, mark: number, person: number]

export class PeopleRows {
  /** By month, profile and mark. */
  #seen = new Map<number, Map<number, Map<number, Seen>>>()
  #also: [month: number, mark: number, person: number][] = []
  /** By the value that stands for a person, of one month: where in `also` their other values begin that were put there last. */
  readonly #taken = new Map<number, number>()
  /** Of one person: the marks (`markOf`) of their values; the first stands for them. */
  readonly #marks = new Float64Array(mostValues)
  #month = 0
  #rows = 0
  /** Records in rows beside the first of each. */
  #others = 0

  /** Rows there would be, and of the records in them so many that they take as much memory as one. */
  get rows(): number {
    return this.#rows + this.#others / 16
  }

  /** A record of this number and profile showed the people in these strings of its `index`. Numbers are of one log, and rise. */
  add(month: number, profile: number, number: number, runs: readonly string[]): void {
    const seen = within(within(this.#seen, month), profile)
    for (const run of runs) this.#addRun(seen, month, number, run)
  }

  /** Marks are made of the characters where they stand, as a text and an array for each person are garbage by the megabyte. */
  #addRun(seen: Map<number, Seen>, month: number, number: number, run: string): void {
    const end = run.indexOf(behindForms)
    if (end < 0) {
      for (const person of runOf(run).people) this.#addUnusual(seen, month, number, person)
      return
    }
    for (let from = end + 1; from <= run.length; ) {
      const behind = run.indexOf(betweenAlike, from)
      const to = behind < 0 ? run.length : behind
      const many = marksBetween(run, from, to, this.#marks)
      if (many > 0) this.#addPerson(seen, month, number, this.#marks, many)
      else this.#addUnusual(seen, month, number, run.slice(from, to))
      from = to + 1
    }
  }

  /** As records had them once, and whatever else stands there. */
  #addUnusual(seen: Map<number, Seen>, month: number, number: number, person: string): void {
    const marks = indexesOf(person).map(markOf)
    this.#addPerson(seen, month, number, marks, marks.length)
  }

  #addPerson(seen: Map<number, Seen>, month: number, number: number, marks: ArrayLike<number>, many: number): void {
    let known = seen.get(marks[0]!)
    if (known === undefined) {
      known = new Seen(number)
      seen.set(marks[0]!, known)
      this.#rows++
    } else if (known.add(number)) this.#others++
    if (many > 1 && !this.#areAt(known.also, marks, many)) known.also = this.#addAlso(month, marks, many)
  }

  /** Where they begin there. */
  #addAlso(month: number, marks: ArrayLike<number>, many: number): number {
    if (month !== this.#month) this.#taken.clear()
    this.#month = month
    const taken = this.#taken.get(marks[0]!)
    if (taken !== undefined && this.#areAt(taken, marks, many)) return taken
    const place = this.#also.length
    this.#taken.set(marks[0]!, place)
    for (let nth = 1; nth < many; nth++) this.#also.push([month, marks[nth]!, marks[0]!])
    this.#rows += many - 1
    return place
  }

  #areAt(place: number, marks: ArrayLike<number>, many: number): boolean {
    if (place < 0 || place + many - 1 > this.#also.length) return false
    for (let nth = 1; nth < many; nth++) {
      const row = this.#also[place + nth - 1]!
      if (row[1] !== marks[nth] || row[2] !== marks[0]) return false
    }
    return true
  }

  /** All rows until now, which are forgotten, in the order of their marks: those that go to one page come together. */
  take(): { readonly persons: readonly PersonRow[]; readonly also: readonly AliasRow[] } {
    const persons: PersonRow[] = []
    for (const [month, profiles] of this.#seen)
      for (const [profile, marks] of profiles)
        for (const [mark, { first, more }] of marks) persons.push([month, mark, profile, first, more])
    const also = byMark(this.#also)
    this.#seen = new Map()
    this.#also = []
    this.#taken.clear()
    this.#rows = 0
    this.#others = 0
    return { persons: byMark(persons), also }
  }
}

/** In which records somebody was, for one profile. Their numbers as the table has them: lists took nine times the memory. */
class Seen {
  readonly first: number
  /** Where in `also` their other values begin that came last; -1: nowhere. */
  also = -1
  #last: number
  #more: Buffer | null = null
  #length = 0

  constructor(number: number) {
    this.first = number
    this.#last = number
  }

  /** Whether it is another record than the last. */
  add(number: number): boolean {
    let more = number - this.#last
    if (more === 0) return false
    this.#last = number
    for (; more > 127; more = Math.floor(more / 128)) this.#push(128 + (more % 128))
    this.#push(more)
    return true
  }

  /** Numbers but the first, each by how much more it is than the one before: seven bits to a byte, the lowest first (LEB128). */
  get more(): Buffer | null {
    return this.#more?.subarray(0, this.#length) ?? null
  }

  #push(byte: number): void {
    if (this.#more === null) this.#more = Buffer.allocUnsafe(16)
    else if (this.#length === this.#more.length) this.#more = Buffer.concat([this.#more], this.#length * 2)
    this.#more[this.#length++] = byte
  }
}

/** Values of a person that are read where they stand. */
const mostValues = 1 + mostAlso

/** How many values these are, whose marks are put there; 0: no whole blind indexes, or more of them than people have. */
function marksBetween(text: string, from: number, to: number, marks: Float64Array): number {
  const many = (to - from) / indexLength
  if (!Number.isInteger(many) || many > marks.length) return 0
  for (let nth = 0; nth < many; nth++) {
    const at = from + nth * indexLength
    const mark = bitsAt(text, at) * 2 ** 24 + bitsAt(text, at + indexLength / 2)
    if (!(mark >= 0)) return 0
    marks[nth] = mark
  }
  return many
}

/** 24 bits, of four characters of base64url; no number where they are none. */
function bitsAt(text: string, at: number): number {
  const first = bits[text.charCodeAt(at)]! * 2 ** 18 + bits[text.charCodeAt(at + 1)]! * 2 ** 12
  return first + bits[text.charCodeAt(at + 2)]! * 2 ** 6 + bits[text.charCodeAt(at + 3)]!
}

/** By code of a character of base64url. */
const bits = new Float64Array(128).fill(Number.NaN)
for (const [nth, sign] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].entries())
  bits[sign.charCodeAt(0)] = nth

const positions = 2 ** 17
/** 48 bits of a mark less these, and a position, fit a number. */
const leftOut = 2 ** 12

/**
 * As the tables have them, or nearly: by the first 36 bits of the mark, which places rows that go to one page together.
 * Sorted as numbers with their positions, a tenth of what comparing rows costs.
 */
function byMark<One extends PersonRow | AliasRow>(rows: readonly One[]): readonly One[] {
  if (rows.length > positions) return rows.toSorted((one, other) => one[1] - other[1])
  const keys = Float64Array.from(rows, ([, mark], at) => Math.floor(mark / leftOut) * positions + at).sort()
  return Array.from(keys, key => rows[key % positions]!)
}

/** What a map has under a key: another map, made where there is none. */
function within<Value>(map: Map<number, Map<number, Value>>, key: number): Map<number, Value> {
  let inner = map.get(key)
  if (inner === undefined) {
    inner = new Map()
    map.set(key, inner)
  }
  return inner
}

/** The numbers that a row stands for. */
export function numbersIn(first: number, more: Uint8Array | null): number[] {
  const numbers = [first]
  let [number, part, weight] = [first, 0, 1]
  for (const byte of more ?? []) {
    part += (byte % 128) * weight
    weight *= 128
    if (byte > 127) continue
    number += part
    numbers.push(number)
    ;[part, weight] = [0, 1]
  }
  return numbers
}
