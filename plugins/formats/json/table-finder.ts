/**
 * Columns and their rows, as the containers that hold them come and go: which lists may name columns, to which object these
 * belong, and which rows wait for columns that stand behind them. What is known of tables is in self-described.ts.
 */
import type { FieldCursor, Place, Role } from '../../../gateway/contracts.ts'
import { role } from '../roles.ts'
import type { ObjectLabels } from './object-labels.ts'
import type { OpenContainers } from './open-containers.ts'
import { type Look, look, type Tables } from './self-described.ts'
import { pastSpace } from './text.ts'

/** Of an array: it may be columns; it may be one of several lists of them, without objects so far, or with some. Of an object: it has columns. */
const [no, columns, inList, ofObjects] = [0, 1, 2, 3]

/** Said of a container by itself: an array is one of pairs, rows in an object came without columns. */
const [ofPairs, hasLateRows] = [1, 2]

const openBracket = 0x5b
const quote = 0x22

export class TableFinder {
  readonly #fields: FieldCursor
  readonly #tables: Tables
  readonly #open: OpenContainers
  readonly #labels: ObjectLabels
  /** By depth: `columns`, `inList`, `ofObjects`. */
  readonly #columns: Uint8Array
  /** By depth: `ofPairs`, `hasLateRows`. */
  readonly #kinds: Uint8Array

  /** `size`: one more than the greatest depth. */
  constructor(fields: FieldCursor, tables: Tables, open: OpenContainers, labels: ObjectLabels, size: number) {
    this.#fields = fields
    this.#tables = tables
    this.#open = open
    this.#labels = labels
    this.#columns = new Uint8Array(size)
    this.#kinds = new Uint8Array(size)
  }

  /** Whether the object at hand has columns. */
  get hasColumns(): boolean {
    return this.#columns[this.#open.depth] === columns
  }

  /** Whether texts in the array at hand may name columns. */
  get mayBeColumns(): boolean {
    return this.#columns[this.#open.depth] !== no
  }

  /** What was an array of columns so far is none. */
  noColumns(): void {
    this.#columns[this.#open.depth] = no
  }

  /** The place of rows in the object at hand, which has columns. */
  rows(place: Place): Place {
    return this.#tables.rows(place, this.#open.depth)
  }

  /** A text in the object at hand may list columns. */
  list(text: string): void {
    if (this.#tables.keepText(this.#open.depth, this.hasColumns, text)) this.#haveColumns()
  }

  /** A text in the array at hand names a column; the empty one is too long to. */
  column(text: string): void {
    const { depth, elements } = this.#open
    this.#tables.column(depth, elements, text === '' ? [] : [text])
  }

  /** Looks behind the array that begins at `at` for columns of it as rows in the object at hand. */
  findColumns(bytes: Buffer, at: number, last: boolean): Look {
    if (this.hasColumns) return look.none
    const { depth } = this.#open
    const first = pastSpace(bytes, at + 1, bytes.length)
    if (first === bytes.length && !last) return look.waiting
    if (bytes[first] !== openBracket) return look.none
    const found = this.#tables.lookBehind(bytes, at, bytes.length, last, depth)
    if (found === look.far) this.#kinds[depth]! |= hasLateRows
    if (found === look.found) this.#columns[depth] = columns
    return found
  }

  /** Looks whether the array that begins at `at`, the first in the one at hand, is the first of pairs. False: more has to come to tell. */
  findPairs(bytes: Buffer, at: number, last: boolean): boolean {
    const { depth, place } = this.#open
    if (!this.#fields.looksThrough(this.#tables.real(place)) || this.#tables.isTable(place)) return true
    const first = pastSpace(bytes, at + 1, bytes.length)
    if (first < bytes.length && bytes[first] !== quote) return true
    const pairs = this.#tables.pairs(bytes, at, bytes.length, last, place, depth)
    if (pairs === 'waiting') return false
    if (pairs === null) return true
    this.#open.place = pairs
    this.#columns[depth] = no
    this.#kinds[depth] = ofPairs
    return true
  }

  /** A container begins in the one at hand. `roles`: what its name says; `isRemoved`: nothing of it leaves. */
  begin(isObject: boolean, roles: Role, isRemoved: boolean): void {
    const inside = this.#open.depth + 1
    this.#columns[inside] = inside === 1 || isRemoved ? no : this.#mayBe(isObject, roles)
    this.#kinds[inside] = 0
  }

  /**
   * Whether a container that begins is an array that may name the columns of rows behind it. An array around it may not, but
   * with objects for columns where its own name says so, as with lists of them: `"cols":[[{"field":"c1","title":"姓名"}]]`.
   */
  #mayBe(isObject: boolean, roles: Role): number {
    const { depth, inObject, isInObject, elements } = this.#open
    if (inObject) {
      if (isObject || (roles & role.columns) === 0) return no
      this.#tables.begin(depth + 1)
      return columns
    }
    if (this.#columns[depth] !== no && isInObject) return isObject ? no : inList
    if (isObject && this.#columns[depth]! >= inList) return no
    this.#columns[depth] = no
    return !isObject && (elements === 1 || this.#kinds[depth] === ofPairs) ? columns : no
  }

  /** A container has ended in the one at hand. */
  end(wasObject: boolean): void {
    if (this.#open.depth === 0) return
    if (wasObject) this.#endObject()
    else this.#endArray()
  }

  #endObject(): void {
    const { depth, inObject } = this.#open
    const inside = depth + 1
    if (!inObject) {
      if (this.#columns[depth] !== no) this.#passColumn(this.#labels.of(inside))
    } else if (this.#columns[inside] === columns && this.#columns[depth] === no) {
      this.#tables.handUp(depth)
      this.#haveColumns()
    }
  }

  /** An object has ended that is a column: of the array at hand, or of the one around, where that has several lists. */
  #passColumn(names: readonly string[]): void {
    const { depth } = this.#open
    const isInList = this.#columns[depth] !== columns
    this.#tables.column(isInList ? depth - 1 : depth, 0, names)
    if (isInList) this.#columns[depth] = ofObjects
  }

  #endArray(): void {
    const { depth, inObject, elements, elementsLeft } = this.#open
    const was = this.#columns[depth + 1]!
    if (was === ofObjects || elementsLeft === 0) return
    if (!inObject) this.#columns[depth] = no
    if (was === no) return
    if (inObject) {
      this.#tables.keep(depth, this.hasColumns)
      this.#haveColumns()
    } else if (elements === 1 && this.#kinds[depth] !== ofPairs) {
      this.#open.place = this.#tables.headed(this.#open.place, depth)
    }
  }

  /** Columns of the object at hand are known now: rows ahead of them may have needed them. */
  #haveColumns(): void {
    const { depth, place } = this.#open
    this.#columns[depth] = columns
    if ((this.#kinds[depth]! & hasLateRows) !== 0) this.#tables.late(place, depth)
  }
}
