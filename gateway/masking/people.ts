/**
 * The people of one window of a body: by the strongest type of a row, and what else they are known by. Until the record is
 * written a person is a few numbers: most bodies with people have hundreds, and objects for them cost more than masking.
 */
import type { Form } from '../contracts.ts'
import { mostAlso } from '../subject.ts'
import { type Canaries, noCanaries } from './canaries.ts'
import { formOrder } from './forms.ts'
import { KnownValues } from './known-values.ts'
import type { RowPeople } from './row-people.ts'

/** The forms that a value that says who somebody is was given. */
export type ShownAs = { readonly mostVisible: Form; readonly strictest: Form }
/** Normalised. Never written anywhere. */
export type KnownBy = ShownAs & { readonly dataType: string; readonly value: string }
/** By the strongest value of a row; `also`: others of theirs, `mostAlso` at most. */
export type Subject = KnownBy & { readonly also: readonly KnownBy[] }

/** A person has so many places: for the strongest value, and for others. */
const places = 1 + mostAlso
const none = -1
// In a place: the number of a value, and in the low bits how visible and how strict it was shown.
const valueShift = 6
const visibleShift = 3
const formBits = 7
const shownBits = 63
/** Of each value in what `shown` tells: its forms, and that there is one. */
const presentBit = 64
const shownSize = 7

export class People {
  /** What `values` are. */
  readonly known = new KnownValues(() => this.values())
  readonly #canaries: Canaries
  readonly #places: number[] = []
  /** By value, where the person begins for whom it stands; made once it is asked for one that is no higher than all others. */
  #persons: Map<number, number> | null = null
  #highest = none

  constructor(canaries: Canaries = noCanaries) {
    this.#canaries = canaries
  }

  get count(): number {
    return this.#places.length / places
  }

  /** The values of everybody in the order in which they were met, each person's strongest first. */
  values(): number[] {
    const values: number[] = []
    for (const place of this.#places) if (place !== none) values.push(place >> valueShift)
    return values
  }

  /** By how many values somebody is known, and a number that is the same for whoever was shown in the same forms. */
  shown(nth: number): readonly [values: number, forms: number] {
    let forms = 0
    let values = 0
    for (let at = nth * places; at < (nth + 1) * places && this.#places[at] !== none; at++, values++)
      forms |= (presentBit | (this.#places[at]! & shownBits)) << (values * shownSize)
    return [values, forms]
  }

  /** All of it as it is said in words. */
  list(): Subject[] {
    const knownBy = (place: number): KnownBy => {
      const value = place >> valueShift
      return { dataType: this.known.dataTypeOf(value), value: this.known.textOf(value), ...shownAs(place) }
    }
    return Array.from({ length: this.count }, (_, nth) => {
      const own = this.#places.slice(nth * places, (nth + 1) * places)
      const [first, ...also] = own.filter(place => place !== none).map(knownBy)
      return { ...first!, also }
    })
  }

  /** Takes the people of a row, and empties it. A value that was met before is still the same person. */
  settle(row: RowPeople): void {
    this.known.expect(row)
    if (row.alike) for (let nth = 0; nth < row.count; nth++) this.#person(row, nth)
    else this.#settleMixed(row)
    row.count = 0
  }

  #settleMixed(row: RowPeople): void {
    let first = none
    let several: Set<number> | null = null
    for (let nth = 0; nth < row.count; nth++) {
      if (row.types[nth]!.name !== row.strongest) continue
      const person = this.#person(row, nth)
      if (first === none) first = person
      else if (person !== first) several = (several ?? new Set([first])).add(person)
    }
    if (first === none) return
    if (several !== null) this.#attach([...several], this.#othersOf(row))
    else
      for (let nth = 0; nth < row.count; nth++)
        if (row.types[nth]!.name !== row.strongest) this.#addAlso(first, this.known.at(row, nth), row.forms[nth]!)
  }

  /** Of the types but the strongest: each value with all forms in which it was met, by type. */
  #othersOf(row: RowPeople): Map<string, Map<number, number[]>> {
    const byType = new Map<string, Map<number, number[]>>()
    for (let nth = 0; nth < row.count; nth++) {
      const { name } = row.types[nth]!
      if (name === row.strongest) continue
      const values = byType.get(name) ?? new Map<number, number[]>()
      byType.set(name, values)
      const value = this.known.at(row, nth)
      const forms = values.get(value)
      if (forms === undefined) values.set(value, [row.forms[nth]!])
      else forms.push(row.forms[nth]!)
    }
    return byType
  }

  /**
   * Which of several people in a row a value belongs to is not known. The first of its type goes to the first, and so on;
   * what is left over goes wherever there is room, so that the row is found by as many as can be; canaries where there is none.
   */
  #attach(persons: readonly number[], byType: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>): void {
    const left: (readonly [value: number, forms: readonly number[]])[] = []
    for (const values of byType.values()) {
      let nth = 0
      for (const [value, forms] of values) {
        const person = persons[nth++]
        if (person === undefined) left.push([value, forms])
        else for (const form of forms) this.#addAlso(person, value, form)
      }
    }
    let at = 0
    for (const [value, forms] of left) {
      while (at < persons.length && this.#places[persons[at]! + mostAlso] !== none) at++
      const person = persons[at] ?? (this.#isCanary(value) ? persons[0] : undefined)
      if (person !== undefined) for (const form of forms) this.#addAlso(person, value, form)
    }
  }

  /** Where the person begins of an entry of a row, who is new where nobody was met by it. */
  #person(row: RowPeople, nth: number): number {
    const value = this.known.at(row, nth)
    const form = row.forms[nth]!
    const known = this.#personBy(value)
    if (known !== none) {
      this.#widen(known, form)
      return known
    }
    const person = this.#places.length
    this.#places.push(placeOf(value, form))
    for (let also = 0; also < mostAlso; also++) this.#places.push(none)
    this.#persons?.set(value, person)
    if (value > this.#highest) this.#highest = value
    return person
  }

  #personBy(value: number): number {
    if (value > this.#highest) return none
    if (this.#persons === null) {
      this.#persons = new Map()
      for (let at = 0; at < this.#places.length; at += places) this.#persons.set(this.#places[at]! >> valueShift, at)
    }
    return this.#persons.get(value) ?? none
  }

  /** Where there are more than are kept, canaries are before others, then different types, then stronger ones before weaker. */
  #addAlso(person: number, value: number, form: number): void {
    const end = person + places
    for (let at = person + 1; at < end; at++) {
      const known = this.#places[at]!
      if (known >> valueShift === value) {
        this.#widen(at, form)
        return
      }
      if (known === none) {
        this.#places[at] = placeOf(value, form)
        return
      }
    }
    let worst = none
    let least = this.#isCanary(value) ? Number.NEGATIVE_INFINITY : this.#weaknessOf(value, person, end)
    for (let at = person + 1; at < end; at++) {
      const known = this.#places[at]! >> valueShift
      const weakness = this.#weaknessOf(known, person, at)
      if (weakness <= least || this.#isCanary(known)) continue
      worst = at
      least = weakness
    }
    if (worst !== none) this.#places[worst] = placeOf(value, form)
  }

  #weaknessOf(value: number, person: number, end: number): number {
    const { name, identifies } = this.known.typeOf(value)
    for (let at = person + 1; at < end; at++)
      if (this.known.typeOf(this.#places[at]! >> valueShift).name === name) return identifies! + repeated
    return identifies!
  }

  #widen(at: number, form: number): void {
    const known = this.#places[at]!
    const visible = Math.min((known >> visibleShift) & formBits, form)
    this.#places[at] = (known & ~shownBits) | (visible << visibleShift) | Math.max(known & formBits, form)
  }

  #isCanary(value: number): boolean {
    const type = this.known.typeOf(value)
    return this.#canaries.areOf(type) && this.#canaries.has(type, this.known.textOf(value))
  }
}

/** What `shown` tells by a number, for each value. */
export function formsIn(shown: number): ShownAs[] {
  const forms: ShownAs[] = []
  for (let left = shown; left !== 0; left >>= shownSize) forms.push(shownAs(left))
  return forms
}

function shownAs(place: number): ShownAs {
  return { mostVisible: formOrder[(place >> visibleShift) & formBits]!, strictest: formOrder[place & formBits]! }
}

/** More than any type identifies by. */
const repeated = 100

function placeOf(value: number, form: number): number {
  return (value << valueShift) | (form << visibleShift) | form
}
