/** Texts with escapes in them, and how what is changed in their reading is changed where it is written. */
import type { Edit } from '../contracts.ts'

/** What stands from `from` to `to`, decoded; `literal` where it needed no decoding. */
export type Stretch = {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly literal: boolean
}

/** Edits of a text that these stretches make up, in order, as edits of how it is written, from `start` on. */
export function editsWhereWritten(
  stretches: readonly Stretch[],
  edits: readonly Edit[],
  start: number,
  encode: (text: string) => string,
): readonly Edit[] {
  const place = placesIn(stretches)
  return edits.map(edit => ({
    start: start + place(edit.start, false),
    end: start + place(edit.end, true),
    text: encode(edit.text),
  }))
}

/** Where offsets of the decoded text, asked for in order, are in the written one. */
function placesIn(stretches: readonly Stretch[]): (offset: number, isEnd: boolean) => number {
  let at = 0
  let passed = 0
  return (offset, isEnd) => {
    while (at < stretches.length && passed + stretches[at]!.text.length <= offset)
      passed += stretches[at++]!.text.length
    const stretch = stretches[at]
    if (stretch === undefined) return stretches.at(-1)?.to ?? 0
    const within = offset - passed
    if (stretch.literal) return stretch.from + within
    return isEnd && within > 0 ? stretch.to : stretch.from
  }
}
