/** Changes to a source, each at its place; where two meet, the one that was put first stands. */

export type SourceEdit = { readonly from: number; readonly to: number; readonly text: string }

export class SourceEdits {
  readonly #edits: SourceEdit[] = []
  /** So many were in order when they were last looked at as a whole. */
  #sorted = 0

  put(from: number, to: number, text: string): void {
    this.#edits.push({ from, to, text })
  }

  /** Whether just that part was changed, as far as changes behind it tell; to be asked of what was put lately. */
  has(from: number, to: number): boolean {
    let at = this.#edits.length - 1
    while (at >= 0 && this.#edits[at]!.from > from) at--
    return at >= 0 && this.#edits[at]!.from === from && this.#edits[at]!.to === to
  }

  get any(): boolean {
    return this.#edits.length > 0
  }

  apply(source: string): string {
    return this.partOf(source, 0, source.length)
  }

  /** What becomes of a part of the source, by the changes so far that lie in it. */
  partOf(source: string, from: number, to: number): string {
    const edits = this.#inOrder()
    let written = ''
    let done = from
    for (let at = this.#firstFrom(from); at < edits.length && edits[at]!.to <= to; at++) {
      const edit = edits[at]!
      if (edit.from < done) continue
      written += source.slice(done, edit.from) + edit.text
      done = edit.to
    }
    return written + source.slice(done, to)
  }

  #inOrder(): readonly SourceEdit[] {
    if (this.#sorted !== this.#edits.length) this.#edits.sort((a, b) => a.from - b.from || a.to - b.to)
    this.#sorted = this.#edits.length
    return this.#edits
  }

  /** The first change that begins there or behind it. */
  #firstFrom(from: number): number {
    let [low, high] = [0, this.#edits.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#edits[middle]!.from < from) low = middle + 1
      else high = middle
    }
    return low
  }
}

type TextEdit = { readonly start: number; readonly end: number; readonly text: string }

/** The part of a text from `from` to `to` with edits made to it that are in order and apart. */
export function applied(text: string, edits: readonly TextEdit[], from = 0, to = text.length): string {
  let shown = ''
  let done = from
  for (const edit of edits) {
    shown += text.slice(done, edit.start) + edit.text
    done = edit.end
  }
  return shown + text.slice(done, to)
}

/** Characters taken out of a text that stands in pieces: which piece shows what afterwards. */
export type Piece = { readonly from: number; readonly text: string }

/** What each piece shows once `edits` are made to all of the text; what is put in stands in the first piece it touches. */
export function spread(pieces: readonly Piece[], edits: readonly TextEdit[]): string[] {
  if (pieces.length === 1) return [applied(pieces[0]!.text, edits)]
  let first = 0
  const perPiece = new Map<number, TextEdit[]>()
  for (const edit of edits) {
    while (first < pieces.length - 1 && pieces[first]!.from + pieces[first]!.text.length <= edit.start) first++
    let text = edit.text
    for (let at = first; at < pieces.length; at++) {
      const { from, text: written } = pieces[at]!
      if (from >= edit.end && !(at === first)) break
      const start = Math.max(edit.start - from, 0)
      const end = Math.min(edit.end - from, written.length)
      if (end < start || (end === start && written.length > 0 && at !== first)) continue
      const list = perPiece.get(at) ?? []
      perPiece.set(at, list)
      list.push({ start, end, text })
      text = ''
    }
  }
  return pieces.map(({ text }, at) => applied(text, perPiece.get(at) ?? []))
}
