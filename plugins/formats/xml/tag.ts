/** One start tag, read into its parts where they stand (XML 1.0, production 40). Offsets are in bytes from its beginning. */
import type { Place } from '../../../gateway/contracts.ts'
import { fault } from '../faults.ts'
import { holds, holdsOf, isBlank } from './characters.ts'
import { ncName, resolve } from './text.ts'

export class Attribute {
  readonly prefix: string
  readonly local: string
  /** From the space before the name, of the name, and of the value with its quotes. */
  from = 0
  nameFrom = 0
  nameTo = 0
  valueFrom = 0
  to = 0
  /** What the value holds. */
  held = 0
  /** Where it stood last, in which place; and whether its name labels, once that is known. */
  readonly stood = { parent: -1 as Place, place: 0 as Place, isValue: false }
  labels: boolean | null = null

  constructor(prefix: string, local: string) {
    this.prefix = prefix
    this.local = local
  }
}

export type StartTag = {
  /** With its prefix. */
  readonly name: string
  readonly prefix: string
  readonly local: string
  /** Where the name ends. */
  readonly nameTo: number
  readonly attributes: readonly Attribute[]
  readonly selfClosing: boolean
}

/** A change within a tag. */
export type TagEdit = { readonly from: number; readonly to: number; readonly text: string }

/** More attributes than this are no document's. */
const maxAttributes = 1024

const qualified = new RegExp(`^(?:(${ncName}):)?(${ncName})$`, 'u')
const endTag = new RegExp(`^</((?:${ncName}:)?${ncName})[ \\t\\r\\n]*>$`, 'u')
const [equals, slash, lessThan, greaterThan, doubleQuote, singleQuote] = [0x3d, 0x2f, 0x3c, 0x3e, 0x22, 0x27]
const none: readonly Attribute[] = []

/** The tag from `from` to `to`, which ends with the first `>` that is in no quotes. Throws where it is not well-formed. */
export function readStartTag(bytes: Buffer, from: number, to: number): StartTag {
  const nameTo = endOfName(bytes, from + 1)
  const { prefix, local } = nameIn(bytes, from + 1, nameTo)
  const attributes: Attribute[] = []
  let at = nameTo
  for (;;) {
    const before = at
    at = behindBlanks(bytes, at)
    const byte = bytes[at]
    if (byte === slash || byte === greaterThan) break
    if (at === before) throw fault('malformed')
    at = readAttribute(bytes, from, before, at, attributes)
    if (attributes.length > maxAttributes) throw fault('too_large')
  }
  const selfClosing = bytes[at] === slash
  if (at + (selfClosing ? 2 : 1) !== to) throw fault('malformed')
  const name = prefix === '' ? local : `${prefix}:${local}`
  return {
    ...{ name, prefix, local, nameTo: nameTo - from, selfClosing },
    attributes: attributes.length === 0 ? none : attributes,
  }
}

/** Adds the attribute whose name is at `nameFrom`, behind blanks from `before` on; returns what is behind it. */
function readAttribute(bytes: Buffer, start: number, before: number, nameFrom: number, to: Attribute[]): number {
  const nameTo = endOfName(bytes, nameFrom)
  const { prefix, local } = nameIn(bytes, nameFrom, nameTo)
  const sign = behindBlanks(bytes, nameTo)
  if (bytes[sign] !== equals) throw fault('malformed')
  const opening = behindBlanks(bytes, sign + 1)
  const quote = bytes[opening]!
  if (quote !== doubleQuote && quote !== singleQuote) throw fault('malformed')
  const closing = bytes.indexOf(quote, opening + 1)
  const attribute = new Attribute(prefix, local)
  attribute.from = before - start
  attribute.nameFrom = nameFrom - start
  attribute.nameTo = nameTo - start
  attribute.valueFrom = opening - start
  attribute.to = closing + 1 - start
  attribute.held = heldInValue(bytes, opening + 1, closing)
  to.push(attribute)
  return closing + 1
}

/** What a value holds. Throws where there is anything in it that may not be. */
function heldInValue(bytes: Buffer, from: number, to: number): number {
  let held = 0
  for (let at = from; at < to; at++) {
    if (bytes[at] === lessThan) throw fault('malformed')
    held |= holdsOf[bytes[at]!]!
  }
  if ((held & holds.reference) !== 0) resolve(bytes.toString('utf8', from, to))
  return held
}

/** Throws unless all references in the values of the tag that stands at `start` are such as XML has. */
export function checkReferences(bytes: Buffer, start: number, { attributes }: StartTag): void {
  for (const one of attributes) if ((one.held & holds.reference) !== 0) valueIn(bytes, start, one)
}

/** The value of an attribute of the tag that stands at `start`. White space in it reads as blanks (section 3.3.3). */
export function valueIn(bytes: Buffer, start: number, { valueFrom, to, held }: Attribute): string {
  const text = bytes.toString('utf8', start + valueFrom + 1, start + to - 1)
  const value = (held & holds.unlikeJson) === 0 ? text : text.replace(/\r\n|[\t\r\n]/g, ' ')
  return (held & holds.reference) === 0 ? value : resolve(value)
}

/** The name in an end tag. Throws where it is not well-formed. */
export function readEndTag(text: string): string {
  const match = endTag.exec(text)
  if (match === null) throw fault('malformed')
  return match[1]!
}

function nameIn(bytes: Buffer, from: number, to: number): { readonly prefix: string; readonly local: string } {
  const match = qualified.exec(bytes.toString('utf8', from, to))
  if (match === null) throw fault('malformed')
  return { prefix: match[1] ?? '', local: match[2]! }
}

/** What parts a name from what is behind it. */
function endOfName(bytes: Buffer, from: number): number {
  let at = from
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (isBlank(byte) || byte === equals || byte === slash || byte === greaterThan) break
    if (byte === doubleQuote || byte === singleQuote || byte === lessThan) break
  }
  return at
}

function behindBlanks(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && isBlank(bytes[at]!)) at++
  return at
}
