/** Texts of a workbook that stand in no cell: asked about together, and written anew where they change. */
import { fault } from '../faults.ts'
import type { Ask } from './protocol.ts'

/** A text that could hold something: attributes, names of styles and codes of formats are letters that a format knows otherwise. */
const telling = /\d.*\d.*\d.*\d.*\d|@|[^\x00-\x7f]/s
/** Texts in one question: so many that asking costs little, so few that nobody waits for the answer. */
const batch = 500

type Pending = { readonly text: string; readonly apply: (shown: string) => void }

export class Words {
  readonly #pending: Pending[] = []

  /** Texts that wait for `settle`. */
  get pending(): number {
    return this.#pending.length
  }

  /** `apply` is called with what the text becomes, unless it stays. */
  ask(text: string, apply: (shown: string) => void): void {
    this.#pending.push({ text, apply })
  }

  /** Likewise for what is seldom more than letters that say nothing. */
  askIfTelling(text: string, apply: (shown: string) => void): void {
    if (telling.test(text)) this.ask(text, apply)
  }

  /** Has everything decided that was taken so far. */
  async settle(ask: Ask): Promise<void> {
    const pending = this.#pending.splice(0)
    for (let at = 0; at < pending.length; at += batch) {
      const asked = pending.slice(at, at + batch)
      const texts = asked.map(({ text }) => text)
      const answers = await ask('texts', texts)
      if (answers.length !== texts.length) throw fault('malformed')
      for (const [index, shown] of answers.entries()) if (shown !== texts[index]) asked[index]!.apply(shown)
    }
  }
}
