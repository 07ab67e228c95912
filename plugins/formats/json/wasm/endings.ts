/**
 * Matches that end in an ASCII letter or digit, as those of values behind labels do. Of Chinese text only what stands right before
 * such has to be read for them, from the last character on behind which it is all the same what stood before.
 */
import { beginningOf, forgets, hasEnded, step } from './automata'
import { backslash, behind, characterAt, isOfThree, ofThree } from './characters'
import { ten as tens, zeroDigit } from './constants'

/** Whether an automaton finds such a match in a text, of which it is known that shapes speak of all its characters. */
export function matchesPlainly(automaton: usize, from: usize, to: usize): bool {
  let end = behindPlain(from, to)
  while (end != 0) {
    const start = lastForgetting(automaton, from, end)
    if (endsMatch(automaton, start, end)) return true
    end = behindPlain(from, start)
  }
  return false
}

/** Behind the last ASCII letter or digit; 0: there is none. */
function behindPlain(from: usize, to: usize): usize {
  for (let p = to; p > from; p -= 16) {
    while (p >= from + 64 && areWide(p - 64)) p -= 64
    if (p == from) break
    const v = v128.load(p - 16)
    if (<u32>i8x16.bitmask(v) == 0xffff && p >= from + 16) continue
    const letter = i8x16.lt_u(i8x16.sub(v128.or(v, i8x16.splat(0x20)), i8x16.splat(0x61)), i8x16.splat(26))
    const digit = i8x16.lt_u(i8x16.sub(v, v128.load(zeroDigit)), v128.load(tens))
    const valid: u32 = p - from < 16 ? (0xffff << (16 - <u32>(p - from))) & 0xffff : 0xffff
    const found = <u32>i8x16.bitmask(v128.or(letter, digit)) & valid
    if (found != 0) return p + 16 - <usize>clz(found)
    if (p - from < 16) break
  }
  return 0
}

/** Whether all of 64 bytes are outside ASCII. */
// @ts-ignore: decorator
@inline function areWide(p: usize): bool {
  const all = v128.and(v128.and(v128.load(p), v128.load(p, 16)), v128.and(v128.load(p, 32), v128.load(p, 48)))
  return <u32>i8x16.bitmask(all) == 0xffff
}

/** Where the last character ahead of the one before `end` begins behind which all is forgotten; `from` where there is none. */
function lastForgetting(automaton: usize, from: usize, end: usize): usize {
  let p = end - 1
  while (p > from) {
    do p--
    while (p > from && (load<u8>(p) & 0xc0) == 0x80)
    // What belongs to an escape is not what it looks like.
    const byte = load<u8>(p)
    if (byte == backslash || (p > from && load<u8>(p - 1) == backslash)) continue
    if (byte < 0x80 ? forgets(automaton, byte) : isOfThree(p) && forgets(automaton, ofThree(load<u32>(p)))) return p
  }
  return from
}

function endsMatch(automaton: usize, from: usize, to: usize): bool {
  let state = beginningOf(automaton)
  for (let p = from; p < to; p = behind) {
    const character = characterAt(p)
    if (character < 0) return true
    state = step(automaton, state, character)
  }
  return hasEnded(automaton, state)
}
