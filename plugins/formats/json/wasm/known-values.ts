/**
 * Values known in a window, by numbers: each is looked up by its bytes among those met before, so that nothing is made anew of
 * a value that was met.
 *
 * Value known, 16 bytes: 0 its rule in the low byte, above it the number of the person of whom it is the strongest in a
 * row that was settled (settling.ts), or 0; 4 hash, 8 address of its bytes, 12 how many, with `wide` where one is not ASCII and `normal`
 * where the rule's expression says that it is its own normalisation.
 */
import { everyNumberMatches, isOfOneColumn } from './automata'
import { areSame, hashOf } from './bytes'
import { tellPeople } from './host'
import {
  epochAt, known, knownAt, knownHash, longestPerson, metAt, mostHashSlots, mostKnown, normalInRule, rulesIn, settledAt, settlesAt, spoken,
  spokenAt, spokenEnd,
} from './layout'
import { matches } from './shapes'
import { slot } from './window'

const wide: u32 = 0x80000000
const normal: u32 = 0x40000000
const lengthBits: u32 = 0xffff
/** Bits of a hash slot that number a value; those above are the epoch in which it was written. */
const valueBits: u32 = 15
const lastEpoch: u32 = (1 << 17) - 1

const fewestSlots: u32 = 1024
/** So many slots are used, less one: few for few values, so that they stay in the nearest cache. */
let slotMask: u32 = fewestSlots - 1

/** Tells the cursor of all people but those on the list, and forgets the values. */
export function tell(): void {
  store<u32>(settlesAt, 0)
  tellPeople()
  forgetPeople()
}

/** Forgets all values known; what is on the log, and who was settled, must have been told. */
export function forgetPeople(): void {
  store<u32>(metAt, 0)
  store<u32>(settledAt, 0)
  store<u32>(knownAt, 0)
  store<u32>(spokenAt, <u32>spoken)
  slotMask = fewestSlots - 1
  nextEpoch()
}

/** So many values are known again, whose bytes end there. */
export function restoreValues(count: u32, end: u32): void {
  store<u32>(knownAt, count)
  store<u32>(spokenAt, end)
  slotMask = fewestSlots - 1
  while (count << 1 >= slotMask && slotMask + 1 < mostHashSlots) slotMask = slotMask << 1 | 1
  writeAll()
}

/** All slots are empty from now on. */
function nextEpoch(): void {
  let epoch = load<u32>(epochAt)
  if (epoch == lastEpoch) {
    memory.fill(knownHash, 0, <usize>mostHashSlots << 2)
    epoch = 0
  }
  store<u32>(epochAt, epoch + 1)
}

/** Whether so many values can be numbered without telling any. */
export function hasRoomFor(values: u32): bool {
  const bytes = values * (<u32>longestPerson + 16)
  return load<u32>(knownAt) + values <= mostKnown && load<u32>(spokenAt) + bytes <= <u32>spokenEnd
}

/** The number of a value among those known; good until they are told. */
export function numberOf(rule: u32, from: usize, to: usize): u32 {
  const length = <u32>(to - from)
  const hash = hashOfValue(rule, from, length)
  const epoch = load<u32>(epochAt) << valueBits
  let at = hash & slotMask
  for (;;) {
    const written = load<u32>(knownHash + (<usize>at << 2))
    if ((written ^ epoch) >> valueBits != 0) break
    const number = written & ((1 << valueBits) - 1)
    const value = valueAt(number)
    if (load<u32>(value, 4) == hash && load<u8>(value) == rule && (load<u32>(value, 12) & lengthBits) == length && spells(<usize>load<u32>(value, 8), from, length)) return number
    at = (at + 1) & slotMask
  }
  if (!hasRoomFor(1)) tell()
  return add(rule, hash, from, length)
}

function add(rule: u32, hash: u32, from: usize, length: u32): u32 {
  const number = load<u32>(knownAt)
  const value = valueAt(number)
  const bytes = <usize>load<u32>(spokenAt)
  store<u32>(value, rule)
  store<u32>(value, hash, 4)
  store<u32>(value, <u32>bytes, 8)
  const isWide = copyValue(bytes, from, length)
  store<u32>(value, isWide ? length | wide : isNormal(rule, bytes, length) ? length | normal : length, 12)
  store<u32>(spokenAt, <u32>bytes + length)
  store<u32>(knownAt, number + 1)
  if (number << 1 >= slotMask && slotMask + 1 < mostHashSlots) widen()
  else write(hash, number)
  return number
}

/** Twice as many slots, once half of them are taken. */
function widen(): void {
  slotMask = slotMask << 1 | 1
  writeAll()
}

function writeAll(): void {
  nextEpoch()
  const count = load<u32>(knownAt)
  for (let k: u32 = 0; k < count; k++) write(load<u32>(valueAt(k), 4), k)
}

function write(hash: u32, number: u32): void {
  const epoch = load<u32>(epochAt) << valueBits
  let at = hash & slotMask
  while ((load<u32>(knownHash + (<usize>at << 2)) ^ epoch) >> valueBits == 0) at = (at + 1) & slotMask
  store<u32>(knownHash + (<usize>at << 2), epoch | number)
}

// @ts-ignore: decorator
@inline export function valueAt(number: u32): usize {
  return known + (<usize>number << 4)
}

/** Whether no other value known of its rule has the same normalisation. */
// @ts-ignore: decorator
@inline export function isOneSpelling(number: u32): bool {
  return (load<u32>(valueAt(number), 12) & (normal | wide)) == normal
}

/** It has a form of its own, and is the cursor's from now on. */
export function setApart(number: u32): void {
  const value = valueAt(number)
  store<u32>(value, load<u32>(value, 12) & ~normal, 12)
}

// @ts-ignore: decorator
@inline export function bytesOf(number: u32): usize {
  return <usize>load<u32>(valueAt(number), 8)
}

// @ts-ignore: decorator
@inline export function lengthOf(number: u32): u32 {
  return load<u32>(valueAt(number), 12) & lengthBits
}

/** Copies whole vectors: what is too much is written over by the next. Returns whether anything is outside ASCII. */
export function copyValue(to: usize, from: usize, length: u32): bool {
  let high: u32 = 0
  for (let k: u32 = 0; k < length; k += 16) {
    const v = v128.load(from + k)
    v128.store(to + k, v)
    const left = length - k
    high |= <u32>i8x16.bitmask(v) & (left < 16 ? (1 << left) - 1 : 0xffff)
  }
  return high != 0
}

function isNormal(rule: u32, from: usize, length: u32): bool {
  const automaton = <usize>load<u32>(slot + rulesIn + (<usize>rule << 6), normalInRule)
  if (automaton == 0) return false
  const to = from + <usize>length
  return everyNumberMatches(automaton, from, length) || isOfOneColumn(automaton, from, to) || matches(automaton, from, to)
}

/** Whether bytes are those of a value. */
export function spells(value: usize, from: usize, length: u32): bool {
  return areSame(value, from, length)
}

function hashOfValue(rule: u32, from: usize, length: u32): u32 {
  return hashOf((<u64>length << 8 | <u64>rule) * 0x9e3779b97f4a7c15, from, length)
}
