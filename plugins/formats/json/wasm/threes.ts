/**
 * Long stretches of characters of three bytes, as Chinese text is made of, read by one automaton from vectors of four.
 *
 * A step waits for what the one before has loaded, which leaves a processor little to do. So four parts of a text are read at
 * once, the later from states that are guessed: what stands further before them hardly ever matters.
 */
import { beginningOf, columnsIn } from './automata'
import { ofThree } from './characters'
import { byteWeights, charactersOfThree, highFour, leadOfThrees, onesThenNone, pairWeights } from './constants'

/** Where `passThrees` has left the automaton. */
export let stateBehind: usize = 0

/** Bytes of four characters. */
const four: usize = 12
/** Bytes that are read in parts before it is known whether their states were guessed right. */
const mostAtOnce: usize = 192
/** Where these begin, as bits. */
const leadsOfFour: u32 = 0x249
/** What is missing from the sum of their bytes, which are read with a sign. */
const missing: i32 = 0x22080

/** Whether four characters of three bytes begin here. */
// @ts-ignore: decorator
@inline export function areFour(p: usize): bool {
  const leads = i8x16.eq(v128.and(v128.load(p), v128.load(highFour)), v128.load(leadOfThrees))
  return (<u32>i8x16.bitmask(leads) & leadsOfFour) == leadsOfFour
}

/** Takes four characters of three bytes at once, as long as there are four; returns what comes behind them. */
export function passThrees(automaton: usize, start: usize, from: usize, to: usize): usize {
  const columns = columnsOf(automaton)
  let state = start
  let p = from
  // Guessing from where the stretch began lets some parts be read before those ahead of them are done.
  let base = start
  for (;;) {
    const part = partAhead(p, to)
    if (part == 0) break
    if (!passParts(columns, base, state, p, part)) base = stateBehind
    state = stateBehind
    p += part << 2
  }
  for (; p + four <= to && areFour(p); p += four) state = passFour(columns, state, p)
  stateBehind = state
  return p
}

/** A quarter of the bytes ahead, so many times four characters; 0: there are no four for each part. */
// @ts-ignore: decorator
@inline function partAhead(from: usize, to: usize): usize {
  const stop = min(to, from + mostAtOnce)
  let p = from
  while (p + 4 * four <= stop && areSixteen(p)) p += 4 * four
  return (p - from) >> 2
}

/** Whether nothing but characters of three bytes stands in 48 bytes. */
// @ts-ignore: decorator
@inline function areSixteen(p: usize): bool {
  const a = v128.load(p)
  const b = v128.load(p, 12)
  const c = v128.load(p, 24)
  const d = v128.load(p, 36)
  const every = v128.and(v128.and(a, b), v128.and(c, d))
  const some = v128.or(v128.or(a, b), v128.or(c, d))
  // Of a lead's high four bits all have the first three, and none the last.
  const three = v128.load(leadOfThrees)
  const leads = v128.or(v128.and(every, three), v128.andnot(v128.and(some, v128.load(highFour)), three))
  return (<u32>i8x16.bitmask(i8x16.eq(leads, three)) & leadsOfFour) == leadsOfFour
}

/** Reads four parts of so many bytes; returns whether the states of the later were guessed right. */
function passParts(columns: v128, base: usize, start: usize, from: usize, part: usize): bool {
  const guessed1 = guess(columns, base, from + part)
  const guessed2 = guess(columns, base, from + 2 * part)
  const guessed3 = guess(columns, base, from + 3 * part)
  let state = start
  let in1 = guessed1
  let in2 = guessed2
  let in3 = guessed3
  const stop = from + part
  for (let p = from; p < stop; p += four) {
    const v0 = columnsAt(p, columns)
    const v1 = columnsAt(p + part, columns)
    const v2 = columnsAt(p + 2 * part, columns)
    const v3 = columnsAt(p + 3 * part, columns)
    state = next(state, i32x4.extract_lane(v0, 0))
    in1 = next(in1, i32x4.extract_lane(v1, 0))
    in2 = next(in2, i32x4.extract_lane(v2, 0))
    in3 = next(in3, i32x4.extract_lane(v3, 0))
    state = next(state, i32x4.extract_lane(v0, 1))
    in1 = next(in1, i32x4.extract_lane(v1, 1))
    in2 = next(in2, i32x4.extract_lane(v2, 1))
    in3 = next(in3, i32x4.extract_lane(v3, 1))
    state = next(state, i32x4.extract_lane(v0, 2))
    in1 = next(in1, i32x4.extract_lane(v1, 2))
    in2 = next(in2, i32x4.extract_lane(v2, 2))
    in3 = next(in3, i32x4.extract_lane(v3, 2))
    state = next(state, i32x4.extract_lane(v0, 3))
    in1 = next(in1, i32x4.extract_lane(v1, 3))
    in2 = next(in2, i32x4.extract_lane(v2, 3))
    in3 = next(in3, i32x4.extract_lane(v3, 3))
  }
  stateBehind = in3
  if (state == guessed1 && in1 == guessed2 && in2 == guessed3) return true
  // From the first that was guessed wrong all is read again.
  let p = from + part
  if (state == guessed1) {
    state = in1
    p += part
    if (state == guessed2) {
      state = in2
      p += part
    }
  }
  for (; p < from + 4 * part; p += four) state = passFour(columns, state, p)
  stateBehind = state
  return false
}

/** The state in which a part is most likely to begin: where the three characters before it lead. */
// @ts-ignore: decorator
@inline function guess(columns: v128, base: usize, from: usize): usize {
  const before = columnsAt(from - four, columns)
  const state = next(base, i32x4.extract_lane(before, 1))
  return next(next(state, i32x4.extract_lane(before, 2)), i32x4.extract_lane(before, 3))
}

// @ts-ignore: decorator
@inline function passFour(columns: v128, start: usize, p: usize): usize {
  const now = columnsAt(p, columns)
  const state = next(next(start, i32x4.extract_lane(now, 0)), i32x4.extract_lane(now, 1))
  return next(next(state, i32x4.extract_lane(now, 2)), i32x4.extract_lane(now, 3))
}

/** What is added to characters as `columnsAt` makes them to have where their columns are. */
// @ts-ignore: decorator
@inline export function columnsOf(automaton: usize): v128 {
  return i32x4.splat(<i32>(automaton + columnsIn) + missing)
}

/** Where the columns of the four characters at a position are. */
// @ts-ignore: decorator
@inline function columnsAt(p: usize, columns: v128): v128 {
  return columnsIn32(v128.load(p), columns)
}

// @ts-ignore: decorator
@inline function columnsIn32(bytes: v128, columns: v128): v128 {
  const ordered = i8x16.relaxed_swizzle(bytes, v128.load(charactersOfThree))
  const pairs = i16x8.relaxed_dot_i8x16_i7x16_s(ordered, v128.load(byteWeights))
  return i32x4.add(i32x4.dot_i16x8_s(pairs, v128.load(pairWeights)), columns)
}

// @ts-ignore: decorator
@inline function next(state: usize, column: i32): usize {
  return load<u32>(state + (<usize>load<u8>(<usize>column) << 2))
}

/** The state behind a text of one to five characters of three bytes. */
export function stateBehindFew(automaton: usize, from: usize, to: usize): usize {
  const columns = columnsOf(automaton)
  const length = to - from
  // Bytes behind the text are taken for none: what they lead to is not taken.
  const known = v128.load(onesThenNone + 16 - min(length, 16))
  const now = columnsIn32(v128.and(v128.load(from), known), columns)
  const fifth = automaton + columnsIn + ofThree(load<u32>(from + four))
  let state = next(beginningOf(automaton), i32x4.extract_lane(now, 0))
  state = select(next(state, i32x4.extract_lane(now, 1)), state, length > 3)
  state = select(next(state, i32x4.extract_lane(now, 2)), state, length > 6)
  state = select(next(state, i32x4.extract_lane(now, 3)), state, length > 9)
  return select(next(state, <i32>fifth), state, length > four)
}
