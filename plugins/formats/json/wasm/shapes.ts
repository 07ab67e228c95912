/**
 * Whether a detector could match by its shape (`Triggers.shape` in gateway/contracts.ts), by the automata that
 * ../fast/determine.ts makes. Wrong only by saying yes.
 *
 * A plan's list, 16 bytes a shape: 0 automaton, 4 digits it needs, 8 what else: 1 a commercial at, 2 anything outside ASCII,
 * 8 the digits in a row, 16 a code.
 * Automaton: 0 the row of the state in which a match has ended, 4 by byte, and behind them for the end of the text, its
 * column; at 264, by row and column, where the row of the next state begins, in entries of 16 bits.
 */
import { holdsCode } from './codes'
import { shapesIn } from './layout'
import { slot } from './window'

const columnsIn: usize = 4
const rowsIn: usize = 264
const endOfText: u32 = 256

let total: u32 = 0
let inRow: u32 = 0
let at: bool = false
let wide: bool = false

/** Whether one of the wanted shapes could match in the string, or there is a character in it that shapes do not speak of. */
export function mayHaveShape(from: usize, to: usize, wanted: u32): bool {
  if (!survey(from, to)) return true
  for (let left = wanted; left != 0; left &= left - 1) {
    const entry = slot + shapesIn + (<usize>ctz(left) << 4)
    const needs = load<u32>(entry, 8)
    if (((needs & 8) != 0 ? inRow : total) < load<u32>(entry, 4)) continue
    if (((needs & 1) != 0 && !at) || ((needs & 2) != 0 && !wide)) continue
    if ((needs & 16) != 0 && !holdsCode(from, to)) continue
    if (matches(<usize>load<u32>(entry), from, to)) return true
  }
  return false
}

/** Counts what triggers are about; false where shapes do not speak of a character. */
function survey(from: usize, to: usize): bool {
  let digits: u32 = 0
  let row: u32 = 0
  let longest: u32 = 0
  let ats: u32 = 0
  let beyond: u32 = 0
  for (let p = from; p < to; p++) {
    const byte = load<u8>(p)
    if (<u32>(byte - 0x30) < 10) {
      digits++
      row++
      continue
    }
    if (byte < 0x80) {
      if (byte == 0x5c) {
        p++
        if (load<u8>(p) == 0x75) return false
      } else if (byte == 0x40) ats++
      if (byte == 0x20 || byte == 0x2d) continue
    } else {
      beyond++
      if (byte >= 0xc0) {
        if (!isSpokenOf(p, byte)) return false
        // U+3001 to U+3FFF part no digits in a row.
        if (byte == 0xe3 || byte == 0xef) {
          p += 2
          continue
        }
      }
    }
    longest = max(longest, row)
    row = 0
  }
  total = digits
  inRow = max(longest, row)
  at = ats != 0
  wide = beyond != 0
  return true
}

/** U+3001 to U+9FFF, and of the full-width ！（），：；？. */
// @ts-ignore: decorator
@inline function isSpokenOf(p: usize, lead: u8): bool {
  if (lead >= 0xe4 && lead <= 0xe9) return true
  const second = load<u8>(p + 1)
  const third = load<u8>(p + 2)
  if (lead == 0xe3) return second != 0x80 || third != 0x80
  if (lead != 0xef || second != 0xbc) return false
  return third == 0x81 || third == 0x88 || third == 0x89 || third == 0x8c || third == 0x9a || third == 0x9b || third == 0x9f
}

function matches(automaton: usize, from: usize, to: usize): bool {
  const columns = automaton + columnsIn
  const rows = automaton + rowsIn
  const ended = load<u32>(automaton)
  let row: u32 = 0
  for (let p = from; p < to; p++) {
    let byte: u32 = load<u8>(p)
    if (byte == 0x5c) byte = unescaped(load<u8>(++p))
    row = load<u16>(rows + (<usize>(row + load<u8>(columns + byte)) << 1))
    if (row == ended) return true
  }
  return load<u16>(rows + (<usize>(row + load<u8>(columns + endOfText)) << 1)) == ended
}

/** What a letter behind a backslash stands for; not u. */
function unescaped(letter: u8): u32 {
  if (letter == 0x6e) return 0x0a
  if (letter == 0x74) return 0x09
  if (letter == 0x72) return 0x0d
  if (letter == 0x62) return 0x08
  if (letter == 0x66) return 0x0c
  return letter
}
