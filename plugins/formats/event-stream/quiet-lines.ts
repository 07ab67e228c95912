/** Lines of events that nothing is done with, told by their bytes: what most ids, names of events and comments are. */
import type { FieldCursor, Place } from '../../../gateway/contracts.ts'
import { mayMatter } from '../screen.ts'

const colon = 0x3a
const equals = 0x3d
const space = 0x20
const backslash = 0x5c

/** So many names are remembered, and no longer ones: an event has four that pages read. */
const mostNames = 64
const longestName = 32

export class QuietLines {
  readonly #fields: FieldCursor
  readonly #root: Place
  /** By name, whether neither it nor where it leads asks for anything but to be read. */
  readonly #names = new Map<string, boolean>()

  constructor(fields: FieldCursor, root: Place) {
    this.#fields = fields
    this.#root = root
  }

  /** Whether a line but for data stays as it is. Wrong only by saying no. The bytes must not change while this Buffer is asked about. */
  isQuiet(bytes: Buffer, from: number, to: number): boolean {
    let end = from
    while (end < to && bytes[end] !== colon) end++
    return (
      (end === from || this.#isQuietName(bytes, from, end)) && this.isQuietText(bytes, valueFrom(bytes, end, to), to)
    )
  }

  /** The same of a text that stands at the root, as what no field is named for does; there names may label what is behind them. */
  isQuietText(bytes: Buffer, from: number, to: number): boolean {
    if (from >= to) return true
    if (!isStill(this.#fields, this.#root) || !isAscii(bytes, from, to)) return false
    for (let at = from; at < to; at++) if (bytes[at] === colon || bytes[at] === equals) return false
    return !mayMatter(this.#fields, null, bytes, from, to)
  }

  #isQuietName(bytes: Buffer, from: number, to: number): boolean {
    if (to - from > longestName || !isAscii(bytes, from, to)) return false
    const name = bytes.toString('latin1', from, to)
    const known = this.#names.get(name)
    if (known !== undefined) return known
    const place = this.#fields.memberNamed(this.#root, name)
    const isQuiet = !this.#fields.keyIsPersonal && isStill(this.#fields, place)
    if (this.#names.size < mostNames) this.#names.set(name, isQuiet)
    return isQuiet
  }
}

/** Where the value of a field begins whose name ends at the colon, or at the end of the line. */
export function valueFrom(bytes: Buffer, end: number, to: number): number {
  return end + 1 < to && bytes[end + 1] === space ? end + 2 : end + 1
}

function isStill(fields: FieldCursor, place: Place): boolean {
  const treatment = fields.treatment(place)
  return treatment === 'read' || treatment === 'copy'
}

/** Whether bytes are ASCII without control characters and backslashes. */
function isAscii(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte < space || byte >= 0x7f || byte === backslash) return false
  }
  return true
}
