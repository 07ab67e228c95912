import type { Form, RowProgress, SettledPeople, SettlingReader } from '../contracts.ts'
import type { TypeRule } from '../policy/plan.ts'
import type { KnownPerson, People } from '../subject.ts'
import { type Canaries, noCanaries } from './canaries.ts'
import { FormCounts, type FormsByType } from './form-counts.ts'
import { RowPeople, Subjects, settle, settleAgain } from './row-people.ts'
import { SettledPersons, someoneIn } from './settled-people.ts'
import type { Someone } from './someone.ts'

/**
 * What masking did to one body, or to one window of it: types, cells, forms and counts; and the people in it, whose
 * values stay in memory only until their blind indexes are made.
 */
export type Tally = {
  /** Rows that ended in this window. */
  rows: number
  fields: FormsByType
  subjects: People
}

/** A row of more people than this (a body that is one huge row) is settled in parts, so that memory stays bounded. */
const maxPeopleHeld = 4096

/**
 * Counts as a body is read. A row is one element of the array nearest the root that holds typed fields; what stands
 * outside every array is a row of its own, counted only where there is no other.
 */
export class Counter {
  readonly #types: readonly TypeRule[]
  readonly #counts = new FormCounts()
  #rows = 0
  #everRows = false
  /** How many array elements the reader stands in. A reader that fails in the middle has it put back. */
  nesting = 0
  readonly #row = new RowPeople()
  readonly #document = new RowPeople()
  /** Elements around the reader that are no rows as far as is known. */
  readonly #open: OpenSiblings[] = [new OpenSiblings(this.#document, 0)]
  #subjects: Subjects
  /** The reader that settles rows by itself. */
  #settling: SettlingReader | null = null
  /** Whom it has settled; then nobody is among the others. */
  #settled: SettledPeople | null = null

  constructor(types: readonly TypeRule[], canaries: Canaries = noCanaries) {
    this.#types = types
    this.#subjects = new Subjects(canaries)
  }

  count(type: number, form: Form): void {
    this.add(type, form, 1)
    this.#here.typed = true
  }

  /** Counts values of which a reader disposed on its own; in which rows they stood comes by `passedRows`. */
  add(type: number, form: Form, times: number): void {
    this.#counts.add(type, form, times)
  }

  /** How often each type got each form since `take`, by a number that `typeAndForm` reads. */
  counts(): ReadonlyMap<number, number> {
    return this.#counts.all
  }

  typeAndForm(at: number): readonly [type: number, form: Form] {
    return this.#counts.typeAndForm(at)
  }

  /** Whether a value of this type says who a person is, and the row has none that leaves it out: else `person` is for nothing. */
  asksFor({ identifies }: TypeRule): boolean {
    return identifies !== null && this.#here.takes(identifies)
  }

  /** Whom a value stands for that says who a person is. */
  person(one: Someone): void {
    if (this.nesting > 0) this.#askReader()
    this.#meet(this.#here, one)
  }

  #meet(row: RowPeople, one: Someone): void {
    row.add(one)
    if (row.count === maxPeopleHeld) this.#settle(row)
  }

  #settle(row: RowPeople): void {
    if (row.count > 0) {
      this.#askReader()
      this.#settleAgain()
    }
    settle(row, this.#subjects)
  }

  #settleAgain(): void {
    if (this.#settled === null) return
    settleAgain(someoneIn(this.#settled, this.#types), this.#subjects)
    this.#settled = null
  }

  /** Whether a reader may settle rows by itself; until it is asked. */
  settles(reader: SettlingReader): boolean {
    if (this.#settling !== null && this.#settling !== reader) return false
    const nobody = this.#row.count === 0 && this.#settled === null && this.#subjects.list.length === 0
    const may = nobody && this.#subjects.canaries.areNone
    this.#settling = may ? reader : null
    return may
  }

  /** Whoever a reader has settled was met before anybody that is settled here. */
  #askReader(): void {
    const reader = this.#settling
    if (reader === null) return
    this.#settling = null
    reader.tellPeople()
  }

  /** Takes whom a reader has settled, before anybody else is. */
  settled(people: SettledPeople): void {
    this.#settling = null
    this.#settled = people
  }

  beginElement(): void {
    this.nesting++
  }

  endElement(): void {
    if (--this.nesting === 0) this.#endRow()
  }

  /** Catches up with a reader that counts rows on its own. */
  passedRows(progress: RowProgress): void {
    const { ended, typed, more, typedNow, typedOutside, settled, people, peopleOutside, nesting } = progress
    // Who tells of each has nothing left to be asked for.
    if (people.length > 0 || settled.length > 0) this.#settling = null
    settleAgain(settled as (Someone | null)[], this.#subjects)
    if (ended) {
      if (typed) this.#row.typed = true
      this.#endRow()
    }
    const row = this.#row
    for (const one of people) {
      if (one !== null) this.#meet(row, one as Someone)
      else {
        row.typed = true
        this.#endRow()
      }
    }
    for (const one of peopleOutside) this.#meet(this.#open.at(-1)!.people, one as Someone)
    if (more > 0) {
      this.#rows += more
      this.#everRows = true
    }
    if (typedNow) this.#row.typed = true
    if (typedOutside) this.#open.at(-1)!.people.typed = true
    this.nesting = nesting
  }

  #endRow(): void {
    if (!this.#row.typed) return
    this.#rows++
    this.#everRows = true
    this.#settle(this.#row)
    this.#row.clear()
  }

  /**
   * An element begins whose kin may follow. The first of a name is put aside when it ends; with the second it is known
   * that both are rows. Rows inside the first were counted by then and are given back, unless they are on record.
   */
  beginSibling(name: string): void {
    const around = this.#open.at(-1)!
    if (this.nesting > 0) this.nesting++
    else if (around.ended.has(name)) {
      this.beginSiblings(name)
      this.nesting = 1
    } else this.#open.push(new OpenSiblings(new RowPeople(), this.#rows, name))
  }

  /** Elements of a name come of which it is known that they are rows; false: they could not be told from others later. */
  beginSiblings(name: string): boolean {
    const { ended } = this.#open.at(-1)!
    if (this.nesting > 0) return true
    if (!ended.has(name) && ended.size >= maxSiblingNames) return false
    const first = ended.get(name)
    ended.set(name, null)
    if (first != null) this.#commit(first)
    return true
  }

  endSibling(): void {
    if (this.nesting > 0) {
      this.endElement()
      return
    }
    const { people, ended, name, rowsBefore } = this.#open.pop()!
    for (const one of ended.values()) if (one !== null) people.join(one.people)
    const around = this.#open.at(-1)!
    const inside = Math.max(0, this.#rows - rowsBefore)
    if (around.ended.size >= maxSiblingNames) around.people.join(people)
    else around.ended.set(name, people.typed || inside > 0 ? { people, inside } : null)
  }

  #commit({ people, inside }: Ended): void {
    this.#rows += 1 - Math.min(inside, this.#rows)
    this.#everRows = true
    this.#settle(people)
  }

  /** Where the counter stands, for `standAgain` after a reader that may have failed in the middle. */
  standing(): Standing {
    return { nesting: this.nesting, open: this.#open.length }
  }

  standAgain({ nesting, open }: Standing): void {
    while (this.#open.length > open) this.#open.at(-2)!.people.join(this.#open.pop()!.people)
    this.nesting = nesting
  }

  /** To be called once when the body has ended: what stood outside every array counts now. */
  endDocument(): void {
    for (const one of this.#open[0]!.ended.values()) if (one !== null) this.#document.join(one.people)
    if (this.#document.typed && !this.#everRows) this.#rows++
    this.#settle(this.#document)
  }

  /** What was counted since the last call. A row that is not over yet is left to the next. */
  take(): Tally {
    const tally = { rows: this.#rows, fields: this.#counts.take(this.#types), subjects: this.#takePeople() }
    this.#rows = 0
    return tally
  }

  #takePeople(): People {
    if (this.#settled !== null) {
      const people = new SettledPersons(this.#settled)
      this.#settled = null
      return people
    }
    const { list, canaries } = this.#subjects
    if (list.length === 0) return nobody
    this.#subjects = new Subjects(canaries)
    return list
  }

  get #here(): RowPeople {
    return this.nesting > 0 ? this.#row : this.#open.at(-1)!.people
  }
}

const nobody: readonly KnownPerson[] = []

/** More names than this are not told apart within one element. */
const maxSiblingNames = 1024

export type Standing = { readonly nesting: number; readonly open: number }

/** An element that has ended, and the rows that were counted inside. */
type Ended = { readonly people: RowPeople; readonly inside: number }

/** An element under way, and by name the first of its children that ended; null where it held nothing or is counted. */
class OpenSiblings {
  readonly people: RowPeople
  readonly rowsBefore: number
  readonly name: string
  readonly ended = new Map<string, Ended | null>()

  constructor(people: RowPeople, rowsBefore: number, name = '') {
    this.people = people
    this.rowsBefore = rowsBefore
    this.name = name
  }
}
