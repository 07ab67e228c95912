import { isPersonText } from '../../subject.ts'

/** What stands between two people. Nothing of their texts needs to be escaped in JSON. */
export const betweenPeople = '","'
/** So many people go into one piece, which is what one line of a log holds. */
export const peopleInPiece = 768

/** People as a record's line has them. There is none but of texts that have their shape. */
export class PeopleText {
  readonly count: number
  /** Of `peopleInPiece` each, and the rest, with what stands between them. */
  readonly #pieces: readonly string[]

  private constructor(count: number, pieces: readonly string[]) {
    this.count = count
    this.#pieces = pieces
  }

  /** Of texts as `personText` makes them; null where it is another value, or one of them is another text. */
  static of(texts: unknown): PeopleText | null {
    if (typeof texts === 'object' && texts !== null && #pieces in texts) return texts
    if (!Array.isArray(texts)) return null
    for (const one of texts) if (typeof one !== 'string' || !isPersonText(one)) return null
    const pieces: string[] = []
    for (let from = 0; from < texts.length; from += peopleInPiece)
      pieces.push(texts.slice(from, from + peopleInPiece).join(betweenPeople))
    return new PeopleText(texts.length, pieces)
  }

  /** Of pieces that the maker of blind indexes wrote: nobody else has a way to be sure of them. */
  static written(count: number, pieces: readonly string[]): PeopleText {
    return new PeopleText(count, pieces)
  }

  /** Each piece by itself. */
  *pieces(): Iterable<PeopleText> {
    let left = this.count
    for (const piece of this.#pieces) {
      yield new PeopleText(Math.min(left, peopleInPiece), [piece])
      left -= peopleInPiece
    }
  }

  /** A JSON array of strings. */
  get json(): string {
    if (this.count === 0) return '[]'
    const [first] = this.#pieces
    return this.#pieces.length === 1 ? `["${first}"]` : `["${this.#pieces.join(betweenPeople)}"]`
  }

  toJSON(): string[] {
    return JSON.parse(this.json)
  }
}
