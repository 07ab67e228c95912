/** How a part is written again: spans of its text anew, and all else as it is. */
import { fault } from '../faults.ts'
import type { XmlReader } from './xml.ts'

/**
 * Reads up to the root element. Before and behind it, as between elements, there are blanks; comments go, and text that nobody
 * reads is a fault.
 */
export function enterRoot(xml: XmlReader, edits: PartEdits, local: string): void {
  while (xml.next() !== 'open' && !xml.at('empty')) betweenElements(xml, edits)
  if (!xml.is(local)) throw fault('malformed')
}

export function leaveRoot(xml: XmlReader, edits: PartEdits): void {
  while (xml.next() !== 'end') betweenElements(xml, edits)
}

export function betweenElements(xml: XmlReader, edits: PartEdits): void {
  if (xml.at('comment')) edits.replace(xml.from, xml.to, '')
  if (xml.at('text') && xml.value.trim() !== '') throw fault('malformed')
}

/** Text as it is written in XML; what XML cannot say is left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/[&<>"\r\n\t]/g, found => `&#${found.charCodeAt(0)};`)
}

type Edit = { readonly from: number; readonly to: number; readonly text: string | Buffer }

/** Spans of a part that are written anew. */
export class PartEdits {
  readonly #text: string
  readonly #edits: Edit[] = []

  constructor(text: string) {
    this.#text = text
  }

  /** How many there are by now. */
  get count(): number {
    return this.#edits.length
  }

  /** Spans come in any order and do not overlap, but for those inside one that is cut. */
  replace(from: number, to: number, text: string): void {
    this.#edits.push({ from, to, text })
  }

  /**
   * Writes a span in which nothing more will be done, so that a large part costs its bytes and not a million edits. `since`:
   * how many edits there were before the first in it.
   */
  settle(from: number, to: number, since: number): void {
    const inside: Edit[] = []
    for (const edit of this.#edits.splice(since)) {
      if (edit.from >= from && edit.to <= to) inside.push(edit)
      else this.#edits.push(edit)
    }
    this.#edits.push({ from, to, text: this.#write(from, to, inside) })
  }

  result(): Buffer {
    return this.#write(0, this.#text.length, this.#edits)
  }

  #write(start: number, end: number, edits: Edit[]): Buffer {
    const pieces: Buffer[] = []
    let written = ''
    let done = start
    let settled = start
    for (const { from, to, text } of edits.sort((a, b) => a.from - b.from || b.to - a.to)) {
      // it would be lost, and what it hides would leave
      if (from < settled) throw new TypeError('an edit of what is written')
      if (from < done) continue
      written += this.#text.slice(done, from)
      if (typeof text === 'string') written += text
      else {
        pieces.push(Buffer.from(written), text)
        written = ''
        settled = to
      }
      done = to
    }
    return Buffer.concat([...pieces, Buffer.from(written + this.#text.slice(done, end))])
  }
}
