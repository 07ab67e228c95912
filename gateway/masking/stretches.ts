/** Texts with escapes in them, and how what is changed in their reading is changed where it is written. */
import { isUtf8 } from 'node:buffer'
import type { Edit } from '../contracts.ts'
import { textOfPairs } from './text-in-bytes.ts'

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

/**
 * The characters of bytes that are escaped one by one, of which `placeOf` says where each is written: UTF-8, or Chinese of GB 2312 between ASCII. A byte
 * that is neither reads as `unknown` says.
 */
export function* stretchesOfBytes(
  bytes: Buffer,
  placeOf: (byte: number) => number,
  unknown: (byte: number) => string,
): Generator<Stretch> {
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at]! < 0x80) {
      yield { from: placeOf(at), to: placeOf(at + 1), text: String.fromCharCode(bytes[at]!), literal: false }
      at++
      continue
    }
    const from = at
    while (at < bytes.length && bytes[at]! >= 0x80) at++
    yield* wideStretches(bytes.subarray(from, at), byte => placeOf(from + byte), unknown)
  }
}

function* wideStretches(
  bytes: Buffer,
  placeOf: (byte: number) => number,
  unknown: (byte: number) => string,
): Generator<Stretch> {
  const chinese = isUtf8(bytes) ? null : textOfPairs(bytes)
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at]!
    const length = chinese !== null ? 2 : lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    const sequence = bytes.subarray(at, at + length)
    const fine = chinese !== null || (sequence.length === length && isUtf8(sequence))
    const to = at + (fine ? length : 1)
    const text = chinese !== null ? chinese[at / 2]! : fine ? sequence.toString('utf8') : unknown(lead)
    yield { from: placeOf(at), to: placeOf(to), text, literal: false }
    at = to
  }
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
