/**
 * Long stretches of characters of three bytes, as Chinese text is made of, read by automata from vectors of five.
 *
 * A step waits for what the one before has loaded, which leaves a processor little to do. So an automaton that is alone reads four
 * parts of a text at once, or two, the later from states that are guessed: what stands further before them hardly ever matters.
 */
import { step } from './automata'
import { firstOfThree, highFour, leadOfThrees, othersOfThree, signsOfThree, sixBits } from './constants'

/** Where the automata are; of two the first is also the third, of one it is all. */
export let stateA: usize = 0
export let stateB: usize = 0
export let stateC: usize = 0

/** Bytes of five characters, and of each of the parts. */
const five: usize = 15
const part: usize = 4 * five

/** Where five characters of three bytes begin, as bits. */
const leadsOfFive: u32 = 0x1249

export function setStates(a: usize, b: usize, c: usize): void {
  stateA = a
  stateB = b
  stateC = c
}

/** Takes five characters of three bytes at once, as long as there are five; returns what comes behind them. */
export function passThrees(a: usize, b: usize, c: usize, from: usize, to: usize): usize {
  if (c != a) return passFives(a, b, c, from, to, 3)
  if (b != a) return passFives(a, b, c, from, to, 2)
  let p = from
  // Guessing from where the stretch began lets some parts be read before those ahead of them are done.
  let base = stateA
  for (; p + 4 * part <= to && areThrees(p) && areThrees(p + 2 * part); p += 4 * part) {
    if (!passParts(a, base, p, 4)) base = stateA
  }
  for (; p + 2 * part <= to && areThrees(p); p += 2 * part) if (!passParts(a, base, p, 2)) base = stateA
  return passFives(a, b, c, p, to, 1)
}

/** Whether nothing but characters of three bytes stands in the two parts of which the first begins here. */
// @ts-ignore: decorator
@inline function areThrees(p: usize): bool {
  const first = v128.and(v128.and(leads(p), leads(p + five)), v128.and(leads(p + 2 * five), leads(p + 3 * five)))
  const q = p + part
  const later = v128.and(v128.and(leads(q), leads(q + five)), v128.and(leads(q + 2 * five), leads(q + 3 * five)))
  return (<u32>i8x16.bitmask(v128.and(first, later)) & leadsOfFive) == leadsOfFive
}

// @ts-ignore: decorator
@inline function leads(p: usize): v128 {
  return i8x16.eq(v128.and(v128.load(p), v128.load(highFour)), v128.load(leadOfThrees))
}

/** Reads two parts, or four; returns whether the states of the later were guessed right. */
// @ts-ignore: decorator
@inline function passParts(a: usize, base: usize, from: usize, count: usize): bool {
  const guessed1 = guess(a, base, from + part)
  const guessed2 = count > 2 ? guess(a, base, from + 2 * part) : 0
  const guessed3 = count > 2 ? guess(a, base, from + 3 * part) : 0
  let state = stateA
  let in1 = guessed1
  let in2 = guessed2
  let in3 = guessed3
  for (let p = from; p < from + part; p += five) {
    const v0 = fiveAt(p)
    const v1 = fiveAt(p + part)
    const v2 = count > 2 ? fiveAt(p + 2 * part) : v0
    const v3 = count > 2 ? fiveAt(p + 3 * part) : v0
    state = step(a, state, <usize>i16x8.extract_lane_u(v0, 0))
    in1 = step(a, in1, <usize>i16x8.extract_lane_u(v1, 0))
    if (count > 2) in2 = step(a, in2, <usize>i16x8.extract_lane_u(v2, 0))
    if (count > 2) in3 = step(a, in3, <usize>i16x8.extract_lane_u(v3, 0))
    state = step(a, state, <usize>i16x8.extract_lane_u(v0, 1))
    in1 = step(a, in1, <usize>i16x8.extract_lane_u(v1, 1))
    if (count > 2) in2 = step(a, in2, <usize>i16x8.extract_lane_u(v2, 1))
    if (count > 2) in3 = step(a, in3, <usize>i16x8.extract_lane_u(v3, 1))
    state = step(a, state, <usize>i16x8.extract_lane_u(v0, 2))
    in1 = step(a, in1, <usize>i16x8.extract_lane_u(v1, 2))
    if (count > 2) in2 = step(a, in2, <usize>i16x8.extract_lane_u(v2, 2))
    if (count > 2) in3 = step(a, in3, <usize>i16x8.extract_lane_u(v3, 2))
    state = step(a, state, <usize>i16x8.extract_lane_u(v0, 3))
    in1 = step(a, in1, <usize>i16x8.extract_lane_u(v1, 3))
    if (count > 2) in2 = step(a, in2, <usize>i16x8.extract_lane_u(v2, 3))
    if (count > 2) in3 = step(a, in3, <usize>i16x8.extract_lane_u(v3, 3))
    state = step(a, state, <usize>i16x8.extract_lane_u(v0, 4))
    in1 = step(a, in1, <usize>i16x8.extract_lane_u(v1, 4))
    if (count > 2) in2 = step(a, in2, <usize>i16x8.extract_lane_u(v2, 4))
    if (count > 2) in3 = step(a, in3, <usize>i16x8.extract_lane_u(v3, 4))
  }
  let read: usize = 1
  if (state == guessed1) {
    state = in1
    read = 2
    if (count > 2 && state == guessed2) {
      state = in2
      read = 3
      if (state == guessed3) {
        state = in3
        read = 4
      }
    }
  }
  setStates(state, state, state)
  if (read == count) return true
  passFives(a, a, a, from + read * part, from + count * part, 1)
  return false
}

/** The state in which a part is most likely to begin: where the three characters before it lead. */
// @ts-ignore: decorator
@inline function guess(a: usize, base: usize, from: usize): usize {
  const before = fiveAt(from - five)
  const state = step(a, base, <usize>i16x8.extract_lane_u(before, 2))
  return step(a, step(a, state, <usize>i16x8.extract_lane_u(before, 3)), <usize>i16x8.extract_lane_u(before, 4))
}

/**
 * The characters of five times three bytes, as the first five 16-bit lanes: the four bits that count of the first byte, and the
 * second and third as numbers with a sign, for which the constant makes up.
 */
// @ts-ignore: decorator
@inline function fiveAt(p: usize): v128 {
  const v = v128.load(p)
  const upper = i16x8.shl(i8x16.relaxed_swizzle(v, v128.load(firstOfThree)), 12)
  const others = i8x16.relaxed_swizzle(v, v128.load(othersOfThree))
  const lower = i16x8.relaxed_dot_i8x16_i7x16_s(others, v128.load(sixBits))
  return i16x8.add(i16x8.add(upper, lower), v128.load(signsOfThree))
}

// @ts-ignore: decorator
@inline function passFives(a: usize, b: usize, c: usize, from: usize, to: usize, count: i32): usize {
  let p = from
  let inA = stateA
  let inB = stateB
  let inC = stateC
  for (; p + five <= to && (<u32>i8x16.bitmask(leads(p)) & leadsOfFive) == leadsOfFive; p += five) {
    const now = fiveAt(p)
    const c0 = <usize>i16x8.extract_lane_u(now, 0)
    inA = step(a, inA, c0)
    if (count > 1) inB = step(b, inB, c0)
    if (count > 2) inC = step(c, inC, c0)
    const c1 = <usize>i16x8.extract_lane_u(now, 1)
    inA = step(a, inA, c1)
    if (count > 1) inB = step(b, inB, c1)
    if (count > 2) inC = step(c, inC, c1)
    const c2 = <usize>i16x8.extract_lane_u(now, 2)
    inA = step(a, inA, c2)
    if (count > 1) inB = step(b, inB, c2)
    if (count > 2) inC = step(c, inC, c2)
    const c3 = <usize>i16x8.extract_lane_u(now, 3)
    inA = step(a, inA, c3)
    if (count > 1) inB = step(b, inB, c3)
    if (count > 2) inC = step(c, inC, c3)
    const c4 = <usize>i16x8.extract_lane_u(now, 4)
    inA = step(a, inA, c4)
    if (count > 1) inB = step(b, inB, c4)
    if (count > 2) inC = step(c, inC, c4)
  }
  setStates(inA, count > 1 ? inB : inA, count > 2 ? inC : inA)
  return p
}
