/**
 * Whether a detector could match by its shape (`Triggers.shape` in gateway/contracts.ts), by the automata that
 * ../fast/determine.ts makes. Wrong only by saying yes.
 *
 * A plan's list, 16 bytes a shape: 0 automaton, 4 digits it needs, 8 what else: 1 a commercial at, 2 anything outside ASCII,
 * 8 the digits in a row, 16 a code.
 * Automaton: 0 the state in which a match has ended, 4 the shift that makes rows of states, 8 by character, its column: first
 * U+0000 to U+9FFF, then U+FF00 to U+FFFF, then the end of the text; behind them by row and column the next state.
 */
import { holdsCode } from './codes'
import { shapesIn } from './layout'
import { slot } from './window'

const columnsIn: usize = 8
const plain: u32 = 0xa000
const endOfText: u32 = plain + 0x100
const rowsIn: usize = columnsIn + <usize>endOfText + 8

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
  let p = from
  while (p < to) {
    const byte = load<u8>(p++)
    if (<u32>(byte - 0x30) < 10) {
      digits++
      row++
      continue
    }
    if (byte < 0x80) {
      if (byte == 0x20 || byte == 0x2d) continue
      if (byte == 0x40) ats++
      else if (byte == 0x5c && load<u8>(p++) == 0x75) return false
    } else {
      beyond++
      if (!isSpokenOf(p - 1, byte)) return false
      p += 2
      // Only Han parts digits in a row.
      if (byte < 0xe4 || byte == 0xef) continue
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

/** U+3001 to U+9FFF, ！（），：；？ and “”‘’…. */
// @ts-ignore: decorator
@inline function isSpokenOf(p: usize, lead: u8): bool {
  if (lead >= 0xe4 && lead <= 0xe9) return true
  const second = load<u8>(p + 1)
  const third = load<u8>(p + 2)
  if (lead == 0xe3) return second != 0x80 || third != 0x80
  if (lead == 0xe2) {
    return second == 0x80 && (third == 0x98 || third == 0x99 || third == 0x9c || third == 0x9d || third == 0xa6)
  }
  if (lead != 0xef || second != 0xbc) return false
  return third == 0x81 || third == 0x88 || third == 0x89 || third == 0x8c || third == 0x9a || third == 0x9b || third == 0x9f
}

function matches(automaton: usize, from: usize, to: usize): bool {
  const columns = automaton + columnsIn
  const rows = automaton + rowsIn
  const ended = load<u32>(automaton)
  const shift = load<u32>(automaton, 4)
  let state: u32 = 0
  let p = from
  while (p < to) {
    let character: u32 = load<u8>(p++)
    if (character >= 0x80) {
      character = ((character & 0x0f) << 12) | ((<u32>load<u8>(p) & 0x3f) << 6) | (<u32>load<u8>(p + 1) & 0x3f)
      if (character >= plain) character = plain | (character & 0xff)
      p += 2
    } else if (character == 0x5c) character = unescaped(load<u8>(p++))
    state = load<u16>(rows + (<usize>((state << shift) + load<u8>(columns + character)) << 1))
    if (state == ended) return true
  }
  return load<u16>(rows + (<usize>((state << shift) + load<u8>(columns + endOfText)) << 1)) == ended
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
