/** Names of the elements that HTML has, known by an automaton over their characters, in capitals or not. */
import { html } from 'parse5'
import { knownTags } from './words.ts'

/** `takesMore`: attributes of the next such tag are added to its element. */
export type TagName = { readonly name: string; readonly id: html.TAG_ID; readonly takesMore: boolean }

/** Letters, digits; the first is for what is in no name. */
export const statesWide = 37
/** By character of ASCII, its column in `nameStates`; 0: it is in no name. */
export const nameColumns = new Uint8Array(128)
for (let nth = 0; nth < 26; nth++) nameColumns[0x61 + nth] = nameColumns[0x41 + nth] = 1 + nth
for (let nth = 0; nth < 10; nth++) nameColumns[0x30 + nth] = 27 + nth

/** By state, the name that ends there. */
export const tagNames: (TagName | undefined)[] = []
/** From state to state by columns; 0: no name goes on so, and where all begin. */
export const nameStates: Uint16Array = statesOf(knownTags)

function statesOf(names: Iterable<string>): Uint16Array {
  const rows: number[][] = [new Array(statesWide).fill(0)]
  for (const name of names) {
    let state = 0
    for (const letter of name) {
      const column = nameColumns[letter.charCodeAt(0)]!
      if (rows[state]![column] === 0) rows[state]![column] = rows.push(new Array(statesWide).fill(0)) - 1
      state = rows[state]![column]!
    }
    tagNames[state] = { name, id: html.getTagID(name), takesMore: name === 'html' || name === 'body' }
  }
  return Uint16Array.from(rows.flat())
}

/** Of attributes: small letters, digits, `-` and `_` are read as they stand. */
export const attributeKind = new Uint8Array(128)
for (const letter of 'abcdefghijklmnopqrstuvwxyz0123456789-_') attributeKind[letter.charCodeAt(0)] = 1
