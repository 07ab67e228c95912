/**
 * Whether a detector could match by its shape (`Triggers.shape` in gateway/contracts.ts), by the automata that
 * ../fast/determine.ts makes. Wrong only by saying yes.
 *
 * A plan's list, 16 bytes a shape: 0 automaton, 4 digits it needs, 8 what else: 1 a commercial at, 2 anything outside ASCII,
 * 8 the digits in a row, 16 a code. Behind it, which shapes need an at, something wide, a code, digits in a row; and the fewest
 * digits in a row that one of the last needs.
 * Automaton: 0 the state in which a match has ended, which no character leaves, 8 by character, its column: first U+0000 to
 * U+9FFF, then U+FF00 to U+FFFF, then the end of the text; behind them by row and column the next state. A state is the
 * address of its row; the first is that of the beginning.
 */
import { at, code, digits, inRow, wide } from './census'
import { firstLead, firstOfThree, lastLead, secondOfThree, thirdOfThree } from './constants'
import { leastNumber, needsIn, numbersIn, shapesIn } from './layout'
import { slot } from './window'

const columnsIn: usize = 8
const plain: u32 = 0xa000
const endOfText: u32 = plain + 0x100
const rowsIn: usize = columnsIn + <usize>endOfText + 8

/**
 * Whether one of the wanted shapes could match in the string of which the census was taken last, or there is a character in
 * it that shapes do not speak of.
 */
export function mayHaveShape(from: usize, to: usize, wanted: u32): bool {
  // Two or three at a time, as each waits for what it has loaded; of two, the first is also the third.
  let first: usize = 0
  let second: usize = 0
  const needs = slot + needsIn
  let able = wanted
  if (!at) able &= ~load<u32>(needs)
  if (!wide) able &= ~load<u32>(needs, 4)
  if (!code) able &= ~load<u32>(needs, 8)
  if (inRow < load<u32>(needs, 16)) able &= ~load<u32>(needs, 12)
  for (let left = able; left != 0; left &= left - 1) {
    const entry = slot + shapesIn + (<usize>ctz(left) << 4)
    if (((load<u32>(entry, 8) & 8) != 0 ? inRow : digits) < load<u32>(entry, 4)) continue
    const automaton = <usize>load<u32>(entry)
    if (first == 0) first = automaton
    else if (second == 0) second = automaton
    else {
      if (match(first, second, automaton, from, to)) return true
      first = second = 0
    }
  }
  return first != 0 && match(first, second != 0 ? second : first, first, from, to)
}

/** The same of a string of digits alone, of whose shapes its length and first two digits say which it may have. */
export function mayNumberMatch(from: usize, to: usize, wanted: u32): bool {
  const start = <usize>(load<u8>(from) - 0x30) * 10 + <usize>(load<u8>(from + 1) - 0x30)
  const kind = <usize>(<u32>(to - from) - leastNumber) * 100 + start
  for (let left = wanted & load<u32>(slot + numbersIn + (kind << 2)); left != 0; left &= left - 1) {
    const automaton = <usize>load<u32>(slot + shapesIn + (<usize>ctz(left) << 4))
    if (matches(automaton, from, to)) return true
  }
  return false
}

/** Whether ASCII without escapes matches what an automaton looks for. */
export function matches(automaton: usize, from: usize, to: usize): bool {
  let state = automaton + rowsIn
  for (let p = from; p < to; p++) state = step(automaton, state, <usize>load<u8>(p))
  return step(automaton, state, endOfText) == load<u32>(automaton)
}

/** Where the last character of the shortest match begins that is the beginning of a text, all of Han; 0: there is none. */
export function lastOfMatch(automaton: usize, from: usize, to: usize): usize {
  let state = automaton + rowsIn
  for (let p = from; p < to && isHan(p); p += 3) {
    state = step(automaton, state, <usize>han(load<u32>(p)))
    if (state == load<u32>(automaton)) return p
  }
  return 0
}

/** Behind the character that `rare` has read. */
let behind: usize = 0

/**
 * The character at a position outside plain ASCII and Han, as automata know it; what comes behind it is at `behind`. -1: shapes
 * do not speak of it.
 */
function rare(p: usize): i32 {
  const lead = load<u8>(p)
  if (lead == 0x5c) {
    const letter = load<u8>(p + 1)
    if (letter == 0x75) return -1
    behind = p + 2
    return unescaped(letter)
  }
  if (!isSpokenOf(p, lead)) return -1
  behind = p + 3
  const character = han(load<u32>(p))
  return character < plain ? character : plain | (character & 0xff)
}

/** A character of three bytes. */
// @ts-ignore: decorator
@inline function han(bytes: u32): u32 {
  return ((bytes & 0x0f) << 12) | ((bytes >> 2) & 0x0fc0) | ((bytes >> 16) & 0x3f)
}

// @ts-ignore: decorator
@inline function step(automaton: usize, state: usize, character: usize): usize {
  return load<u32>(state + (<usize>load<u8>(automaton + character, columnsIn) << 2))
}

/** Whether the text matches what one of three automata looks for. */
function match(a: usize, b: usize, c: usize, from: usize, to: usize): bool {
  stateA = a + rowsIn
  stateB = b + rowsIn
  stateC = c + rowsIn
  let p = from
  while (p < to) {
    p = passOthers(a, b, c, passHan(a, b, c, p, to), to)
    if (p == 0) return true
  }
  return (
    step(a, stateA, endOfText) == load<u32>(a) ||
    step(b, stateB, endOfText) == load<u32>(b) ||
    step(c, stateC, endOfText) == load<u32>(c)
  )
}

let stateA: usize = 0
let stateB: usize = 0
let stateC: usize = 0

/** Takes characters of any kind until five of Han follow; returns what comes behind them, 0 where shapes do not speak of one. */
function passOthers(a: usize, b: usize, c: usize, from: usize, to: usize): usize {
  let p = from
  let inA = stateA
  let inB = stateB
  let inC = stateC
  while (p < to) {
    let character: u32 = load<u8>(p)
    if (character < 0x80 && character != 0x5c) p++
    else if (character - 0xe4 < 6) {
      if (p + 15 <= to && p != from && isHan(p + 3) && isHan(p + 6) && isHan(p + 9) && isHan(p + 12)) break
      character = han(load<u32>(p))
      p += 3
    } else {
      const other = rare(p)
      if (other < 0) return 0
      character = other
      p = behind
    }
    inA = step(a, inA, character)
    inB = step(b, inB, character)
    inC = step(c, inC, character)
  }
  stateA = inA
  stateB = inB
  stateC = inC
  return p
}

// @ts-ignore: decorator
@inline function isHan(p: usize): bool {
  return <u32>load<u8>(p) - 0xe4 < 6
}

/** Takes five characters of Han at once, as long as there are five; returns what comes behind them. */
function passHan(a: usize, b: usize, c: usize, from: usize, to: usize): usize {
  return c == a ? passFives(a, b, c, from, to, false) : passFives(a, b, c, from, to, true)
}

// @ts-ignore: decorator
@inline function passFives(a: usize, b: usize, c: usize, from: usize, to: usize, three: bool): usize {
  let p = from
  let inA = stateA
  let inB = stateB
  let inC = stateC
  const first = v128.load(firstLead)
  const last = v128.load(lastLead)
  for (; p + 15 <= to; p += 15) {
    const v = v128.load(p)
    const leads = v128.and(i8x16.eq(i8x16.max_u(v, first), v), i8x16.eq(i8x16.min_u(v, last), v))
    if ((<u32>i8x16.bitmask(leads) & leadsOfFive) != leadsOfFive) break
    const upper = i16x8.shl(i8x16.relaxed_swizzle(v, v128.load(firstOfThree)), 12)
    const middle = v128.and(i16x8.shl(i8x16.relaxed_swizzle(v, v128.load(secondOfThree)), 6), i16x8.splat(0x0fc0))
    const lower = v128.and(i8x16.relaxed_swizzle(v, v128.load(thirdOfThree)), i16x8.splat(0x3f))
    const five = v128.or(v128.or(upper, middle), lower)
    const c0 = <usize>i16x8.extract_lane_u(five, 0)
    inA = step(a, inA, c0)
    inB = step(b, inB, c0)
    if (three) inC = step(c, inC, c0)
    const c1 = <usize>i16x8.extract_lane_u(five, 1)
    inA = step(a, inA, c1)
    inB = step(b, inB, c1)
    if (three) inC = step(c, inC, c1)
    const c2 = <usize>i16x8.extract_lane_u(five, 2)
    inA = step(a, inA, c2)
    inB = step(b, inB, c2)
    if (three) inC = step(c, inC, c2)
    const c3 = <usize>i16x8.extract_lane_u(five, 3)
    inA = step(a, inA, c3)
    inB = step(b, inB, c3)
    if (three) inC = step(c, inC, c3)
    const c4 = <usize>i16x8.extract_lane_u(five, 4)
    inA = step(a, inA, c4)
    inB = step(b, inB, c4)
    if (three) inC = step(c, inC, c4)
  }
  stateA = inA
  stateB = inB
  stateC = three ? inC : inA
  return p
}

/** Where five characters of three bytes begin, as bits. */
const leadsOfFive: u32 = 0x1249

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

/** What a letter behind a backslash stands for; not u. */
function unescaped(letter: u8): u32 {
  if (letter == 0x6e) return 0x0a
  if (letter == 0x74) return 0x09
  if (letter == 0x72) return 0x0d
  if (letter == 0x62) return 0x08
  if (letter == 0x66) return 0x0c
  return letter
}
