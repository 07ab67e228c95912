/** One start tag, read into its parts (XML 1.0, production 40) and written again with some of them changed. */
import { fault } from '../faults.ts'
import { ncName, resolve } from './text.ts'

export type Attribute = {
  readonly prefix: string
  readonly local: string
  readonly value: string
  /** Offsets into the tag: from the space before the name, of the name, and of the value with its quotes. */
  readonly from: number
  readonly nameFrom: number
  readonly nameTo: number
  readonly valueFrom: number
  readonly to: number
}

export type StartTag = {
  readonly text: string
  readonly name: string
  readonly prefix: string
  readonly local: string
  readonly attributes: readonly Attribute[]
  readonly selfClosing: boolean
}

/** A change within a tag. */
export type TagEdit = { readonly from: number; readonly to: number; readonly text: string }

/** More attributes than this are no document's. */
const maxAttributes = 1024

const space = '[ \\t\\r\\n]'
const nameParts = `(?:(${ncName}):)?(${ncName})`
const opening = new RegExp(`<${nameParts}`, 'uy')
const attribute = new RegExp(`(${space}+)${nameParts}${space}*=${space}*("[^<"]*"|'[^<']*')`, 'uy')
const closing = new RegExp(`${space}*(/?)>`, 'uy')
const endTag = new RegExp(`^</((?:${ncName}:)?${ncName})${space}*>$`, 'u')

/** Throws where the tag is not well-formed. */
export function readStartTag(text: string): StartTag {
  opening.lastIndex = 0
  const head = opening.exec(text)
  if (head === null) throw fault('malformed')
  const attributes: Attribute[] = []
  let at = opening.lastIndex
  for (;;) {
    attribute.lastIndex = at
    const match = attribute.exec(text)
    if (match === null) break
    const [whole, before = '', prefix = '', local = '', quoted = ''] = match
    const nameFrom = at + before.length
    const to = at + whole.length
    attributes.push({
      prefix,
      local,
      value: resolve(normalised(quoted.slice(1, -1))),
      from: at,
      nameFrom,
      nameTo: nameFrom + (prefix === '' ? 0 : prefix.length + 1) + local.length,
      valueFrom: to - quoted.length,
      to,
    })
    if (attributes.length > maxAttributes) throw fault('too_large')
    at = to
  }
  closing.lastIndex = at
  const tail = closing.exec(text)
  if (tail === null || closing.lastIndex !== text.length) throw fault('malformed')
  const [whole, prefix = '', local = ''] = head
  return { text, name: whole.slice(1), prefix, local, attributes, selfClosing: tail[1] === '/' }
}

/** The name in an end tag. Throws where it is not well-formed. */
export function readEndTag(text: string): string {
  const match = endTag.exec(text)
  if (match === null) throw fault('malformed')
  return match[1]!
}

/** The tag with its changes, which do not overlap. */
export function writeTag({ text }: StartTag, edits: readonly TagEdit[]): string {
  let written = ''
  let done = 0
  for (const edit of [...edits].sort((a, b) => a.from - b.from || a.to - b.to)) {
    written += text.slice(done, edit.from) + edit.text
    done = edit.to
  }
  return written + text.slice(done)
}

/** White space in an attribute reads as blanks (section 3.3.3). */
function normalised(value: string): string {
  return value.replace(/\r\n|[\t\r\n]/g, ' ')
}
