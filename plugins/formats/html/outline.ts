/** What each element of a page is at a glance: its short text, and what it holds. */
import { maxLabel } from './names.ts'
import { attributeOf, childrenOf, type Element, isElement, isKin, isText, type Parent } from './tree.ts'
import type { Pausing } from './turns.ts'
import { trait } from './words.ts'

/** What of an element the one around it holds. */
const told = trait.block | trait.control | trait.table | trait.row
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
  return (element.traits & trait.row) !== 0 && (element.holds & trait.row) === 0
}

function look(element: Element): void {
  let text: string | null = ''
  let holds = 0
  for (const child of childrenOf(element)) {
    if (isText(child)) text = joined(text, child.value)
    // What they hold, the one ahead of them does.
    if (isKin(child)) text = joined(text, child.text)
    if (!isElement(child)) continue
    if ((child.traits & trait.silent) === 0) text = joined(text, child.text)
    holds |= child.holds | (child.traits & told)
    if (isLink(child)) holds |= trait.link
  }
  element.text = text
  element.holds = holds
}

export function isLink(element: Element): boolean {
  return (element.traits & trait.link) !== 0 && attributeOf(element, 'href') !== null
}

/** A text with more of it behind, where all of it is short; else null. */
export function joined(text: string | null, more: string | null): string | null {
  if (text === null || more === null) return null
  const all = text + (more.length > maxLabel * 4 ? more.trim() : more)
  return all.length <= maxLabel || (all.length <= maxLabel * 4 && all.trim().length <= maxLabel) ? all : null
}
