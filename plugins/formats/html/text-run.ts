/**
 * Running text: all that a reader of the page sees in one go, whatever elements part it. A run at a typed place is one
 * value; any other is read for names with values, then text by text, then as a whole, so that neither markup within a
 * number nor a number beside another hides it.
 */
import type { Edit, FieldCursor, Place } from '../../../gateway/contracts.ts'
import { notJson, tellJson } from '../json/is-json.ts'
import type { Repeats } from '../repeats.ts'
import type { LabelledText } from '../text/labels.ts'
import { editsOf, offer, shownOf, startOfValue } from './decide.ts'
import { applied, type SourceEdits, spread } from './edits.ts'
import type { TextToken } from './tokens.ts'

const none: readonly Edit[] = []
const mayBeJson = /^\s*(?:\{\s*"|\[\s*[{["])/

function isJson(text: string): boolean {
  const bytes = Buffer.from(text.trim())
  return tellJson(bytes, 0, bytes.length) !== notJson
}

export class TextRun {
  readonly #fields: FieldCursor
  readonly #labels: LabelledText
  readonly #edits: SourceEdits
  readonly #repeats: Repeats
  #tokens: TextToken[] = []
  /** Of the text so far. */
  #length = 0
  /** Where tags stand in it. */
  #tags: number[] = []
  #place: Place = -1
  #field: object | number | null = null
  #write: (text: string) => string = text => text
  #tagBefore = false
  #tagsDone = 0

  constructor(fields: FieldCursor, labels: LabelledText, edits: SourceEdits, repeats: Repeats) {
    this.#fields = fields
    this.#labels = labels
    this.#edits = edits
    this.#repeats = repeats
  }

  /** Adds a text of the page; `write` makes source of what it becomes. A run stands at one place, in one `field` of the page. */
  add(place: Place, field: object | number | null, token: TextToken, write: (text: string) => string): void {
    if (place !== this.#place || field !== this.#field || write !== this.#write) this.flush()
    this.#field = field
    this.#place = place
    this.#write = write
    if (this.#tagBefore) this.#tags.push(this.#length)
    this.#tagBefore = false
    this.#tokens.push(token)
    this.#length += token.text.length
  }

  /** A tag stands here that does not end the run. */
  mark(): void {
    this.#tagBefore = true
  }

  /** Ends the run: decides it, and puts what changes into the source. */
  flush(): void {
    this.#tagBefore = false
    if (this.#tokens.length === 0) return
    const tokens = this.#tokens
    const tags = this.#tags
    this.#tokens = []
    this.#length = 0
    if (tags.length > 0) this.#tags = []
    const text = tokens.length === 1 ? tokens[0]!.text : tokens.map(({ text }) => text).join('')
    if (text.trim() === '') return
    const standing = this.#fields.standing(this.#place)
    const edits = standing === 'mask' || standing === 'remove' ? this.#typed(text) : this.#read(text, tags)
    if (edits.length > 0) this.#put(tokens, edits)
  }

  #put(tokens: readonly TextToken[], edits: readonly Edit[]): void {
    if (tokens.length === 1) this.#putOne(tokens[0]!, edits)
    else this.#spread(tokens, edits)
  }

  #putOne({ text, from, to }: TextToken, edits: readonly Edit[]): void {
    const shown = applied(text, edits)
    if (shown !== text) this.#edits.put(from, to, this.#write(shown))
  }

  #spread(tokens: readonly TextToken[], edits: readonly Edit[]): void {
    let from = 0
    const pieces = tokens.map(({ text }) => {
      const piece = { from, text }
      from += text.length
      return piece
    })
    for (const [at, shown] of spread(pieces, edits).entries()) {
      const { text, from, to } = tokens[at]!
      if (shown !== text) this.#edits.put(from, to, this.#write(shown))
    }
  }

  #typed(text: string): readonly Edit[] {
    return this.#ofField(this.#place, text, startOfValue(text), text.trimEnd().length)
  }

  #ofField(place: Place, text: string, from: number, to: number): readonly Edit[] {
    const edits = editsOf(this.#fields, place, text, from, to)
    if (edits.length > 0) this.#repeats.note(place, text.slice(from, to), applied(text, edits, from, to))
    return edits
  }

  #read(text: string, tags: readonly number[]): readonly Edit[] {
    this.#tagsDone = 0
    // Names in it are members, and texts of it escaped.
    if (tags.length === 0 && mayBeJson.test(text) && isJson(text)) return this.#free(text, 0, text.length, tags)
    const labelled = this.#labels.find(this.#place, text)
    if (labelled.length === 0) return this.#free(text, 0, text.length, tags)
    const edits: Edit[] = []
    let done = 0
    for (const { place, valueFrom, valueTo } of labelled) {
      edits.push(...this.#free(text, done, valueFrom, tags), ...this.#ofField(place, text, valueFrom, valueTo))
      done = valueTo
    }
    edits.push(...this.#free(text, done, text.length, tags))
    return edits
  }

  /**
   * Text that no name stands before: each text of it, then all together. `tags` is where tags stand in the run; it is gone
   * through once.
   */
  #free(text: string, from: number, to: number, tags: readonly number[]): readonly Edit[] {
    if (this.#fields.treatment(this.#place) === 'copy' || text.slice(from, to).trim() === '') return none
    if (tags.length === 0) return editsOf(this.#fields, this.#place, text, from, to)
    const bounds = [from]
    for (; tags[this.#tagsDone]! < to; this.#tagsDone++)
      if (tags[this.#tagsDone]! > from) bounds.push(tags[this.#tagsDone]!)
    bounds.push(to)
    const edits: Edit[] = []
    for (let at = 0; at + 1 < bounds.length; at++)
      edits.push(...editsOf(this.#fields, this.#place, text, bounds[at]!, bounds[at + 1]!))
    if (bounds.length === 2) return edits
    if (edits.length === 0) return editsOf(this.#fields, this.#place, text, from, to)
    const masked = applied(text, edits, from, to)
    const outcome = offer(this.#fields, this.#place, masked)
    if (outcome === 'keep') return edits
    return [{ start: from, end: to, text: shownOf(outcome, this.#fields) }]
  }
}
