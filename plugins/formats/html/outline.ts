/** What each element of a page is at a glance: its short text, and what it holds. */
import { maxLabel } from './names.ts'
import { attributeOf, childrenOf, type Element, isElement, isText, type Parent } from './tree.ts'
import type { Pausing } from './turns.ts'
import { controls, inline } from './words.ts'

/** What may stand in an element; bits. A block is all across which text does not run on. */
export const holding = { table: 1, row: 2, control: 4, link: 8, block: 16 } as const

const rows: ReadonlySet<string> = new Set(['tr', 'li', 'dl'])
const silent: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', ...controls])
const nodesBetweenPauses = 128

/** All elements of a page, in order; of each is said what it is at a glance. Text in controls and scripts does not count. */
export function* outline(page: Parent): Pausing<readonly Element[]> {
  const elements: Element[] = []
  const open: Parent[] = [page]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (elements.length % nodesBetweenPauses === 0) yield
    if ('tagName' in node) elements.push(node)
    const children = childrenOf(node)
    for (let at = children.length - 1; at >= 0; at--) {
      const child = children[at]!
      if (isElement(child)) open.push(child)
    }
  }
  // From the last to the first, so that what is inside comes before what it is in.
  for (let at = elements.length - 1; at >= 0; at--) {
    if (at % nodesBetweenPauses === 0) yield
    look(elements[at]!)
  }
  return elements
}

export function isRow(element: Element): boolean {
  return rows.has(element.tagName) && (element.holds & holding.row) === 0
}

function look(element: Element): void {
  let text: string | null = ''
  let holds = 0
  for (const child of childrenOf(element)) {
    if (isText(child)) text = joined(text, child.value)
    if (!isElement(child)) continue
    if (!silent.has(child.tagName)) text = joined(text, child.text)
    holds |= child.holds | kindOf(child)
  }
  element.text = text
  element.holds = holds
}

/** What an element adds to what the one around it holds. */
function kindOf(element: Element): number {
  const name = element.tagName
  if (inline.has(name)) return name === 'a' && attributeOf(element, 'href') !== null ? holding.link : 0
  if (name === 'table') return holding.table | holding.block
  if (rows.has(name)) return holding.row | holding.block
  if (controls.has(name)) return holding.control | holding.block
  return name === 'br' || name.includes('-') ? 0 : holding.block
}

function joined(text: string | null, more: string | null): string | null {
  if (text === null || more === null) return null
  const all = text + (more.length > maxLabel * 4 ? more.trim() : more)
  return all.length <= maxLabel * 4 && all.trim().length <= maxLabel ? all : null
}
