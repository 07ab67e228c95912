/** What a page is made of, one behind the other. */
import type { Element, TextNode } from './tree.ts'
import { trait, traitsOf } from './words.ts'

export type PageAttribute = { readonly name: string; readonly value: string }

export type TagToken = {
  readonly kind: 'start' | 'end'
  readonly from: number
  readonly to: number
  readonly name: string
  /** As the tokenizer read them: the first of each name. */
  readonly attributes: readonly PageAttribute[]
  /** What the parser made of a start tag, or closed by an end tag; null where it dropped it. */
  element: Element | null
}

export type TextToken = {
  readonly kind: 'text'
  readonly from: number
  readonly to: number
  /** What it says. */
  readonly text: string
  /** What the parser put it into; null where it dropped it. */
  node: TextNode | null
}

export type PageToken =
  | TagToken
  | TextToken
  | KinToken
  | { readonly kind: 'comment' | 'doctype'; readonly from: number; readonly to: number }

/**
 * What stands between two tags of an element that holds no other, or the value of an attribute of this name. A text that is blank is passed
 * over by a label ahead of it, so that it must not be: only where no label stands beside a cell its column alone says what it is.
 */
export type Gap = {
  readonly element: Element
  readonly attribute: string | null
  readonly from: number
  readonly to: number
}

/** An element that others are like (model.ts): its tokens, and how many elements they make. */
export type Alike = {
  readonly tokens: readonly PageToken[]
  readonly gaps: readonly Gap[]
  readonly elements: number
}

/** Elements that are like one of them, and the blanks ahead of each but the first. */
export type KinToken = {
  readonly kind: 'kin'
  readonly from: number
  readonly to: number
  readonly model: Alike
  readonly count: number
  /** So many of them were parsed, that one the last of them; the others have no nodes. */
  readonly parsed: number
  /** By element, where each gap begins and ends. */
  readonly bounds: Int32Array
}

/** Whether a tag ends a running text. One that the parser dropped does not, whatever its name. */
export function partsText({ kind, name, element }: TagToken): boolean {
  if ((traitsOf(name) & trait.inline) !== 0) return false
  return element !== null || (kind === 'end' && (name === 'p' || name === 'br'))
}
