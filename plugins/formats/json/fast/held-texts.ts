/** Values known to the compiled reader, for whoever needs them later than it does. */
import type { TextHold } from '../../../../gateway/contracts.ts'
import { address, type Views, word } from './layout.ts'

export class HeldTexts implements TextHold {
  #memory: Views | null
  #kept: Uint8Array = new Uint8Array(0)

  /** Of those that the memory has until `keep` is called. */
  constructor(memory: Views) {
    this.#memory = memory
  }

  get bytes(): Uint8Array {
    const memory = this.#memory
    return memory === null ? this.#kept : memory.bytes.subarray(address.spoken, memory.words[word.spoken])
  }

  /** They are back in their places. */
  return(memory: Views): void {
    this.#memory = memory
    this.#kept = new Uint8Array(0)
  }

  /** To be called before others take their place. */
  keep(): void {
    this.#kept = Buffer.copyBytesFrom(this.bytes)
    this.#memory = null
  }
}
