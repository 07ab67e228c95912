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
import { characters, mostCharacters, shapesIn } from './layout'
import { slot } from './window'

const columnsIn: usize = 8
const plain: u32 = 0xa000
const endOfText: u32 = plain + 0x100
const rowsIn: usize = columnsIn + <usize>endOfText + 8

let total: u32 = 0
let inRow: u32 = 0
let at: bool = false
let wide: bool = false
let length: u32 = 0

/** Whether one of the wanted shapes could match in the string, or there is a character in it that shapes do not speak of. */
export function mayHaveShape(from: usize, to: usize, wanted: u32): bool {
  if (to - from >= mostCharacters || !survey(from, to)) return true
  // Three at a time, as each waits for what it has loaded.
  let first: usize = 0
  let second: usize = 0
  for (let left = wanted; left != 0; left &= left - 1) {
    const entry = slot + shapesIn + (<usize>ctz(left) << 4)
    const needs = load<u32>(entry, 8)
    if (((needs & 8) != 0 ? inRow : total) < load<u32>(entry, 4)) continue
    if (((needs & 1) != 0 && !at) || ((needs & 2) != 0 && !wide)) continue
    if ((needs & 16) != 0 && !holdsCode(from, to)) continue
    const automaton = <usize>load<u32>(entry)
    if (first == 0) first = automaton
    else if (second == 0) second = automaton
    else {
      if (match(first, second, automaton)) return true
      first = second = 0
    }
  }
  return first != 0 && match(first, second != 0 ? second : first, first)
}

/** Reads the characters, and counts what triggers are about; false where shapes do not speak of one. */
function survey(from: usize, to: usize): bool {
  let digits: u32 = 0
  let row: u32 = 0
  let longest: u32 = 0
  let ats: u32 = 0
  let beyond: u32 = 0
  let p = from
  let text = characters
  for (; p < to; text += 2) {
    let character: u32 = load<u8>(p++)
    if (character < 0x80) {
      if (character - 0x30 < 10) {
        store<u16>(text, <u16>character)
        digits++
        row++
        continue
      }
      if (character == 0x5c) {
        const letter = load<u8>(p++)
        if (letter == 0x75) return false
        character = unescaped(letter)
      }
      store<u16>(text, <u16>character)
      if (character == 0x40) ats++
      else if (character == 0x20 || character == 0x2d) continue
    } else {
      beyond++
      if (!isSpokenOf(p - 1, <u8>character)) return false
      character = ((character & 0x0f) << 12) | ((<u32>load<u8>(p) & 0x3f) << 6) | (<u32>load<u8>(p + 1) & 0x3f)
      p += 2
      store<u16>(text, <u16>(character < plain ? character : plain | (character & 0xff)))
      // Only Han parts digits in a row.
      if (character < 0x4000 || character >= plain) continue
    }
    longest = max(longest, row)
    row = 0
  }
  store<u16>(text, <u16>endOfText)
  length = <u32>(text - characters) + 2
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

/** Whether the text matches what one of three automata looks for. */
function match(a: usize, b: usize, c: usize): bool {
  const endedA = load<u32>(a)
  const endedB = load<u32>(b)
  const endedC = load<u32>(c)
  const shiftA = load<u32>(a, 4)
  const shiftB = load<u32>(b, 4)
  const shiftC = load<u32>(c, 4)
  let stateA: u32 = 0
  let stateB: u32 = 0
  let stateC: u32 = 0
  const end = characters + <usize>length
  for (let text = characters; text < end; text += 2) {
    const character = <usize>load<u16>(text)
    stateA = load<u16>(a + (<usize>((stateA << shiftA) + load<u8>(a + character, columnsIn)) << 1), rowsIn)
    stateB = load<u16>(b + (<usize>((stateB << shiftB) + load<u8>(b + character, columnsIn)) << 1), rowsIn)
    stateC = load<u16>(c + (<usize>((stateC << shiftC) + load<u8>(c + character, columnsIn)) << 1), rowsIn)
    if (u32(stateA == endedA) | u32(stateB == endedB) | u32(stateC == endedC)) return true
  }
  return false
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
