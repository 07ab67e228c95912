/** The labels that objects have for what stands beside them, `{"label":"姓名","value":"张三"}`, while the objects are open. */
import { longestLabel } from '../roles.ts'
import type { Label } from './labels-behind.ts'

// The compiled reader keeps labels of as many bytes, as written, in as much room: ./wasm/labels.ts.
/** Bytes of all labels of one object, each with one more. */
const room = 126
/** Objects deeper than this have none. */
export const deepestLabels = 39

/** The labels of one object at each depth; those over a limit do not count. */
export class ObjectLabels {
  readonly #texts: string[][] = []
  /** By depth: the room that is taken. */
  readonly #taken: Uint8Array

  /** `size`: one more than the greatest depth. */
  constructor(size: number) {
    this.#taken = new Uint8Array(size)
  }

  /** Another object begins at this depth. */
  clear(depth: number): void {
    this.#taken[depth] = 0
  }

  /** Those of the object at this depth, in order. */
  of(depth: number): readonly string[] {
    return this.#taken[depth] === 0 ? [] : this.#texts[depth]!
  }

  add(depth: number, { text, length }: Label): void {
    const taken = this.#taken[depth]!
    if (!hasRoom(depth, taken, length)) return
    if (taken === 0) this.#texts[depth] = []
    this.#texts[depth]!.push(text)
    this.#taken[depth] = taken + length + 1
  }

  /** Those there are and those behind that still have room. */
  with(depth: number, behind: readonly Label[]): string[] {
    const labels = [...this.of(depth)]
    let taken = this.#taken[depth]!
    for (const { text, length } of behind) {
      if (!hasRoom(depth, taken, length)) continue
      labels.push(text)
      taken += length + 1
    }
    return labels
  }
}

/** Whether a label of so many bytes counts, where those before it take up so many. */
function hasRoom(depth: number, taken: number, length: number): boolean {
  return length > 0 && length <= longestLabel && depth <= deepestLabels && taken + length + 1 <= room
}
