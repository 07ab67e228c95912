/** Strings of workbooks (ECMA-376, 18.4): the table that cells share, and how characters are escaped in them. */
import { PartEdits, partText, XmlReader } from './xml.ts'

/** A string's own escapes: `_x0041_` is `A` (22.9.2.19). Excel shows them so, and digits could hide in them. */
export function decodeString(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([\da-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text
}

export function encodeString(text: string): string {
  return text.replace(/_(?=x[\da-fA-F]{4}_)/g, '_x005F_')
}

/**
 * The text of an element that holds `t` elements, in one run or several, up to its end. Readings (`rPh`) are no part of it: they
 * say the same again.
 */
export function readRuns(xml: XmlReader): string {
  const depth = xml.depth
  let text = ''
  while (xml.next() !== 'close' || xml.depth !== depth) {
    if (xml.at('open') && xml.is('rPh')) xml.skip()
    else if (xml.at('open') && xml.is('t')) text += readText(xml)
  }
  return decodeString(text)
}

/** The text inside the element that was just opened, and in all elements in it. */
export function readText(xml: XmlReader): string {
  const depth = xml.depth
  let text = ''
  while (xml.next() !== 'close' || xml.depth !== depth) if (xml.at('text')) text += xml.value
  return text
}

export class SharedStrings {
  readonly texts: string[] = []
  /** By index: whether a cell that stays shows it. */
  readonly #shown: boolean[] = []
  readonly #spans: { readonly from: number; readonly to: number; readonly name: string }[] = []
  readonly #readings: { readonly from: number; readonly to: number }[] = []
  readonly #text: string

  constructor(content: Buffer) {
    this.#text = partText(content)
    const xml = new XmlReader(this.#text)
    while (xml.next() !== 'end') {
      if (xml.at('empty') && xml.is('si')) this.#add('', xml.from, xml.to, xml.name)
      if (!xml.at('open')) continue
      if (xml.is('si')) {
        const { from, name } = xml
        const text = readRuns(xml)
        this.#add(text, from, xml.to, name)
      } else if (xml.is('extLst')) {
        const { from } = xml
        xml.skip()
        this.#readings.push({ from, to: xml.to })
      }
    }
  }

  show(index: number): void {
    this.#shown[index] = true
  }

  /** The table with the strings that are shown, at their old places, as plain text; all others are empty. */
  result(): Buffer {
    const edits = new PartEdits(this.#text)
    for (const { from, to } of this.#readings) edits.replace(from, to, '')
    for (const [index, { from, to, name }] of this.#spans.entries()) {
      if (this.#shown[index] === true && !/<(?:\w+:)?(?:rPh|phoneticPr)\b|<!/.test(this.#text.slice(from, to))) continue
      const prefix = name.slice(0, -'si'.length)
      const text = this.#shown[index] === true ? writtenText(prefix, this.texts[index]!) : `<${prefix}t/>`
      edits.replace(from, to, `<${name}>${text}</${name}>`)
    }
    return edits.result()
  }

  #add(text: string, from: number, to: number, name: string): void {
    this.texts.push(text)
    this.#spans.push({ from, to, name })
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
