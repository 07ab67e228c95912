/** What each element of a page is at a glance: its short text, and whether it holds nothing but running text. */
import { fault } from '../faults.ts'
import { maxLabel } from './names.ts'
import type { Element, Node, Parent } from './page.ts'
import type { Pausing } from './turns.ts'
import { controls, inline } from './words.ts'

export type Glance = {
  /** All of its text, where that is short enough for a label; text in controls and scripts does not count. */
  readonly text: string | null
  /** No blocks, tables or controls inside. */
  readonly running: boolean
  readonly hasTable: boolean
  readonly hasRow: boolean
  readonly hasControl: boolean
  /** A link: it says where to go, and names nothing beside it. */
  readonly hasLink: boolean
}

const silent = new Set(['script', 'style', 'template', 'noscript', ...controls])
const maxDepth = 1024
const nodesBetweenPauses = 128

export class Outline {
  readonly #glances = new Map<Parent, Glance>()
  readonly rows = new Set(['tr', 'li', 'dl'])

  of(element: Element): Glance {
    return this.#glances.get(element)!
  }

  /** Looks through everything inside. */
  *add(node: Parent, depth = 0): Pausing<Glance> {
    if (depth > maxDepth) throw fault('too_deep')
    let text: string | null = ''
    let running = true
    let hasTable = false
    let hasRow = false
    let hasControl = false
    let hasLink = false
    for (const child of childrenOf(node)) {
      if (isText(child)) text = joined(text, child.value)
      if (!isElement(child)) continue
      const inside = yield* this.add(child, depth + 1)
      const name = child.tagName
      if (!silent.has(name)) text = joined(text, inside.text)
      hasTable ||= inside.hasTable || name === 'table'
      hasRow ||= inside.hasRow || this.rows.has(name)
      hasControl ||= inside.hasControl || controls.has(name)
      hasLink ||= inside.hasLink || (name === 'a' && attributeOf(child, 'href') !== null)
      running &&= inside.running && (inline.has(name) || name === 'br' || name.includes('-'))
    }
    const glance = { text, running, hasTable, hasRow, hasControl, hasLink }
    this.#glances.set(node, glance)
    if (this.#glances.size % nodesBetweenPauses === 0) yield
    return glance
  }
}

export function childrenOf(node: Parent): readonly Node[] {
  return 'content' in node ? node.content.childNodes : node.childNodes
}

export function isElement(node: Node): node is Element {
  return 'tagName' in node
}

export function isText(node: Node): node is Extract<Node, { nodeName: '#text' }> {
  return node.nodeName === '#text'
}

export function attributeOf(element: Element, name: string): string | null {
  return element.attrs.find(one => one.name === name)?.value ?? null
}

function joined(text: string | null, more: string | null): string | null {
  if (text === null || more === null) return null
  const all = text + (more.length > maxLabel * 4 ? more.trim() : more)
  return all.length <= maxLabel * 4 && all.trim().length <= maxLabel ? all : null
}
