/** Which row of a table names its columns, and where the cells of the others stand. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { longestLabel, mostLabels, role } from '../roles.ts'

export type Layout = {
  /** Index of the first row that names columns; rows before it are titles. */
  readonly header: number
  /** Names stand beside their values, row by row: `姓名,张三`. A table may follow. */
  readonly labels: boolean
  /** All that stands behind such a name is its value, as where rows and columns have changed places: `姓名,张三,李四`. */
  readonly across: boolean
  /** Most cells of one row that the plan knows as names of fields. */
  readonly known: number
}

/** What a row is: `labels` has names with their values beside them. */
export type Role = 'title' | 'header' | 'data' | 'labels'

/** Longer texts are no column's name. */
const maxName = 64

/** What texts mean where the rows stand. */
type RowNames = {
  /** Whether the plan knows a field so named. */
  readonly isName: (text: string) => boolean
  /** Whether it removes that field. */
  readonly isRemoved: (text: string) => boolean
}

/** What the plan says of texts in rows at a place. */
export function namesAt(fields: FieldCursor, row: Place): RowNames {
  const unnamed = fields.memberNamed(row, '')
  // Who tells roles from relations writes 父亲 in each row: that is no label of the cell beside it.
  const isName = (text: string) =>
    fields.namesField(text) && !fields.isOftenValue(text) && fields.memberNamed(row, text) !== unnamed
  return {
    isName,
    isRemoved: text => fields.treatment(isName(text) ? fields.memberNamed(row, text) : row) === 'remove',
  }
}

type Shape = {
  readonly known: number
  readonly filled: number
  /** Behind each name there is its value. */
  readonly paired: boolean
  readonly beginsWithName: boolean
  /** Where the first name stands, and which; -1 where there is none. */
  readonly firstAt: number
  readonly firstName: string | undefined
}

function shapeOf(texts: readonly string[], { isName, isRemoved }: RowNames): Shape {
  const names = texts.map(text => text !== '' && text.length <= maxName && isName(text))
  const first = texts.findIndex(text => text !== '')
  const firstAt = names.indexOf(true)
  return {
    known: names.filter(Boolean).length,
    filled: texts.filter(text => text !== '').length,
    paired: arePaired(texts, names, isRemoved),
    beginsWithName: names[first] === true,
    firstAt,
    firstName: texts[firstAt],
  }
}

/** A name that stands as a value, as in `诊断,乙肝`, counts as one behind a field that is removed: behind others there are more labels. */
function arePaired(texts: readonly string[], names: readonly boolean[], isRemoved: RowNames['isRemoved']): boolean {
  for (let at = 0; at < texts.length; at++) {
    if (!names[at]) continue
    const value = texts[at + 1] ?? ''
    if (value === '' || (names[at + 1] && !isRemoved(texts[at]!))) return false
    at++
  }
  return true
}

/**
 * Finds the header among the first rows: the first with a name that the plan knows; where it knows none, the first row with several
 * texts. A lone title over a table is so passed over. Names with values beside
 * them in several rows are labels, since a header comes once.
 */
export function findLayout(rows: readonly (readonly string[])[], fields: FieldCursor, row: Place): Layout {
  const names = namesAt(fields, row)
  const shapes = rows.map(texts => shapeOf(texts, names))
  const most = Math.max(0, ...shapes.map(({ known }) => known))
  const describing = rows.findIndex(texts => describesRows(texts, fields, row))
  const labels = areLabels(shapes)
  if (describing >= 0 && (labels || describing < shapes.findIndex(({ known }) => known > 0)))
    return { header: describing, labels: false, across: false, known: most }
  if (labels) return { header: 0, labels: true, across: areAcross(shapes), known: most }
  const first = most > 0 ? shapes.findIndex(({ known }) => known > 0) : shapes.findIndex(({ filled }) => filled > 1)
  return { header: Math.max(first, 0), labels: false, across: false, known: most }
}

/** Whether a row says that the others have a label in one column and its value in another: `变更字段,变更前,变更后`. */
function describesRows(texts: readonly string[], fields: FieldCursor, row: Place): boolean {
  // Few rows have a label, and to ask for all that a text may be has it read by the detectors.
  if (!texts.some(text => text.length <= longestLabel && fields.isLabel(text))) return false
  const { labels, values } = describingColumns(texts.map(text => rolesAt(text, fields, row)))
  return values.some(value => labels.some(label => label !== value))
}

function rolesAt(text: string, fields: FieldCursor, row: Place): number {
  if (text === '' || text.length > longestLabel) return 0
  fields.memberNamed(row, text)
  return fields.roles
}

function describingColumns(roles: readonly number[]): { labels: readonly number[]; values: readonly number[] } {
  const having = (bit: number) => [...roles.keys()].filter(column => (roles[column]! & bit) !== 0)
  return { labels: having(role.label), values: having(role.value) }
}

/**
 * Different names with values beside them, in at least a third of the rows: a header comes once, or again in the same words. Where
 * names come first in a row of nothing else, or further left than in others, it is a header, and these have values that are names.
 */
function areLabels(shapes: readonly Shape[]): boolean {
  const first = shapes.find(({ known }) => known > 0)
  if (first === undefined || (first.known > 1 && first.known === first.filled)) return false
  const paired = shapes.filter(({ known, paired, firstAt }) => known > 0 && paired && firstAt <= first.firstAt)
  const several = shapes.filter(({ filled }) => filled > 1).length
  return new Set(paired.map(({ firstName }) => firstName)).size >= 2 && paired.length * 3 >= several
}

/**
 * Whether several rows, and of rows with names nearly all, begin with one of their own and have more than one value behind it. Of four cells two
 * may be a label that no field has, and its value, as in forms: then there have to be more of them.
 */
function areAcross(shapes: readonly Shape[]): boolean {
  const named = shapes.filter(({ known }) => known > 0)
  const across = named.filter(({ known, filled, beginsWithName }) => known === 1 && filled > 2 && beginsWithName)
  const ofFour = across.filter(({ filled }) => filled === 4).length
  const different = new Set(across.map(({ firstName }) => firstName)).size
  return different > (ofFour > 0 ? 4 : 2) && different === across.length && different * 4 >= named.length * 3
}

/** Whether a row names columns, though there is a header already. */
function startsTable({ known, filled }: Shape): boolean {
  return known >= 2 && known * 2 > filled
}

/**
 * `startsTable` of a row's shape: told, for a row of values, once half of them are no names. Nor are those under a column that is
 * removed: `乙肝` is a diagnosis there, though it names a field too.
 */
function namesColumns(texts: readonly string[], header: readonly string[], { isName, isRemoved }: RowNames): boolean {
  const filled = texts.reduce((sum, text) => (text === '' ? sum : sum + 1), 0)
  let known = 0
  let others = 0
  for (const [column, text] of texts.entries()) {
    if (text === '') continue
    const above = header[column] ?? ''
    if (text.length <= maxName && isName(text) && (above === text || above === '' || !isRemoved(above))) known++
    else if (++others * 2 >= filled) return false
  }
  return known >= 2
}

/** Says what each row is, one after the other. */
export class RowRoles {
  readonly #layout: Layout
  readonly #names: RowNames
  readonly #rows: number
  #at = 0
  #inTable = false
  /** The first header's names. */
  #header: readonly string[] = []

  /** Beyond the first `rows` rows, a table under its header has no other: to look for one costs more than the cells. */
  constructor(layout: Layout, names: RowNames, rows = Number.POSITIVE_INFINITY) {
    this.#layout = layout
    this.#names = names
    this.#rows = rows
  }

  /** Whether all that stands in a row of labels is what the first of them names. */
  get areAcross(): boolean {
    return this.#layout.across
  }

  /** Whether all rows that come are data. */
  get areOver(): boolean {
    return !this.#layout.labels && this.#at >= this.#rows && this.#at > this.#layout.header
  }

  next(texts: () => readonly string[]): Role {
    const at = this.#at++
    const first = this.#layout.header
    if (this.#layout.labels) return this.#besideLabels(shapeOf(texts(), this.#names))
    if (at < first) return 'title'
    if (at === first) this.#header = texts()
    else if (at >= this.#rows || !namesColumns(texts(), this.#header, this.#names)) return 'data'
    return 'header'
  }

  #besideLabels(shape: Shape): Role {
    if (startsTable(shape) && !shape.paired) {
      this.#inTable = true
      return 'header'
    }
    if (shape.known > 0 && (!this.#inTable || (shape.paired && shape.beginsWithName))) {
      this.#inTable = false
      return 'labels'
    }
    return this.#inTable ? 'data' : 'title'
  }
}

/** Where the cells of a row stand; `known`: the plan knows any of the columns. */
type Places = {
  readonly at: readonly Place[]
  readonly unnamed: Place
  readonly known: boolean
  /** Columns whose texts say what stands in the columns of values; none unless there are both. */
  readonly labels: readonly number[]
  readonly values: readonly number[]
}

/** The places of the cells of rows under one header. */
export class Columns {
  readonly names: readonly string[]
  readonly #fields: FieldCursor
  /** By the place of the row: rows stand in few places, and names are not looked up for each. */
  readonly #places = new Map<Place, Places>()
  #row: Places = { at: [], unnamed: -1, known: false, labels: [], values: [] }
  /** Where the values of the row under way stand that its labels name; null: as their columns say. */
  #described: Place | null = null

  constructor(fields: FieldCursor, names: readonly string[]) {
    this.#fields = fields
    this.names = names
  }

  /** To be called for each row before `at`; `textAt` is asked for the texts of columns that label. */
  enter(row: Place, textAt: (column: number) => string): void {
    const known = this.#places.get(row)
    this.#row = known ?? this.#look(row)
    if (known === undefined) this.#places.set(row, this.#row)
    this.#described = this.#row.values.length === 0 ? null : this.#describe(row, this.#row.labels.map(textAt))
  }

  #describe(row: Place, texts: readonly string[]): Place | null {
    const labels = texts.filter(text => text !== '' && text.length <= longestLabel).slice(0, mostLabels)
    const place = this.#fields.described(row, labels)
    return place === this.#fields.described(row, []) ? null : place
  }

  #look(row: Place): Places {
    const unnamed = this.#fields.memberNamed(row, '')
    const at = this.names.map(name => this.#fields.memberNamed(row, name))
    const { labels, values } = describingColumns(this.names.map(name => rolesAt(name, this.#fields, row)))
    return {
      labels,
      values: labels.length === 0 ? [] : values,
      at,
      unnamed,
      known: at.some((place, column) => place !== unnamed && this.#fields.namesField(this.names[column]!)),
    }
  }

  at(column: number): Place {
    if (this.#described !== null && this.#row.values.includes(column)) return this.#described
    return this.#row.at[column] ?? this.#row.unnamed
  }

  /** Whether cells may have slipped out of their columns: more texts than columns, in a table whose columns are known. */
  slipped(lastText: number): boolean {
    return this.#row.known && lastText >= this.names.length
  }
}
