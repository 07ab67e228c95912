/** Who is in a row, by the values in it that say so: its people, by the strongest type, and what else they are known by. */
import type { TextHold } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import { mostAlso } from '../subject.ts'
import { type Canaries, noCanaries } from './canaries.ts'
import { KnownBy, type Someone, Subject, sharedFrom } from './someone.ts'

let numbered = 0

/** All people so far, in the order in which they were met. */
export class Subjects {
  /** No other has it. A value settled here says so by it, as it may be kept, and would keep all people. */
  readonly number = (numbered = (numbered + 1) | 0)
  readonly list: Subject[] = []
  readonly canaries: Canaries
  /** Types of which all values so far stand in one hold, so that a new one there is nobody met before; null: not so any more. */
  #held: TypeRule[] | null = []
  #hold: TextHold | null = null
  /** Made only for who needs it, as most bodies have nobody who does. */
  #byType: Map<string, Map<string, Subject>> | null = null

  constructor(canaries: Canaries = noCanaries) {
    this.canaries = canaries
  }

  /** The person of a value, who is new where nobody was met by it. */
  of(one: Someone): Subject {
    if (this.#held === null || !this.#isNew(one, this.#held)) return this.#find(one)
    const subject = new Subject(one)
    this.list.push(subject)
    return subject
  }

  /** One that was not settled yet. */
  #isNew({ type, hold }: Someone, held: TypeRule[]): boolean {
    if (hold === null || hold !== (this.#hold ??= hold)) return false
    if (held.includes(type)) return true
    if (held.some(({ name }) => name === type.name)) return false
    held.push(type)
    return true
  }

  /** By what the value spells, as it may be that of another hold or type. */
  #find(one: Someone): Subject {
    if (this.#held !== null) {
      this.#held = null
      for (const subject of this.list) this.#valuesOf(subject.dataType).set(subject.value, subject)
    }
    const byValue = this.#valuesOf(one.type.name)
    const known = byValue.get(one.value)
    if (known !== undefined) {
      known.widen(one.form)
      return known
    }
    const subject = new Subject(one)
    this.list.push(subject)
    byValue.set(one.value, subject)
    return subject
  }

  #valuesOf(dataType: string): Map<string, Subject> {
    const byType = (this.#byType ??= new Map())
    let byValue = byType.get(dataType)
    if (byValue === undefined) byType.set(dataType, (byValue = new Map()))
    return byValue
  }
}

/** The people of one row so far: all values that say who somebody is, in their order. */
export class RowPeople {
  typed = false
  /** Of which so many count: to shorten a list calls into the runtime, and to begin another lets it grow again. */
  readonly people: Someone[] = []
  count = 0
  /** The strongest type so far, by `identifies`. */
  rank = Number.POSITIVE_INFINITY
  /** Name of the first type of this rank: how many values it has, so many people there are. */
  strongest = ''
  /** Whether all of them are of the strongest type. */
  alike = true

  clear(): void {
    this.typed = false
    this.count = 0
    this.rank = Number.POSITIVE_INFINITY
    this.alike = true
  }

  /** Whether a value that identifies by so much counts for anything here. */
  takes(rank: number): boolean {
    return rank <= this.rank || rank < sharedFrom
  }

  /** Takes the people of another row as well. */
  join(other: RowPeople): void {
    if (other.typed) this.typed = true
    for (let nth = 0; nth < other.count; nth++) this.add(other.people[nth]!)
  }

  add(one: Someone): void {
    const { rank, type } = one
    if (!this.takes(rank)) return
    if (rank < this.rank) {
      if (this.rank >= sharedFrom) this.count = 0
      this.alike = this.count === 0
      this.rank = rank
      this.strongest = type.name
    } else if (type.name !== this.strongest) this.alike = false
    this.people[this.count++] = one
  }
}

/** Puts the people of a row among the others, and empties it. A value that was met before is still the same person. */
export function settle(row: RowPeople, subjects: Subjects): void {
  const { people, count } = row
  if (!row.alike && count > 0) settleMixed(row, subjects)
  else for (let nth = 0; nth < count; nth++) settleOne(people[nth]!, subjects)
  row.count = 0
}

/** Puts people among the others who were settled elsewhere: three for each, of the strongest value and two others. */
export function settleAgain(people: readonly (Someone | null)[], subjects: Subjects): void {
  for (let at = 0; at < people.length; at += 3) {
    const person = settleOne(people[at]!, subjects)
    for (const one of [people[at + 1], people[at + 2]]) if (one != null) addAlso(person, one, subjects.canaries)
  }
}

function settleMixed({ people, count, strongest }: RowPeople, subjects: Subjects): void {
  let first: Subject | null = null
  let several: Set<Subject> | null = null
  for (let nth = 0; nth < count; nth++) {
    const one = people[nth]!
    if (one.type.name !== strongest) continue
    const person = settleOne(one, subjects)
    if (first === null) first = person
    else if (person !== first) several = (several ?? new Set([first])).add(person)
  }
  if (first === null) return
  const { canaries } = subjects
  if (several !== null) attach([...several], valuesOf(people.slice(0, count), strongest), canaries)
  else
    for (let nth = 0; nth < count; nth++)
      if (people[nth]!.type.name !== strongest) addAlso(first, people[nth]!, canaries)
}

/** Of the types but the strongest: each value with all it was met as, by type and value. */
function valuesOf(people: readonly Someone[], strongest: string): Map<string, Map<string, Someone[]>> {
  const byType = new Map<string, Map<string, Someone[]>>()
  for (const one of people) {
    const { name } = one.type
    if (name === strongest) continue
    const values = byType.get(name) ?? new Map<string, Someone[]>()
    byType.set(name, values)
    const met = values.get(one.value)
    if (met === undefined) values.set(one.value, [one])
    else met.push(one)
  }
  return byType
}

/**
 * Which of several people in a row a value belongs to is not known. The first of its type goes to the first, and so on;
 * what is left over goes wherever there is room, so that the row is found by as many as can be; canaries where there is none.
 */
function attach(
  persons: readonly Subject[],
  byType: ReadonlyMap<string, ReadonlyMap<string, Someone[]>>,
  canaries: Canaries,
): void {
  const left: Someone[][] = []
  for (const values of byType.values()) {
    let nth = 0
    for (const met of values.values()) {
      const person = persons[nth++]
      if (person === undefined) left.push(met)
      else for (const one of met) addAlso(person, one, canaries)
    }
  }
  let at = 0
  for (const met of left) {
    while (at < persons.length && persons[at]!.also.length >= mostAlso) at++
    const person = persons[at] ?? (canaries.has(met[0]!) ? persons[0] : undefined)
    if (person !== undefined) for (const one of met) addAlso(person, one, canaries)
  }
}

/** Where there are more than are kept, canaries are before others, then different types, then stronger ones before weaker. */
function addAlso(person: Subject, one: Someone, canaries: Canaries): void {
  const { also } = person
  for (const known of also)
    if (known.isOf(one)) {
      known.widen(one.form)
      return
    }
  if (also.length < mostAlso) {
    person.also = also.concat(new KnownBy(one))
    return
  }
  let worst = -1
  let least = canaries.has(one) ? Number.NEGATIVE_INFINITY : weaknessOf(one.type.name, one.rank, also, also.length)
  for (let nth = 0; nth < also.length; nth++) {
    const known = also[nth]!
    const weakness = weaknessOf(known.dataType, known.rank, also, nth)
    if (weakness <= least || known.isIn(canaries)) continue
    worst = nth
    least = weakness
  }
  if (worst >= 0) person.also = also.with(worst, new KnownBy(one))
}

function weaknessOf(dataType: string, rank: number, also: readonly KnownBy[], before: number): number {
  for (let nth = 0; nth < before; nth++) if (also[nth]!.dataType === dataType) return rank + repeated
  return rank
}
/** More than any type identifies by. */
const repeated = 100

function settleOne(one: Someone, subjects: Subjects): Subject {
  // The same value in the same form again.
  if (one.settledIn === subjects.number) return one.settledAs!
  const subject = subjects.of(one)
  one.settledIn = subjects.number
  one.settledAs = subject
  return subject
}
