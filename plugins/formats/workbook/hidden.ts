/** Texts that do not stay in a workbook, of which so many different ones are remembered. */
const maxTexts = 500_000

export class HiddenTexts {
  /** Put in order only when one is asked for: most workbooks have no formula that could show one. */
  readonly #waiting: string[] = []
  readonly #texts = new Set<string>()

  add(text: string): void {
    this.#waiting.push(text)
    if (this.#waiting.length >= maxTexts) this.#settle()
  }

  has(text: string): boolean {
    this.#settle()
    return this.#texts.has(text)
  }

  #settle(): void {
    for (const text of this.#waiting.splice(0)) {
      if (this.#texts.size >= maxTexts) break
      this.#texts.add(text)
    }
  }
}
