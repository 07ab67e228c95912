/** Strings of workbooks (ECMA-376, 18.4): the table that cells share, and how characters are escaped in them. */
import { fault } from '../faults.ts'
import { betweenElements, enterRoot, leaveRoot, PartEdits } from './edits.ts'
import { partText, XmlReader } from './xml.ts'

/** A string's own escapes: `_x0041_` is `A` (22.9.2.19). Excel shows them so, and digits could hide in them. */
export function decodeString(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([\da-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
}

export function encodeString(text: string): string {
  return text.replace(/_(?=x[\da-fA-F]{4}_)/g, '_x005F_')
}

export type Runs = {
  readonly text: string
  /** There is more than runs of text and how they look: it has to be written anew to leave. */
  readonly odd: boolean
}

export const noRuns: Runs = { text: '', odd: false }

/** Elements that say how a run looks (18.4.7), with values too short to say more. */
const looks: ReadonlySet<string> = new Set([
  ...['r', 't', 'rPr', 'b', 'i', 'u', 'strike', 'outline', 'shadow', 'condense', 'extend', 'sz', 'color', 'rFont'],
  ...['family', 'charset', 'scheme', 'vertAlign'],
])
const short = /^(?:[\w.+-]{0,8}|preserve|[a-zA-Z ]{0,40}|superscript|宋体|等线|微软雅黑|黑体|楷体|仿宋|Calibri Light)$/

/**
 * The text of an element that holds `t` elements, in one run or several, up to its end. Readings (`rPh`) are no part of it: they
 * say the same again.
 */
export function readRuns(xml: XmlReader): Runs {
  const depth = xml.depth
  let text = ''
  let odd = xml.attributes.length > 0
  while (xml.next() !== 'close' || xml.depth !== depth) {
    if (xml.at('text')) odd ||= xml.value.trim() !== ''
    else if (xml.at('comment')) odd = true
    else if (xml.at('open') || xml.at('empty')) {
      odd ||= !looks.has(xml.local) || xml.attributes.some(({ value }) => !short.test(value))
      if (xml.is('rPh')) xml.skip()
      else if (xml.at('open') && xml.is('t')) text += readText(xml)
    }
  }
  return { text: decodeString(text), odd }
}

/** The text inside the element that was just opened, which holds nothing else. */
export function readText(xml: XmlReader): string {
  const { depth } = xml
  let text = ''
  while (xml.next() !== 'close' || xml.depth !== depth) {
    if (!xml.at('text')) throw fault('malformed')
    text += xml.value
  }
  return text
}

const stringsAtOnce = 4096

export class SharedStrings {
  readonly texts: string[] = []
  /** By index: whether a cell that stays shows it. */
  readonly #shown: boolean[] = []
  readonly #spans: { readonly from: number; readonly to: number; readonly name: string; readonly odd: boolean }[] = []
  readonly #edits: PartEdits

  constructor(content: Buffer) {
    const text = partText(content)
    const xml = new XmlReader(text)
    this.#edits = new PartEdits(text)
    enterRoot(xml, this.#edits, 'sst')
    const count = /^\d{0,9}$/
    if (xml.attributes.some(({ name, value }) => !name.startsWith('xmlns') && !count.test(value)))
      throw fault('malformed')
    if (xml.at('open')) this.#read(xml)
    leaveRoot(xml, this.#edits)
  }

  #read(xml: XmlReader): void {
    const { depth } = xml
    while (xml.next() !== 'close' || xml.depth !== depth) {
      betweenElements(xml, this.#edits)
      if (!xml.at('open') && !xml.at('empty')) continue
      const { from, name, token } = xml
      if (xml.is('si')) {
        const { text, odd } = token === 'open' ? readRuns(xml) : { text: '', odd: true }
        this.texts.push(text)
        this.#spans.push({ from, to: xml.to, name, odd })
      } else {
        xml.skip()
        this.#edits.replace(from, xml.to, '')
      }
    }
  }

  show(index: number): void {
    this.#shown[index] = true
  }

  /** The table with the strings that are shown, at their old places, as plain text; all others are empty. */
  result(): Buffer {
    let since = this.#edits.count
    const isPlain = since === 0
    for (const [index, { from, to, name, odd }] of this.#spans.entries()) {
      if (isPlain && index > 0 && index % stringsAtOnce === 0) {
        this.#edits.settle(this.#spans[index - stringsAtOnce]!.from, this.#spans[index - 1]!.to, since)
        since = this.#edits.count
      }
      const isShown = this.#shown[index] === true
      if (isShown && !odd) continue
      const prefix = name.slice(0, -'si'.length)
      const text = isShown ? writtenText(prefix, this.texts[index]!) : `<${prefix}t/>`
      this.#edits.replace(from, to, `<${name}>${text}</${name}>`)
    }
    return this.#edits.result()
  }
}

/** A `t` element. */
export function writtenText(prefix: string, text: string): string {
  return `<${prefix}t xml:space="preserve">${escapeText(encodeString(text))}</${prefix}t>`
}

function escapeText(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/[&<>\r]/g, found => `&#${found.charCodeAt(0)};`)
}
