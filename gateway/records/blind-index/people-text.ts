import { behindForms, betweenAlike, isRun, type Run, runOf } from '../../subject.ts'

/** What stands between two runs. Nothing of their texts needs to be escaped in JSON. */
export const betweenRuns = '","'
/** So many people go into one piece, which is what one line of a log holds. */
export const peopleInPiece = 768

/** What stands before a person of these forms, and behind one of others; null: behind nobody. */
export function beforePerson(forms: string, others: string | null): string {
  if (forms === others) return betweenAlike
  return `${others === null ? '' : betweenRuns}${forms}${behindForms}`
}

/** People as a record's line has them. There is none but of texts that have their shape. */
export class PeopleText {
  readonly count: number
  /** Of `peopleInPiece` each, and the rest, with what stands between them. */
  readonly #pieces: readonly string[]

  private constructor(count: number, pieces: readonly string[]) {
    this.count = count
    this.#pieces = pieces
  }

  /** Of strings of an `index`, as they are or once were; null where it is another value, or one of them is another text. */
  static of(texts: unknown): PeopleText | null {
    if (typeof texts === 'object' && texts !== null && #pieces in texts) return texts
    if (!Array.isArray(texts)) return null
    const runs = texts.map(one => (typeof one === 'string' ? runOf(one) : null))
    return runs.every(run => run !== null && isRun(run)) ? PeopleText.#ofRuns(runs as Run[]) : null
  }

  static #ofRuns(runs: readonly Run[]): PeopleText {
    const pieces: string[] = []
    let count = 0
    let others: string | null = null
    for (const { forms, people } of runs)
      for (const person of people) {
        if (count++ % peopleInPiece === 0) {
          pieces.push('')
          others = null
        }
        pieces[pieces.length - 1] += beforePerson(forms, others) + person
        others = forms
      }
    return new PeopleText(count, pieces)
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
    return this.#pieces.length === 1 ? `["${first}"]` : `["${this.#pieces.join(betweenRuns)}"]`
  }

  toJSON(): string[] {
    return JSON.parse(this.json)
  }
}
