/**
 * What byte rules (`ByteRule` in gateway/contracts.ts) do to values.
 *
 * A rule, 64 bytes: 0 what to do, 4 head, 8 tail, 12 until (0: to the end), or of what the host masks the character behind which
 * nothing stays, 16 the cover's bytes, 20 how many; 24 digits that
 * its detectors need, 28 what else: 1 a commercial at, 2 anything outside ASCII, 4 there are detectors, 8 the digits in a row,
 * 16 a code; 32 the rank by which it says who a person is, 0: it does not; 36 the shapes looked for, 40 and 44 what 24
 * and 28 are for detectors without one; 48 the automaton of what is its own normalisation, 52 of what stays of a
 * value that the host masks; 0: there is none.
 */
import { coverMiddle, holdsBackslash } from './covers'
import { askMask } from './host'
import { numberOf, setApart } from './known-values'
import {
  counts, documentTypedAt, headInRule, longestPerson, nestingAt, replacement, rowTypedAt, rulesIn, toRedact, toRemove,
} from './layout'
import { cut, putNull, putStars, replace } from './output'
import { meet } from './people'
import { behindFirst } from './shapes'
import { mayMatter } from './strings'
import { slot } from './window'

const keeps: u32 = 1
const redacts: u32 = 2
const covers: u32 = 3
const drops: u32 = 4
const asks: u32 = 5

/** In the host's answer to `askMask`, beside the outcome. */
const countsAsRule: i32 = 4

// What became of a value.
export const forHost: i32 = 0
export const stays: i32 = 1
/** The member goes; that is left to the caller. */
export const goes: i32 = 2

/** Carries out a byte rule on the string between `from` and `to`. */
export function applyRule(rule: u32, from: usize, to: usize): i32 {
  if (from == to) return forHost
  const at = slot + rulesIn + (<usize>rule << 6)
  const action = load<u32>(at)
  const person = load<u32>(at, 32)
  if ((load<u32>(at, 28) & 4) != 0 && mayMatter(at, from, to)) return forHost
  if (person != 0 || action == asks) {
    if (to - from > longestPerson) return forHost
    // What covers looks for escapes itself.
    if (action != covers && holdsBackslash(from, to)) return forHost
    if (action == asks) return maskByHost(rule, person, from, to)
  }
  if (action == redacts) putStars(from - 1, to + 1)
  else if (action != keeps && action != drops && !coverMiddle(at, from, to)) return forHost
  countRule(rule)
  if (person != 0) meet(rule, person, from, to)
  return action == drops ? goes : stays
}

/** Puts what the host makes of a value, which it remembers by the value's number. */
function maskByHost(rule: u32, person: u32, from: usize, to: usize): i32 {
  const kept = keptHead(rule, from, to)
  if (kept != 0) {
    cut(kept, to)
    countRule(rule)
    if (person != 0) meet(rule, person, from, to)
    return stays
  }
  const number = numberOf(rule, from, to)
  const outcome = askMask(number)
  if (outcome < 0) return forHost
  if ((outcome & countsAsRule) != 0) countRule(rule)
  else {
    setApart(number)
    markRow()
  }
  if (person != 0) meet(rule, person, from, to)
  if ((outcome & 3) == toRemove) return goes
  if ((outcome & 3) == toRedact) putStars(from - 1, to + 1)
  else replace(from - 1, to + 1, replacement, <usize>(outcome >> 3))
  return stays
}

/** Up to where a value stays by its rule's automaton; 0: that does not say. */
// @ts-ignore: decorator
@inline function keptHead(rule: u32, from: usize, to: usize): usize {
  const at = slot + rulesIn + (<usize>rule << 6)
  const automaton = <usize>load<u32>(at, headInRule)
  return automaton == 0 ? 0 : behindFirst(load<u32>(at, 12), automaton, from, to)
}

/** The same for a number or boolean, which only becomes null where the rule is to redact. */
export function redactPrimitive(rule: u32, from: usize, to: usize): bool {
  const at = slot + rulesIn + (<usize>rule << 6)
  if (load<u32>(at) != redacts || load<u32>(at, 32) != 0) return false
  putNull(from, to)
  countRule(rule)
  return true
}

function countRule(rule: u32): void {
  const times = counts + (<usize>rule << 2)
  store<u32>(times, load<u32>(times) + 1)
  markRow()
}

/** The row under way, or what stands outside all rows, holds a typed value. */
function markRow(): void {
  if (load<i32>(nestingAt) > 0) store<u32>(rowTypedAt, 1)
  else store<u32>(documentTypedAt, 1)
}
