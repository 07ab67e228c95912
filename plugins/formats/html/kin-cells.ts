/**
 * Elements that are alike (kin.ts) and of which each is a row: where nothing in one belongs to what is beside it, its texts are cells that
 * can be masked as members of an object (kin-rows.ts).
 */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { Word } from '../bytes.ts'
import { canBeJson } from '../rows-as-json.ts'
import type { LabelledText, Named } from '../text/labels.ts'
import { isBox } from './boxes.ts'
import type { Step, Steps, TagStep, TextStep } from './kin-steps.ts'
import { heldBy, isOneThing, isSilent } from './lone-texts.ts'

/** A text that fills a gap. */
export type Cell = {
  readonly place: Place
  /** The gap begins at the bound of this number. */
  readonly bound: number
  /** `"name":`; null: it is no member, as nothing is to be found in it. */
  readonly name: Word | null
  /** Whether it is one value; else it is read for what it holds. */
  readonly isTyped: boolean
}

export type Cells = {
  /** Where the names of cells lead from. */
  readonly parent: Place
  readonly list: readonly Cell[]
  /** Tags that have to stay as they are. */
  readonly tags: readonly TagStep[]
}

/** Cells of longer names are read one by one. */
const longestName = 128

/** null: such elements have to be masked text by text. */
export function cellsOf({ list }: Steps, fields: FieldCursor, labels: LabelledText): Cells | null {
  const texts = list.filter(step => step.kind === 'text')
  const tags = list.filter(step => step.kind === 'tags').filter(({ tag }) => tag !== null)
  if (!isOneRow(list) || !list.every(standsAlone) || !tags.every(mayStay)) return null
  const names = new Names(fields, labels)
  const cells: Cell[] = []
  for (const step of texts) {
    const cell = step.token === null ? names.cellOf(step) : null
    if (cell !== null) cells.push(cell)
    else if (step.token === null || !staysSilent(step, step.token.text, fields, labels)) return null
  }
  const { parent } = names
  return parent === null || !canBeJson(fields, parent) ? null : { parent, list: cells, tags }
}

/** A tag that is the same in all was asked whether it stays. */
function mayStay({ mayStay, values }: TagStep): boolean {
  return mayStay && values.length > 0
}

/** Whether all of an element is of one row that is its own. */
function isOneRow(list: readonly Step[]): boolean {
  const row = list.find(step => step.kind === 'text')?.row
  return typeof row === 'number' && list.every(step => step.row === undefined || step.row === row)
}

/** Whether no text beside a text, nor a box around other elements, has to do with it. */
function standsAlone(step: Step, at: number, list: readonly Step[]): boolean {
  if (step.kind === 'tags') return true
  if (step.box !== null && typeof step.box !== 'number') return false
  return [list[at - 1], list[at + 1]].every(beside => beside?.kind === 'tags' && beside.partsText && beside.partsLines)
}

/** Whether nothing is done with a text that is the same in all elements. */
function staysSilent({ place }: TextStep, text: string, fields: FieldCursor, labels: LabelledText): boolean {
  return !isBox(text.trim()) && isOneThing(text, heldBy(text), place, labels) && isSilent(text, place, fields)
}

/** What the cells of one row are called. */
class Names {
  /** Where all names lead from. */
  parent: Place | null = null
  readonly #fields: FieldCursor
  readonly #labels: LabelledText
  readonly #taken = new Set<string>()

  constructor(fields: FieldCursor, labels: LabelledText) {
    this.#fields = fields
    this.#labels = labels
  }

  /** null where a value can be no member of its row. */
  cellOf({ place, at }: TextStep): Cell | null {
    const treatment = this.#fields.treatment(place)
    const isTyped = treatment === 'mask'
    const name = treatment === 'copy' ? null : this.#nameAt(place)
    if (treatment === 'remove' || (isTyped && name === null)) return null
    return { place, bound: at.bound, name, isTyped }
  }

  #nameAt(place: Place): Word | null {
    const named = this.#labels.nameOf(place)
    if (named === null || !this.#isPlain(named)) return null
    const { parent, name } = named
    // Which of two members of one name is gone could not be told.
    if (parent !== (this.parent ?? parent) || this.#taken.has(name)) return null
    this.parent = parent
    this.#taken.add(name)
    return new Word(`${JSON.stringify(name)}:`)
  }

  /** Whether a name says nothing but what stands there, and may stand in the open. */
  #isPlain({ parent, name }: Named): boolean {
    if (name.length > longestName) return false
    this.#fields.memberNamed(parent, name)
    return !this.#fields.keyIsPersonal && this.#fields.roles === 0
  }
}
