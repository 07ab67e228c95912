/**
 * Headers that are tables of their own, right above the table of their rows, so that they stay in view while those are scrolled: as
 * jqGrid, EasyUI and Element UI lay out their grids, and pages that fix their headers by themselves.
 */
import type { Place } from '../../../gateway/contracts.ts'
import { columnCountOf, Grid, type Row, rowCountOf } from './grid.ts'
import { endsInColon, type Names } from './names.ts'
import {
  attributeOf,
  childrenOf,
  type Element,
  isElement,
  isKin,
  isText,
  type Node,
  type Parent,
  parentOf,
} from './tree.ts'
import type { Pausing } from './turns.ts'
import { trait } from './words.ts'

/** The rows of a header, those without any word left out. */
export type Head = {
  readonly rows: readonly Row[]
  /** Whether it is marked as one, and not told by its words. */
  readonly isMarked: boolean
}
type Waiting = Head & { readonly width: number }

const mostRows = 8
/** Headers side by side; all that wait are looked through for each table. */
const mostWaiting = 16
const nodesBetweenPauses = 128
const silent = trait.silent & ~trait.control

/** By table, the header ahead of it. `elements`: all of the page, in order; `root`: where it stands. */
export function* headsOf(
  elements: readonly Element[],
  document: Parent,
  root: Place,
  names: Names,
): Pausing<ReadonlyMap<Element, Head>> {
  const found = new Map<Element, Head>()
  if (!areSeveral(elements)) return found
  const grid = new Grid(root, root, names)
  for (const tables of yield* tablesTogether(document)) {
    let waiting: Waiting[] = []
    let last: Waiting | null = null
    for (const [at, table] of tables.entries()) {
      const head = at + 1 < tables.length ? yield* headOf(table, grid) : null
      if (head !== null) {
        waiting.push(head)
        if (waiting.length > mostWaiting) waiting.shift()
        continue
      }
      const width = columnCountOf(table)
      // A body may be several tables, one for each row even; ahead of frozen columns and others stand the headers of both.
      const own: Waiting | undefined =
        waiting.length === 0 ? (last ?? undefined) : waiting.find(one => one.width === width)
      if (own === undefined || own.width !== width) waiting = []
      else {
        found.set(table, own)
        waiting = waiting.filter(one => one !== own)
      }
      last = own?.width === width ? own : null
    }
  }
  return found
}

/** Whether a header without marks, which may as well be a line of a form, can be that of these rows: none names anything below it. */
export function mayHead({ rows: [head], isMarked }: Head, rows: readonly Row[]): boolean {
  if (isMarked) return true
  const named = new Set(head!.cells.filter(({ isName }) => isName).map(({ column }) => column))
  return !rows.some(({ cells }) => cells.some(({ isName, column }) => isName && named.has(column)))
}

function areSeveral(elements: readonly Element[]): boolean {
  let count = 0
  for (const element of elements) if (isTable(element) && ++count > 1) return true
  return false
}

/** A table that holds no other: what does is layout. */
function isTable({ traits, holds }: Element): boolean {
  return (traits & trait.table) !== 0 && (holds & trait.table) === 0
}

/** Tables that stand one after the other, with nothing between them that a reader sees. */
function* tablesTogether(document: Parent): Pausing<Element[][]> {
  const all: Element[][] = []
  let together: Element[] = []
  const part = () => {
    if (together.length > 1) all.push(together)
    together = []
  }
  const open: Node[] = [...childrenOf(document)].reverse()
  for (let done = 0; open.length > 0; done++) {
    if (done % nodesBetweenPauses === 0) yield
    const node = open.pop()!
    if (isText(node) ? node.value.trim() !== '' : isKin(node)) part()
    if (!isElement(node)) continue
    if (isTable(node)) together.push(node)
    else if ((node.traits & trait.control) !== 0) {
      if (attributeOf(node, 'type')?.toLowerCase() !== 'hidden') part()
    } else if ((node.traits & silent) === 0) {
      const children = childrenOf(node)
      for (let at = children.length - 1; at >= 0; at--) open.push(children[at]!)
    }
  }
  part()
  return all
}

/** null: it is no header. */
function* headOf(table: Element, grid: Grid): Pausing<Waiting | null> {
  if (rowCountOf(table, mostRows) > mostRows) return null
  const rows = (yield* grid.rowsOf(table)).filter(({ cells }) => cells.some(({ element }) => !isEmpty(element)))
  if (!rows.some(({ cells }) => cells.some(({ isName }) => isName))) return null
  const isMarked = rows.every(({ isHeader }) => isHeader)
  const [first] = rows
  if (!isMarked && (rows.length > 1 || !areLabels(first!, isCalledHead(table)))) return null
  const width = Math.max(...rows.map(({ cells }) => columnsOf(cells, isMarked)))
  return { rows, isMarked, width }
}

function isEmpty({ text }: Element): boolean {
  return text !== null && text.trim() === ''
}

/** Above the bar by which rows are scrolled a header has one column more. */
const bar = /\b(?:gutter|scrollbar)\b/i

function columnsOf(cells: Row['cells'], isMarked: boolean): number {
  const last = cells.at(-1)
  if (last === undefined) return 0
  const isBar = isMarked && isEmpty(last.element) && bar.test(attributeOf(last.element, 'class') ?? '')
  return isBar ? last.column : last.column + last.width
}

/**
 * Whether cells without marks are labels of columns: names side by side, or at the end. A line of a form has a value behind each; in a
 * table that is called a header so much is not asked, but that not the first alone is a name.
 */
function areLabels({ cells }: Row, isCalled: boolean): boolean {
  const filled = cells.filter(({ element }) => !isEmpty(element))
  if (filled.length < 2 || filled.some(({ label }) => label === '' || /\d/.test(label) || endsInColon(label)))
    return false
  const known = filled.map(({ isName }) => isName)
  if (filled.length % 2 === 0 && known.every((one, at) => one === (at % 2 === 0))) return false
  if (known.at(-1) === true && filled.length > 2) return true
  if (known.some((one, at) => one && known[at + 1] === true)) return true
  return isCalled && known.some((one, at) => one && at % 2 === 1)
}

const called = /head|hdr|title|fixed/i
const around = 3

/** Whether a table, or what it stands in, is called a header. */
function isCalledHead(table: Element): boolean {
  let node: Parent | null = table
  for (let up = 0; up <= around && node !== null && 'tagName' in node; up++, node = parentOf(node)) {
    if (called.test(attributeOf(node, 'class') ?? '') || called.test(attributeOf(node, 'id') ?? '')) return true
  }
  return false
}
