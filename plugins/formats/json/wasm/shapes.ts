/**
 * Whether a detector could match by its shape (`Triggers.shape` in gateway/contracts.ts), by the automata that
 * ../fast/determine.ts makes. Wrong only by saying yes.
 *
 * A plan's list, 16 bytes a shape: 0 automaton, 4 digits it needs, 8 what else: 1 a commercial at, 2 anything outside ASCII,
 * 8 the digits in a row, 16 a code. Behind it, which shapes need an at, something wide, a code, digits in a row; the fewest
 * digits in a row that one of the last needs; and of which shapes every match ends in an ASCII letter or digit.
 */
import { beginningOf, endOfText, hasEnded, step } from './automata'
import { at, code, digits, inRow, wide } from './census'
import { backslash, behind, characterAt, isOfThree, ofThree } from './characters'
import { matchesPlainly } from './endings'
import { leastNumber, needsIn, numbersIn, shapesIn } from './layout'
import { passThrees, setStates, stateA, stateB, stateC } from './threes'
import { slot } from './window'

/**
 * Whether one of the wanted shapes could match in the string of which the census was taken last, or there is a character in
 * it that shapes do not speak of.
 */
export function mayHaveShape(from: usize, to: usize, wanted: u32): bool {
  const needs = slot + needsIn
  let able = wanted
  if (!at) able &= ~load<u32>(needs)
  if (!wide) able &= ~load<u32>(needs, 4)
  if (!code) able &= ~load<u32>(needs, 8)
  if (inRow < load<u32>(needs, 16)) able &= ~load<u32>(needs, 12)
  const ending = able & load<u32>(needs, 20)
  // Two or three at a time, as each waits for what it has loaded; of two, the first is also the third, of one it is all.
  let first: usize = 0
  let second: usize = 0
  let all = false
  for (let left = able & ~ending; left != 0; left &= left - 1) {
    const automaton = ableAutomaton(<usize>ctz(left))
    if (automaton == 0) continue
    all = true
    if (first == 0) first = automaton
    else if (second == 0) second = automaton
    else {
      if (match(first, second, automaton, from, to)) return true
      first = second = 0
    }
  }
  if (first != 0 && match(first, second != 0 ? second : first, first, from, to)) return true
  for (let left = ending; left != 0; left &= left - 1) {
    const automaton = ableAutomaton(<usize>ctz(left))
    if (automaton == 0) continue
    // Once another has read all, there is nothing in it of which shapes do not speak.
    if (all ? matchesPlainly(automaton, from, to) : match(automaton, automaton, automaton, from, to)) return true
  }
  return false
}

/** The automaton of a shape; 0: there are too few digits. */
// @ts-ignore: decorator
@inline function ableAutomaton(shape: usize): usize {
  const entry = slot + shapesIn + (shape << 4)
  return ((load<u32>(entry, 8) & 8) != 0 ? inRow : digits) < load<u32>(entry, 4) ? 0 : <usize>load<u32>(entry)
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
  let state = beginningOf(automaton)
  for (let p = from; p < to; p++) state = step(automaton, state, <usize>load<u8>(p))
  return hasEnded(automaton, step(automaton, state, endOfText))
}

/** Where the last character of the shortest match begins that is the beginning of a text, all of Han; 0: there is none. */
export function lastOfMatch(automaton: usize, from: usize, to: usize): usize {
  let state = beginningOf(automaton)
  for (let p = from; p < to && isHan(p); p += 3) {
    state = step(automaton, state, ofThree(load<u32>(p)))
    if (hasEnded(automaton, state)) return p
  }
  return 0
}

// @ts-ignore: decorator
@inline function isHan(p: usize): bool {
  return <u32>load<u8>(p) - 0xe4 < 6
}

/** Whether the text matches what one of three automata looks for. */
function match(a: usize, b: usize, c: usize, from: usize, to: usize): bool {
  setStates(beginningOf(a), beginningOf(b), beginningOf(c))
  let p = from
  while (p < to) {
    p = passOthers(a, b, c, passThrees(a, b, c, p, to), to)
    if (p == 0) return true
  }
  return (
    hasEnded(a, step(a, stateA, endOfText)) ||
    hasEnded(b, step(b, stateB, endOfText)) ||
    hasEnded(c, step(c, stateC, endOfText))
  )
}

/**
 * Takes characters of any kind until five of three bytes follow; returns what comes behind them. 0: one of them is of two or four
 * bytes, of which shapes do not speak. Escapes by number the census has seen.
 */
function passOthers(a: usize, b: usize, c: usize, from: usize, to: usize): usize {
  let p = from
  let inA = stateA
  let inB = stateB
  let inC = stateC
  while (p < to) {
    const byte = load<u8>(p)
    let character: i32 = byte
    if (byte >= 0xe0 && byte < 0xf0) {
      if (p != from && p + 15 <= to && areOfThree(p)) break
      character = <i32>ofThree(load<u32>(p))
      p += 3
    } else if (byte < 0x80 && byte != backslash) p++
    else {
      character = characterAt(p)
      if (character < 0) return 0
      p = behind
    }
    inA = step(a, inA, character)
    if (b == a) continue
    inB = step(b, inB, character)
    inC = step(c, inC, character)
  }
  setStates(inA, b == a ? inA : inB, b == a ? inA : inC)
  return p
}

/** Whether five characters of three bytes begin here. */
// @ts-ignore: decorator
@inline function areOfThree(p: usize): bool {
  return isOfThree(p) && isOfThree(p + 3) && isOfThree(p + 6) && isOfThree(p + 9) && isOfThree(p + 12)
}
