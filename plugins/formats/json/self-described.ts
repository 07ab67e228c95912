/**
 * Bodies that describe themselves: labels beside values (`{"label":"姓名","value":"张三"}`) and columns ahead of rows
 * (`{"columns":["姓名"],"rows":[["张三"]]}`, `[["姓名"],["张三"]]`, `{"columns":[{"key":"c1","title":"姓名"}],"rows":[{"c1":"张三"}]}`).
 * Here are the columns, for both readers, and pairs (`[["xm","张三"]]`); those that stand behind their rows, if they are near, are
 * found by columns-behind.ts. Labels are in object-labels.ts, and those behind their value in labels-behind.ts.
 */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { columnsBehind, columnsIn, reach } from './columns-behind.ts'
import { arePairs, reachOfPairs } from './pairs.ts'

/** Columns behind so many have no names. */
const mostColumns = 1024

/** In a text that lists columns. */
const betweenColumns = /[,;|\t，；]/
/** A longer text lists none. */
export const longestList = 4096

/** Places from here on are not the plan's: rows of a table, and one row. */
const firstTablePlace = 1 << 16

/** By these rows that are objects name all their cells: `{"id":7,"cell":["张三"]}` (jqGrid, dhtmlx, Google's charts, BigQuery, Neo4j). */
const ofAllCells: ReadonlySet<string> = new Set(['cell', 'cells', 'c', 'f', 'row', 'data', 'values'])
/** By these one of them, as arrays are written that became objects. */
const ordinal = /^\d{1,4}$/

type Table = {
  readonly base: Place
  readonly columns: readonly string[][]
  readonly cells: readonly Place[]
  /** Names under which cells stand where rows are objects. */
  readonly names: ReadonlyMap<string, Place>
  /** Each row is a name, with what it names behind it. */
  readonly ofPairs: boolean
}

/** What a look for columns behind rows has found: none; some, which are kept; more has to come to tell; or none near enough. */
export const look = { none: 0, found: 1, waiting: 2, far: 3 } as const
export type Look = (typeof look)[keyof typeof look]

/** The tables of one body, at most one for each depth. */
export class Tables {
  readonly #fields: FieldCursor
  /** The columns under way, each with what it is called by, by the depth of their list. */
  readonly #columns: string[][][] = []
  /** By the depth of the object that has them. */
  readonly #kept = new Map<number, readonly string[][]>()
  /** Depths of objects of whose columns there have been rows. */
  readonly #used = new Set<number>()
  readonly #tables: Table[] = []
  /** Of the last element of rows. */
  #index = 0
  /** So many bytes have to be there before another look for columns behind the same rows. */
  #lookAgain = 0

  constructor(fields: FieldCursor) {
    this.#fields = fields
  }

  /** A list of columns begins at this depth. */
  begin(depth: number): void {
    this.#columns[depth] = []
  }

  /** One more column of the list at this depth is called by these; where `ordinal` is 1, it is the first. */
  column(depth: number, ordinal: number, names: readonly string[]): void {
    if (ordinal === 1) this.#columns[depth] = []
    const columns = (this.#columns[depth] ??= [])
    if (columns.length < mostColumns) columns.push([...names])
  }

  /** The list inside has the columns of rows in the object at this depth; `more`: which has some already. */
  keep(depth: number, more: boolean): void {
    this.#keep(depth, more, this.#take(depth + 1))
  }

  /** The same of a list that is one text, with a delimiter between its columns: `sColumns` of DataTables. */
  keepText(depth: number, more: boolean, text: string): boolean {
    const columns = text.split(betweenColumns).slice(0, mostColumns)
    if (columns.length > 1)
      this.#keep(
        depth,
        more,
        columns.map(name => [name.trim()]),
      )
    return columns.length > 1
  }

  /** Two lists before the same rows say two things of one column each: `colNames` and `colModel` of jqGrid. */
  #keep(depth: number, more: boolean, columns: readonly string[][]): void {
    const isOver = this.#used.delete(depth)
    const before = more && !isOver ? (this.#kept.get(depth) ?? []) : []
    const longer = before.length > columns.length ? before : columns
    this.#kept.set(
      depth,
      longer.map((_, at) => [...(before[at] ?? []), ...(columns[at] ?? [])]),
    )
  }

  #take(depth: number): readonly string[][] {
    const columns = this.#columns[depth] ?? []
    this.#columns[depth] = []
    return columns
  }

  /** The columns of the object inside that at this depth are its own as well. */
  handUp(depth: number): void {
    this.#used.delete(depth)
    this.#kept.set(depth, this.#kept.get(depth + 1) ?? [])
  }

  /** The place of an array, at this depth, whose first element were the columns passed. */
  headed(place: Place, depth: number): Place {
    return this.#open(place, depth, this.#take(depth + 1))
  }

  /** The place of an array of rows in the object at this depth that has columns. */
  rows(place: Place, depth: number): Place {
    this.#used.add(depth)
    return this.#open(place, depth + 1, this.#kept.get(depth) ?? [])
  }

  /**
   * Looks for the columns of rows that begin at `from`, in the object at this depth, behind them: see columns-behind.ts. `to`: where the
   * bytes end that are there, `last`: behind which nothing comes.
   */
  lookBehind(bytes: Buffer, from: number, to: number, last: boolean, depth: number): Look {
    const fields = this.#fields
    const most = Math.min(reach, fields.limits.scalar)
    const there = Math.min(to - from, most)
    const isAll = last || there === most
    if (there < this.#lookAgain && !isAll) return look.waiting
    const behind = columnsBehind(bytes, from, from + there, name => fields.hasColumns(name))
    this.#lookAgain = behind === 'cut' && !isAll ? Math.min(there * 2, most) : 0
    if (behind === 'none') return look.none
    if (behind === 'cut') return !isAll ? look.waiting : last && there < most ? look.none : look.far
    if (typeof behind.said === 'string')
      return behind.said.length <= longestList && this.keepText(depth, false, behind.said) ? look.found : look.none
    const columns = columnsIn(behind.said, name => fields.isLabel(name)).slice(0, mostColumns)
    if (columns.length === 0) return look.none
    this.#keep(depth, false, columns)
    return look.found
  }

  /** The columns of the object at this depth, which stands at a place, came behind rows too far ahead of them to wait: throws where they name any that is masked. */
  late(place: Place, depth: number): void {
    const fields = this.#fields
    const base = this.real(place)
    for (const names of this.#kept.get(depth) ?? []) {
      const treatment = fields.treatment(fields.described(base, names))
      if (treatment === 'mask' || treatment === 'remove') throw fault('scalar_too_large')
    }
  }

  /** The place of an array, at this depth, whose first element begins there and is the first of pairs; null: it is none. */
  pairs(bytes: Buffer, from: number, to: number, last: boolean, place: Place, depth: number): Place | null | 'waiting' {
    const fields = this.#fields
    const base = this.real(place)
    const until = Math.min(to, from + reachOfPairs)
    const unknown = fields.described(base, [])
    const near = bytes.toString('utf8', from, until)
    const isWhole = last || until < to || until === from + reachOfPairs
    const found = arePairs(near, isWhole, name => fields.described(base, [name]) !== unknown)
    if (found !== true) return found === 'waiting' ? found : null
    this.#tables[depth] = { base, columns: [], cells: [], names: new Map(), ofPairs: true }
    return firstTablePlace + 2 * depth
  }

  /** Of a pair everything behind its name is what that names. */
  #inPair(place: Place, base: Place, index: number): Place {
    const inside = ((place - firstTablePlace) >> 1) + 1
    if (index === 0) this.#columns[inside] = []
    return index === 0 ? base : this.#fields.described(base, this.#columns[inside]?.[0] ?? [])
  }

  #open(place: Place, depth: number, columns: readonly string[][]): Place {
    const fields = this.#fields
    const base = this.real(place)
    if (columns.length === 0 || !fields.looksThrough(base)) return place
    const unknown = fields.described(base, [])
    const cells = columns.map(names => fields.described(base, names))
    if (cells.every(cell => cell === unknown)) return place
    const names = new Map<string, Place>()
    for (const [at, called] of columns.entries()) {
      if (cells[at] !== unknown) for (const name of called) names.set(name, cells[at]!)
    }
    this.#tables[depth] = {
      base,
      columns,
      cells: cells.map(cell => (cell === unknown ? base : cell)),
      names,
      ofPairs: false,
    }
    return firstTablePlace + 2 * depth
  }

  isTable(place: Place): boolean {
    return place >= firstTablePlace
  }

  /** The place of an element in rows, or in one row. */
  element(place: Place, index: number): Place {
    const table = this.#at(place)
    if ((place & 1) !== 0 && table.ofPairs) return this.#inPair(place, table.base, index)
    if ((place & 1) !== 0) return table.cells[index] ?? table.base
    this.#index = index
    return place + 1
  }

  /** The place in the plan of a scalar: where it stands among rows, it is a cell itself. */
  cell(place: Place): Place {
    if (place < firstTablePlace) return place
    const { cells, base } = this.#at(place)
    return (place & 1) === 0 ? base : (cells[this.#index] ?? base)
  }

  /** Whether scalars here have to be asked for one by one. */
  isRow(place: Place): boolean {
    return place >= firstTablePlace && (place & 1) !== 0
  }

  /** The place of a member of a row that is an object, by the place it would have without columns. */
  member(place: Place, ordinary: Place, name: string): Place {
    const { base, names, cells } = this.#at(place)
    if (ordinary !== this.#fields.described(base, [])) return ordinary
    return (
      names.get(name) ??
      (ofAllCells.has(name) ? place : ordinal.test(name) ? (cells[Number(name)] ?? ordinary) : ordinary)
    )
  }

  /** The place of a row that is an object at this depth, of which the plan has settled that it stands elsewhere. */
  settled(place: Place, settled: Place, depth: number): Place {
    if (place < firstTablePlace) return settled
    const rows = this.#open(settled, depth, this.#at(place).columns)
    return rows === settled ? settled : rows + 1
  }

  /** The place in the plan. */
  real(place: Place): Place {
    return place >= firstTablePlace ? this.#at(place).base : place
  }

  #at(place: Place): Table {
    return this.#tables[(place - firstTablePlace) >> 1]!
  }
}
