/** Automata of shapes as ../wasm/shapes.ts reads them. */
import type { Triggers } from '../../../../gateway/contracts.ts'
import { determine } from './determine.ts'
import { endOfText } from './expression.ts'

const columnsIn = 8
/** Up to here every character has a column of its own place; behind it those of U+FF00 to U+FFFF, and the end of the text. */
const plain = 0xa000
const endAt = plain + 0x100
const rowsIn = columnsIn + endAt + 8

/** What one of some shapes compiles to, in whole words; null where it is too large. */
export function tableOf(sources: readonly string[]): Buffer | null {
  const automaton = determine(sources)
  if (automaton === null) return null
  const { columns, rows, ended } = automaton
  const shift = Math.ceil(Math.log2(Math.max(rows[0]!.length, 2)))
  const table = Buffer.alloc(rowsIn + (rows.length << (shift + 1)))
  table.writeUInt32LE(ended, 0)
  table.writeUInt32LE(shift, 4)
  table.set(columns.subarray(0, plain), columnsIn)
  table.set(columns.subarray(0xff00, endOfText), columnsIn + plain)
  table[columnsIn + endAt] = columns[endOfText]!
  for (const [id, row] of rows.entries()) {
    for (const [column, to] of row.entries()) table.writeUInt16LE(to, rowsIn + (((id << shift) + column) << 1))
  }
  return table
}

/** Some detectors that one automaton looks for, and what stands in every text in which one of them could match. */
export type ShapeGroup = {
  readonly members: readonly Triggers[]
  readonly digits: number
  /** 1 a commercial at, 2 anything outside ASCII, 8 the digits in a row, 16 a code. */
  readonly needs: number
}

/**
 * Detectors that are always looked for together, in groups. Most shapes make large automata together and stay by themselves;
 * of those that look for words and end alike one automaton is hardly larger than each.
 */
export function groupsOf(shaped: readonly Triggers[]): readonly ShapeGroup[] {
  const groups = new Map<string, Triggers[]>()
  for (const [index, one] of shaped.entries()) {
    const { digits, joined, at, wide, code, shape } = one
    const isWord = wide !== undefined && joined !== true && code !== true && at === undefined
    const key = isWord ? `${digits === undefined} ${shape!.source.slice(-endAlike)}` : String(index)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map(groupOf)
}

const endAlike = 12

function groupOf(members: readonly Triggers[]): ShapeGroup {
  const all = (has: (one: Triggers) => unknown, bit: number) => (members.every(has) ? bit : 0)
  return {
    members,
    digits: Math.min(...members.map(({ digits = 0 }) => digits)),
    needs: all(one => one.at, 1) | all(one => one.wide, 2) | all(one => one.joined, 8) | all(one => one.code, 16),
  }
}
