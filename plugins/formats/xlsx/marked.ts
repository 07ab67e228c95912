/**
 * Parts that hold text here and there: styles, drawings, comments, charts, tables. Texts and attributes are read; what
 * keeps values of cells a second time is taken out.
 */
import { fault } from '../faults.ts'
import type { Ask } from '../workbook/protocol.ts'
import { Words } from '../workbook/words.ts'
import { escapeXml, type PartEdits } from './edits.ts'
import { decodeString, encodeString } from './strings.ts'
import type { XmlReader } from './xml.ts'

/** Elements that go, wherever they stand, by the names behind their colons. */
const gone: ReadonlySet<string> = new Set([
  // what other programs put there: nothing here knows what is in it
  'extLst',
  // values of cells that charts keep, and rules and filters that name values
  'externalData',
  'pivotSource',
  'dataValidations',
  'conditionalFormatting',
  'filterColumn',
  'sortState',
  'scenarios',
  'customSheetViews',
  'customProperties',
  'hyperlinks',
  'hlinkClick',
  'hlinkHover',
  'oleObjects',
  'controls',
  'webPublishItems',
  'dataConsolidate',
  'smartTags',
  'protectedRanges',
  'cellWatches',
  'phoneticPr',
  'rPh',
  'calculatedColumnFormula',
  'totalsRowFormula',
  'xmlColumnPr',
])

/** What a relation leads to may be gone; then the whole of these goes with it. */
const units: ReadonlySet<string> = new Set([
  ...['twoCellAnchor', 'oneCellAnchor', 'absoluteAnchor', 'shape', 'userShapes'],
  ...['drawing', 'legacyDrawing', 'legacyDrawingHF', 'picture', 'tableParts'],
])
/** Names of attributes, behind a prefix, that hold the id of a relation. */
const relating: ReadonlySet<string> = new Set(['id', 'embed', 'link', 'pict', 'relid', 'dm', 'lo', 'qs', 'cs'])

/** Elements that hold one text, in one run or several. */
const paragraphs: ReadonlySet<string> = new Set(['p', 'text', 'is', 'si'])
/** Who wrote a comment: always a person. */
const authors: ReadonlySet<string> = new Set(['author', 'displayName', 'userId', 'userName'])

export class MarkedText {
  readonly #edits: PartEdits
  readonly #relations: ReadonlySet<string>
  readonly #words = new Words()
  /** A relation that is gone was met, and the unit it stands in has not ended. */
  #broken = false

  /** `relations`: the ids of this part's relations that are left. */
  constructor(edits: PartEdits, relations: ReadonlySet<string>) {
    this.#edits = edits
    this.#relations = relations
  }

  /** Texts that wait for `settle`. */
  get pending(): number {
    return this.#words.pending
  }

  /** To be called at the end of a part: it must not lead to anything that is gone. */
  end(): void {
    if (this.#broken) throw fault('malformed')
  }

  /** Whether the element that was just opened goes, wherever it stands; it is then cut, and passed over. */
  drop(xml: XmlReader, also = false): boolean {
    const cached = xml.is('pt') && xml.get('idx') !== undefined
    if (!also && !cached && !gone.has(xml.local)) return false
    const { from } = xml
    xml.skip()
    this.#edits.replace(from, xml.to, '')
    return true
  }

  /** The attributes of the element that was just opened. */
  attributes(xml: XmlReader): void {
    for (const { name, local, value, from, to } of xml.attributes) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue
      if (name !== local && relating.has(local) && value !== '' && !this.#relations.has(value)) {
        if (xml.is('pageSetup')) this.#edits.replace(xml.text.lastIndexOf(name, from), to + 1, '')
        else this.#broken = true
        continue
      }
      if (xml.is('person') && !/^(?:id|displayName|userId|providerId)$/.test(name)) throw fault('malformed')
      if (authors.has(local) && xml.is('person')) this.#edits.replace(from, to, local === 'displayName' ? '***' : '')
      else
        this.#words.askIfTelling(value, shown => this.#edits.replace(from, to, escapeXml(shown === '' ? '_' : shown)))
    }
  }

  /** All that is inside the element that was just opened, and the element itself. */
  element(xml: XmlReader): void {
    if (this.drop(xml)) return
    const { from, local } = xml
    this.attributes(xml)
    if (xml.at('open')) this.#inside(xml)
    if (!this.#broken || !units.has(local)) return
    this.#broken = false
    this.#edits.replace(from, xml.to, '')
  }

  #inside(xml: XmlReader): void {
    const { depth, local } = xml
    const runs: Run[] = []
    while (xml.next() !== 'close' || xml.depth !== depth) {
      if (xml.at('text')) {
        if (xml.value.trim() !== '') runs.push({ from: xml.from, to: xml.to, text: xml.value })
      } else if (xml.at('comment')) this.#edits.replace(xml.from, xml.to, '')
      else if (xml.at('open') || xml.at('empty')) {
        if (paragraphs.has(local)) this.#inParagraph(xml, runs)
        else this.element(xml)
      }
    }
    this.#askRuns(local, runs)
  }

  /** The runs of a paragraph are one text, whatever is marked in it. */
  #inParagraph(xml: XmlReader, runs: Run[]): void {
    if (this.drop(xml)) return
    this.attributes(xml)
    if (xml.at('empty')) return
    const { depth } = xml
    while (xml.next() !== 'close' || xml.depth !== depth) {
      if (xml.at('text')) {
        if (xml.value.trim() !== '' || xml.is('t')) runs.push({ from: xml.from, to: xml.to, text: xml.value })
      } else if (xml.at('comment')) this.#edits.replace(xml.from, xml.to, '')
      else if (xml.at('open') || xml.at('empty')) this.#inParagraph(xml, runs)
    }
  }

  #askRuns(local: string, runs: readonly Run[]): void {
    if (runs.length === 0) return
    const text = decodeString(runs.map(run => run.text).join(''))
    if (authors.has(local)) this.#write(runs, '')
    // A formula or a reference with something in it is no reference any more.
    else this.ask(text, shown => this.#write(runs, local === 'f' ? '#REF!' : encodeString(shown)))
  }

  #write(runs: readonly Run[], shown: string): void {
    for (const [index, { from, to }] of runs.entries())
      this.#edits.replace(from, to, index === 0 ? escapeXml(shown) : '')
  }

  /** `apply` is called with what the text becomes, unless it stays. */
  ask(text: string, apply: (shown: string) => void): void {
    this.#words.ask(text, apply)
  }

  /** Has everything decided that was read so far. */
  settle(ask: Ask): Promise<void> {
    return this.#words.settle(ask)
  }
}

type Run = { readonly from: number; readonly to: number; readonly text: string }
