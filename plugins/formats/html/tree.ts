/**
 * The tree of a page (parse5), with room in each node for what is read of it: a map beside the tree would cost a look-up with
 * every look, and as much memory again.
 */
import { type DefaultTreeAdapterMap, type DefaultTreeAdapterTypes, defaultTreeAdapter, type TreeAdapter } from 'parse5'
import type { Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { traitsOf } from './words.ts'

/** Where something stands. Most elements stand where the one around them stands, and share its seat. */
export type Seat = {
  readonly place: Place
  /** The table row, list item or definition list that holds no other. */
  readonly row: Element | null
  /** The element that is a field: what stands in one of them is no part of what stands in another. */
  readonly field: Element | TextNode | null
}

type Seated = {
  /** As places.ts says; null: where the page stands. */
  seat: Seat | null
}

export type Element = DefaultTreeAdapterTypes.Element &
  Seated & {
    /** What it is and what it holds, by `trait`; the latter as outline.ts says, with all of its text where that is short. */
    readonly traits: number
    holds: number
    text: string | null
    /** What its table says it is; null: it is no cell of one. */
    cell: CellPlace | null
  }

/** `place`: what its column and row say of a value; null: nothing, or it is the name of a field or a header. */
export type CellPlace = { readonly kind: 'value' | 'label' | 'header'; readonly place: Place | null }

export type TextNode = DefaultTreeAdapterTypes.TextNode & {
  /** Where a label says that it stands; null: where the element around it stands. */
  place: Place | null
  /** The field that it goes on, where it stands by a label; null: it is one itself. */
  field: Element | TextNode | null
}

/** In place of elements that are like the one ahead of them (kin.ts). `text`: all of theirs, where that is short. */
export type Kin = {
  readonly nodeName: '#kin'
  readonly parentNode: Parent
  readonly text: string | null
  readonly count: number
}

export type Document = DefaultTreeAdapterTypes.Document & Seated
export type Parent = Document | Element | (DefaultTreeAdapterTypes.DocumentFragment & Seated)
export type Node = DefaultTreeAdapterTypes.ChildNode | Kin

/** Nodes that a table throws out before itself are looked up one by one among their new brothers. */
const maxMoved = 20_000

/** Makes the nodes of one page. Throws `too_large` where too many are moved. */
export class PageTree {
  /** The text that was written last. */
  written: TextNode | null = null
  readonly adapter: TreeAdapter<DefaultTreeAdapterMap>
  #moved = 0

  constructor() {
    this.adapter = {
      ...defaultTreeAdapter,
      createDocument: () => ({ ...defaultTreeAdapter.createDocument(), seat: null }),
      createDocumentFragment: () => ({ ...defaultTreeAdapter.createDocumentFragment(), seat: null }),
      createElement,
      createTextNode,
      appendChild,
      insertText: (parent, text) => this.#write(parent, text),
      insertTextBefore: (parent, text, reference) => this.#writeBefore(parent, text, reference),
      insertBefore: (parent, node, reference) => {
        this.#countMoved()
        defaultTreeAdapter.insertBefore(parent, node, reference)
      },
      // Tokens know where they stand; nodes need not.
      setNodeSourceCodeLocation: () => {},
      getNodeSourceCodeLocation: () => null,
      updateNodeSourceCodeLocation: () => {},
    }
  }

  #write(parent: DefaultTreeAdapterTypes.ParentNode, text: string): void {
    const last = parent.childNodes[parent.childNodes.length - 1]
    if (last !== undefined && isText(last)) {
      last.value += text
      this.written = last
    } else {
      this.written = createTextNode(text)
      appendChild(parent, this.written)
    }
  }

  #writeBefore(
    parent: DefaultTreeAdapterTypes.ParentNode,
    text: string,
    reference: DefaultTreeAdapterTypes.ChildNode,
  ): void {
    this.#countMoved()
    const { childNodes } = parent
    const last = childNodes.length - 1
    const before = childNodes[(childNodes[last] === reference ? last : childNodes.indexOf(reference)) - 1]
    if (before !== undefined && isText(before)) {
      before.value += text
      this.written = before
    } else {
      this.written = createTextNode(text)
      defaultTreeAdapter.insertBefore(parent, this.written, reference)
    }
  }

  #countMoved(): void {
    if (++this.#moved > maxMoved) throw fault('too_large')
  }
}

/** Of every element until it has one; nothing is added to it (`appendChild`). */
const noChildren: DefaultTreeAdapterTypes.ChildNode[] = []
Object.freeze(noChildren)

const createElement: TreeAdapter<DefaultTreeAdapterMap>['createElement'] = (tagName, namespaceURI, attrs): Element => ({
  nodeName: tagName,
  tagName,
  attrs,
  namespaceURI,
  childNodes: noChildren,
  parentNode: null,
  seat: null,
  traits: traitsOf(tagName),
  holds: 0,
  text: null,
  cell: null,
})

function createTextNode(value: string): TextNode {
  return { nodeName: '#text', value, parentNode: null, place: null, field: null }
}

/** Most elements have one child, and room for one: what grows by itself takes seventeen times that. */
function appendChild(parent: DefaultTreeAdapterTypes.ParentNode, node: DefaultTreeAdapterTypes.ChildNode): void {
  if (parent.childNodes.length === 0) parent.childNodes = [node]
  else parent.childNodes.push(node)
  node.parentNode = parent
}

/** What stands in a node; of a template its content. */
export function childrenOf(node: Parent): readonly Node[] {
  return ('content' in node ? (node as DefaultTreeAdapterTypes.Template).content.childNodes : node.childNodes) as Node[]
}

export function isElement(node: Node | Parent): node is Element {
  return 'tagName' in node
}

export function isText(node: Node): node is TextNode {
  return node.nodeName === '#text'
}

export function isKin(node: Node): node is Kin {
  return node.nodeName === '#kin'
}

export function attributeOf(element: Element, name: string): string | null {
  for (const one of element.attrs) if (one.name === name) return one.value
  return null
}

/** What a node stands in. */
export function parentOf(node: Element | TextNode): Parent | null {
  return node.parentNode as Parent | null
}
