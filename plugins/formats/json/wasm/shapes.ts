/**
 * Whether a detector could match by its shape (`Triggers.shape` in gateway/contracts.ts), by the automata that
 * ../fast/determine.ts makes. Wrong only by saying yes.
 *
 * A plan's list, 16 bytes a shape: 0 automaton, 4 digits it needs, 8 what else: 1 a commercial at, 2 anything outside ASCII,
 * 8 the digits in a row, 16 a code. Behind it, which shapes need an at, something wide, a code, digits in a row; the fewest
 * digits in a row that one of the last needs; and of which shapes every match ends in an ASCII letter or digit.
 */
import { beginningOf, endOfText, hasEnded, inARowOf, isLost, passesAscii, step } from './automata'
import { at, code, digits, inRow, wide } from './census'
import { backslash, behind, characterAt, ofThree } from './characters'
import { matchesPlainly } from './endings'
import { mayBeThree } from './in-a-row'
import { backslash as backslashes } from './constants'
import { endsInX, leastNumber, needsIn, numbersIn, shapesIn } from './layout'
import { areFour, passThrees, stateBehind, stateBehindFew } from './threes'
import { slot } from './window'

/**
 * Whether one of the wanted shapes could match in the string of which the census was taken last, or there is a character in
 * it that shapes do not speak of. Behind `lastPlain` all is outside ASCII.
 */
export function mayHaveShape(from: usize, to: usize, wanted: u32, lastPlain: usize): bool {
  const needs = slot + needsIn
  let able = wanted
  if (!at) able &= ~load<u32>(needs)
  if (!wide) able &= ~load<u32>(needs, 4)
  if (!code) able &= ~load<u32>(needs, 8)
  if (inRow < load<u32>(needs, 16)) able &= ~load<u32>(needs, 12)
  const ending = able & load<u32>(needs, 20)
  const words = able & load<u32>(needs, 4) & ~ending
  const start = behindAscii(from, to)
  let all = false
  for (let left = words; left != 0; left &= left - 1) {
    const automaton = ableAutomaton(<usize>ctz(left))
    if (automaton == 0) continue
    const first = passesAscii(automaton) ? start : from
    const tables = inARowOf(automaton)
    if ((tables == 0 || mayBeThree(tables, first, to)) && matchesAlone(automaton, first, to)) return true
    all = true
  }
  // Those of numbers two or three at a time, as each waits for what it has loaded; of two, the first is also the third, of one
  // it is all.
  let first: usize = 0
  let second: usize = 0
  for (let left = able & ~words & ~ending; left != 0; left &= left - 1) {
    const automaton = ableAutomaton(<usize>ctz(left))
    if (automaton == 0) continue
    all = true
    if (first == 0) first = automaton
    else if (second == 0) second = automaton
    else {
      if (matchesAny(first, second, automaton, from, to)) return true
      first = second = 0
    }
  }
  if (first != 0 && matchesAny(first, second != 0 ? second : first, first, from, to)) return true
  for (let left = ending; left != 0; left &= left - 1) {
    const automaton = ableAutomaton(<usize>ctz(left))
    if (automaton == 0) continue
    // Once another has read all, there is nothing in it of which shapes do not speak.
    if (all ? matchesPlainly(automaton, from, lastPlain < to ? lastPlain : to) : matchesAlone(automaton, from, to)) return true
  }
  return false
}

/** Behind the ASCII without escapes that a text begins with. */
// @ts-ignore: decorator
@inline function behindAscii(from: usize, to: usize): usize {
  for (let p = from; p < to; p += 16) {
    const v = v128.load(p)
    const others = <u32>i8x16.bitmask(v128.or(v, i8x16.eq(v, v128.load(backslashes))))
    if (others != 0) return min(p + <usize>ctz(others), to)
  }
  return to
}

/** Whether one of some shapes, which need nothing but characters outside ASCII, could match in one to five characters of Han. */
export function mayFewMatch(from: usize, to: usize, wanted: u32): bool {
  for (let left = wanted; left != 0; left &= left - 1) {
    const automaton = <usize>load<u32>(slot + shapesIn + (<usize>ctz(left) << 4))
    if (hasEnded(automaton, step(automaton, stateBehindFew(automaton, from, to), endOfText))) return true
  }
  return false
}

/** The automaton of a shape; 0: there are too few digits. */
// @ts-ignore: decorator
@inline function ableAutomaton(shape: usize): usize {
  const entry = slot + shapesIn + (shape << 4)
  return ((load<u32>(entry, 8) & 8) != 0 ? inRow : digits) < load<u32>(entry, 4) ? 0 : <usize>load<u32>(entry)
}

/** The same of digits alone, of whose shapes their length and the first two say which they may have; or of 17 and an X. */
export function mayNumberMatch(from: usize, to: usize, wanted: u32): bool {
  const start = <usize>(load<u8>(from) - 0x30) * 10 + <usize>(load<u8>(from + 1) - 0x30)
  const kind = <usize>(load<u8>(to - 1) == 0x58 ? endsInX : <u32>(to - from) - leastNumber) * 100 + start
  for (let left = wanted & load<u32>(slot + numbersIn + (kind << 2)); left != 0; left &= left - 1) {
    const automaton = <usize>load<u32>(slot + shapesIn + (<usize>ctz(left) << 4))
    const state = stateBehindAscii(automaton, beginningOf(automaton), from, from + fewDigits)
    if (!isLost(automaton, state) && endsMatching(automaton, state, from + fewDigits, to)) return true
  }
  return false
}

/** So many tell most texts of digits that do not match; fewer than there are. */
const fewDigits: usize = 4

/** Whether ASCII without escapes matches what an automaton looks for. */
export function matches(automaton: usize, from: usize, to: usize): bool {
  return endsMatching(automaton, beginningOf(automaton), from, to)
}

// @ts-ignore: decorator
@inline function endsMatching(automaton: usize, start: usize, from: usize, to: usize): bool {
  return hasEnded(automaton, step(automaton, stateBehindAscii(automaton, start, from, to), endOfText))
}

// @ts-ignore: decorator
@inline function stateBehindAscii(automaton: usize, start: usize, from: usize, to: usize): usize {
  let state = start
  for (let p = from; p < to; p++) state = step(automaton, state, <usize>load<u8>(p))
  return state
}

/** Behind the first of one character in the shortest match that is the beginning of a text, all of Han; 0: there is none. */
export function behindFirst(last: u32, automaton: usize, from: usize, to: usize): usize {
  let state = beginningOf(automaton)
  let found: usize = 0
  for (let p = from; p < to && isHan(p); p += 3) {
    const bytes = load<u32>(p)
    if (found == 0 && (bytes & 0xffffff) == last) found = p + 3
    state = step(automaton, state, ofThree(bytes))
    if (hasEnded(automaton, state)) return found
  }
  return 0
}

// @ts-ignore: decorator
@inline function isHan(p: usize): bool {
  return <u32>load<u8>(p) - 0xe4 < 6
}

/**
 * Whether a text matches what an automaton looks for, or there is a character of two or four bytes in it, of which shapes do not
 * speak. Escapes by number the census has seen.
 */
function matchesAlone(automaton: usize, from: usize, to: usize): bool {
  let state = beginningOf(automaton)
  let p = from
  while (p < to) {
    const byte = load<u8>(p)
    if (byte >= 0xe0) {
      if (p + 12 <= to && areFour(p)) {
        p = passThrees(automaton, state, p, to)
        state = stateBehind
        continue
      }
      if (byte >= 0xf0) return true
      state = step(automaton, state, ofThree(load<u32>(p)))
      p += 3
    } else if (byte < 0x80 && byte != backslash) {
      state = step(automaton, state, byte)
      p++
    } else {
      const character = characterAt(p)
      if (character < 0) return true
      state = step(automaton, state, character)
      p = behind
    }
  }
  return hasEnded(automaton, step(automaton, state, endOfText))
}

/** The same of three automata at once. */
function matchesAny(a: usize, b: usize, c: usize, from: usize, to: usize): bool {
  let inA = beginningOf(a)
  let inB = beginningOf(b)
  let inC = beginningOf(c)
  let p = from
  while (p < to) {
    const byte = load<u8>(p)
    let character: i32 = byte
    if (byte < 0x80 && byte != backslash) p++
    else {
      character = characterAt(p)
      if (character < 0) return true
      p = behind
    }
    inA = step(a, inA, character)
    if (b == a) continue
    inB = step(b, inB, character)
    inC = step(c, inC, character)
  }
  return (
    hasEnded(a, step(a, inA, endOfText)) ||
    (b != a && (hasEnded(b, step(b, inB, endOfText)) || hasEnded(c, step(c, inC, endOfText))))
  )
}
