/** The sheets of a workbook as it lists them (BOUNDSHEET; MS-XLS, 2.4.28), and as they stand in its stream. */
import { fault } from '../faults.ts'
import { recordType, written } from './records.ts'
import { writtenShortText } from './strings.ts'

/** `at`: where it begins; `state`: whether it is hidden. */
export type SheetEntry = { readonly name: string; readonly at: number; readonly state: number }

export function writtenEntry(name: string, at: number, state: number): Buffer {
  const head = Buffer.alloc(6)
  head.writeUInt32LE(at, 0)
  head[4] = state
  return written(recordType.boundSheet, Buffer.concat([head, writtenShortText(name)]))
}

/**
 * Sheets by their index in the list, read one behind the other. They begin behind `free`, and no two have a record in common: else it
 * throws `malformed`.
 */
export function readAsTheyStand<Sheet extends { readonly end: number }>(
  entries: readonly SheetEntry[],
  free: number,
  read: (at: number, index: number) => Sheet,
): Sheet[] {
  const sheets: Sheet[] = []
  let end = free
  for (const [index, { at }] of [...entries.entries()].sort(([, a], [, b]) => a.at - b.at)) {
    if (at < end) throw fault('malformed')
    sheets[index] = read(at, index)
    end = sheets[index].end
  }
  return sheets
}
