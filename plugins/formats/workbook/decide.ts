/** The side that knows the plan of fields: what becomes of the cells and texts of a workbook. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { Columns, findLayout, namesAt, type Role, RowRoles } from '../table/header.ts'
import { leave } from '../table/members.ts'
import { LabelledText, shown } from '../text/labels.ts'
import { namesOf, rangesOf, rowOf } from './offered.ts'
import { PeopleOfRows } from './people-of-rows.ts'
import type { CellAnswer, OfferedCell, OfferedRows, Questions } from './protocol.ts'
import { SheetRows } from './rows.ts'

type Row = readonly OfferedCell[]
type SheetState = {
  readonly place: Place
  /** null: all rows are data. */
  readonly roles: RowRoles | null
  /** null: all rows are read cell by cell. */
  rows: SheetRows | null
  data: number
  columns: Columns | null
  people: PeopleOfRows | null
}

const sampleRows = 10

export class WorkbookDecisions {
  readonly #fields: FieldCursor
  readonly #root: Place
  readonly #labels: LabelledText
  readonly #sheets: Place[] = []
  #current: { readonly index: number; readonly state: SheetState } | null = null

  constructor(fields: FieldCursor) {
    this.#fields = fields
    this.#root = fields.root
    this.#labels = new LabelledText(fields)
  }

  answer(kind: keyof Questions, asks: Questions[keyof Questions]['asks']): Questions[keyof Questions]['answers'] {
    if (kind === 'rows') {
      const { sheet, rows } = asks as Questions['rows']['asks']
      return this.#decideRows(this.#stateOf(sheet, rows), rows)
    }
    this.#current?.state.rows?.pause()
    if (kind === 'sheets') return this.#name(asks as Questions['sheets']['asks'])
    return (asks as Questions['texts']['asks']).map(text => this.#labels.mask(this.#root, text))
  }

  /** To be called when there is nothing more to answer. */
  end(): void {
    this.#current?.state.rows?.end()
    this.#current = null
  }

  /** A sheet is a member named by it; a name that holds personal information is shown masked, in characters sheets may have. */
  #name(names: readonly string[]): string[] {
    let personal = 0
    const shownNames: string[] = []
    const taken = new Set<string>()
    for (const name of names) {
      this.#sheets.push(this.#fields.memberNamed(this.#root, name))
      let shownName = name
      if (this.#fields.keyIsPersonal) {
        const masked = shown(this.#fields.key(name, ++personal), name, this.#fields)
        shownName = masked === name ? name : masked.replace(/[[\]:*?/\\']/g, '_').slice(0, 25)
      }
      while (taken.has(shownName.toLowerCase())) {
        const another = `${shownName.slice(0, 22)}_${shownNames.length + 1}_`
        if (shownName === name || another === shownName) throw fault('malformed')
        shownName = another
      }
      taken.add(shownName.toLowerCase())
      shownNames.push(shownName)
    }
    return shownNames
  }

  #stateOf(index: number, rows: OfferedRows): SheetState {
    if (this.#current?.index === index) return this.#current.state
    this.end()
    const place = this.#sheets[index]
    if (place === undefined) throw fault('malformed')
    const sample = rangesOf(rows).slice(0, sampleRows)
    const names = sample.map(([from, to]) => namesOf(rows, from, to))
    const { columns } = this.#fields
    const row = this.#fields.element(place, 0)
    const layout = findLayout(names, this.#fields, row)
    const roles = columns === undefined ? new RowRoles(layout, namesAt(this.#fields, row)) : null
    const state: SheetState = {
      place,
      roles,
      rows: SheetRows.of(this.#fields, place),
      data: 0,
      columns: null,
      people: null,
    }
    if (columns !== undefined) this.#nameColumns(state, columns)
    this.#current = { index, state }
    return state
  }

  #nameColumns(state: SheetState, names: readonly string[]): void {
    state.columns = new Columns(this.#fields, names)
    state.people = PeopleOfRows.of(this.#fields, this.#labels, this.#fields.element(state.place, 0), names)
    state.rows?.members.name(names)
  }

  #decideRows(state: SheetState, rows: OfferedRows): CellAnswer[] {
    const answers = new Array<CellAnswer>(rows.texts.length).fill(true)
    const data: [from: number, to: number][] = []
    state.rows?.take(rows, answers)
    for (const [from, to] of rangesOf(rows)) {
      const role = state.roles?.next(() => namesOf(rows, from, to)) ?? 'data'
      if (role === 'data') data.push([from, to])
      if (role === 'data' && state.rows?.add(rows, from, to) === true) continue
      state.rows = leave(state.rows)
      if (role === 'header') this.#nameColumns(state, namesOf(rows, from, to))
      const row = rowOf(rows, from, to)
      for (const [at, answer] of this.#decide(state, role, row).entries()) answers[from + at] = answer
    }
    if (state.people?.asks === true) state.rows?.pause()
    else state.rows?.flush()
    for (const [from, to] of data) state.people?.hide(rows, answers, from, to)
    return answers
  }

  #decide(state: SheetState, role: Role, row: Row): CellAnswer[] {
    if (role === 'header') return this.#header(state, row)
    if (role === 'labels') return this.#labelled(state, row)
    if (role === 'title') return row.map(cell => this.#title(state, cell))
    this.#fields.beginElement()
    const place = this.#fields.element(state.place, state.data++)
    state.columns!.enter(place, column => row.find(cell => cell.column === column)?.text.trim() ?? '')
    const answers = row.map(cell => this.#cell(state.columns!.at(cell.column), cell))
    this.#fields.endElement()
    return answers
  }

  #header(state: SheetState, row: Row): CellAnswer[] {
    const place = this.#fields.element(state.place, 0)
    let personal = 0
    return row.map(cell => {
      if (cell.text === '') return this.#formulaOnly(cell)
      this.#fields.memberNamed(place, cell.text)
      if (!this.#fields.keyIsPersonal) return this.#formulaOnly(cell)
      const masked = shown(this.#fields.key(cell.text, ++personal), cell.text, this.#fields)
      return masked === cell.text ? this.#formulaOnly(cell) : masked
    })
  }

  #title(state: SheetState, cell: OfferedCell): CellAnswer {
    if (cell.text === '' || cell.kind !== 'string') return this.#cell(state.place, cell)
    const masked = this.#labels.mask(state.place, cell.text)
    return masked === cell.text ? this.#formulaOnly(cell) : masked
  }

  /** Each text that is a name says what the next one is, or all behind it. */
  #labelled(state: SheetState, row: Row): CellAnswer[] {
    const { place } = state
    let at = place
    return row.map(cell => {
      const isName = cell.kind === 'string' && cell.text.length <= 64 && at === place
      const named = isName ? this.#labels.placeOf(place, cell.text.trim()) : null
      if (named !== null) {
        at = named
        return this.#formulaOnly(cell)
      }
      const answer = at === place ? this.#title(state, cell) : this.#cell(at, cell)
      if (state.roles?.areAcross !== true) at = place
      return answer
    })
  }

  #cell(place: Place, cell: OfferedCell): CellAnswer {
    if (cell.text === '') return this.#formulaOnly(cell)
    const treatment = this.#fields.treatment(place)
    const outcome = treatment === 'copy' ? 'keep' : this.#fields.scalar(place, cell.text, cell.kind)
    const masked = shown(outcome, cell.text, this.#fields)
    return masked === cell.text ? this.#formulaOnly(cell) : masked
  }

  /** A value that stays; its formula stays if nothing is found in that. */
  #formulaOnly({ formula }: OfferedCell): CellAnswer {
    return formula === null || formula === '' || this.#labels.mask(this.#root, formula) === formula
  }
}
