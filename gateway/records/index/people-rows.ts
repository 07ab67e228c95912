/**
 * What an index takes down of the people in records until it is put into the database: for each person and profile one row with
 * all records there were meanwhile, and once, by which other values a person can be found. Many answers show the same few.
 */
import { indexesOf, runOf } from '../../subject.ts'
import { markOf } from '../query/people.ts'

/** The marks (`markOf`) of a person's values; the first stands for them. */
export type Marks = readonly number[]

export type PersonRow = readonly [month: number, mark: number, profile: number, number: number, more: Buffer | null]
export type AliasRow = readonly [month: number, mark: number, person: number]

/** People whose marks are known by heart. */
const mostKnown = 50_000
const known = new Map<string, Marks>()

/** Of the people in a string of a record's `index`. */
export function marksIn(text: string): Marks[] {
  return runOf(text).people.map(marksOf)
}

/** To make them costs ten times as much as to find them. */
function marksOf(person: string): Marks {
  let marks = known.get(person)
  if (marks === undefined) {
    if (known.size >= mostKnown) known.clear()
    marks = indexesOf(person).map(markOf)
    known.set(person, marks)
  }
  return marks
}

export class PeopleRows {
  /** By month, profile and mark: numbers of records. */
  #seen = new Map<number, Map<number, Map<number, number[]>>>()
  #also: [month: number, mark: number, person: number][] = []
  /** Whose other values are in `also`, of one month. */
  #taken = new Set<Marks>()
  #month = 0
  #size = 0

  /** Rows there would be, and of the records in them so many that they take as much memory as one. */
  get rows(): number {
    return this.#size
  }

  /** A record of this number and profile showed these people. Numbers are of one log, and rise. */
  add(month: number, profile: number, number: number, people: readonly Marks[]): void {
    const seen = within(within(this.#seen, month), profile)
    for (const marks of people) {
      const numbers = seen.get(marks[0]!)
      if (numbers === undefined) seen.set(marks[0]!, [number])
      else if (numbers.at(-1) !== number) numbers.push(number)
      this.#size += numbers === undefined ? 1 : 1 / 16
      if (marks.length > 1) this.#addAlso(month, marks)
    }
  }

  #addAlso(month: number, marks: Marks): void {
    if (month !== this.#month) this.#taken.clear()
    this.#month = month
    if (this.#taken.has(marks)) return
    this.#taken.add(marks)
    for (const other of marks.slice(1)) this.#also.push([month, other, marks[0]!])
    this.#size += marks.length - 1
  }

  /** All rows until now, which are forgotten, in the order of their marks: those that go to one page come together. */
  take(): { readonly persons: readonly PersonRow[]; readonly also: readonly AliasRow[] } {
    const persons: PersonRow[] = []
    for (const [month, profiles] of this.#seen)
      for (const [profile, marks] of profiles)
        for (const [mark, numbers] of marks)
          persons.push([month, mark, profile, numbers[0]!, numbers.length === 1 ? null : packed(numbers)])
    const also = byMark(this.#also)
    this.#seen = new Map()
    this.#also = []
    this.#taken.clear()
    this.#size = 0
    return { persons: byMark(persons), also }
  }
}

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

/** Numbers but the first, each by how much more it is than the one before: seven bits to a byte, the lowest first (LEB128). */
function packed(numbers: readonly number[]): Buffer {
  const bytes: number[] = []
  for (let at = 1; at < numbers.length; at++) {
    let more = numbers[at]! - numbers[at - 1]!
    for (; more > 127; more = Math.floor(more / 128)) bytes.push(128 + (more % 128))
    bytes.push(more)
  }
  return Buffer.from(bytes)
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
