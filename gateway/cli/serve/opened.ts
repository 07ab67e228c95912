type Closable = { close(): Promise<unknown> }

/** What a gateway has opened, to be closed again in the other order. */
export class Opened {
  readonly #parts: Closable[] = []
  #closing: Promise<void> | null = null

  /** Returns what it was given; null: there is nothing to close. */
  add<Part extends Closable | null>(part: Part): Part {
    if (part !== null) this.#parts.push(part)
    return part
  }

  /** Safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    for (const part of this.#parts.reverse()) await part.close()
  }
}
