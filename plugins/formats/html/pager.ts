/** The cell below all columns of a table by which a page of it is chosen: what is in it is the value of no column. */
import { childrenOf, type Element, isElement, isKin, isText, type Node } from './tree.ts'

/** Longer ones, and of more pieces, are none. */
const [longest, mostPieces] = [512, 512]
const words = /[A-Za-z]+|\p{Script=Han}+|\d+|[^\s\p{P}\p{S}]/gu
const latin = /^(?:page|pages|of|first|prev|previous|next|last|total|records?|rows?|items?|go|to)$/i
const han = /^[第共页条记录行每当前总首上下一尾末最后跳转到个数据显示]+$/
const number = /^\d{1,6}$/

/** Whether a cell says nothing but which pages there are. */
export function isPager(cell: Element): boolean {
  const text = textIn(cell)
  if (text === null || !/\d|页|page|next/i.test(text)) return false
  return Array.from(text.matchAll(words)).every(([word]) => number.test(word) || han.test(word) || latin.test(word))
}

/** All text in an element, its pieces apart; null: too much. */
function textIn(element: Element): string | null {
  const pieces: string[] = []
  const waiting: Node[] = [...childrenOf(element)]
  let length = 0
  for (let seen = 0; waiting.length > 0; seen++) {
    const node = waiting.pop()!
    const text = isText(node) ? node.value : isKin(node) ? node.text : ''
    if (text === null || (length += text.length) > longest || seen > mostPieces) return null
    pieces.push(text)
    if (isElement(node)) waiting.push(...childrenOf(node))
  }
  return pieces.join(' ')
}
