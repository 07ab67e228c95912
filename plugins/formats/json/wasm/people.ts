/**
 * Values that say who a person is, and of which byte rules disposed. They stay ranges of the window until their row is over;
 * then those that count are looked up among the values known, by their bytes, and put on a log for the cursor, so that no
 * text is made of a value that was met before, nor of one that does not count.
 *
 * Log: the number of a value known, with `outside` where it stood in no row; or `rowEnd`.
 * List of the row under way, 16 bytes: 0 rule, 4 address, 8 bytes, 12 rank.
 * Value known, by a rule, 16 bytes: 0 rule, 4 hash, 8 address of its bytes, 12 how many, with `wide` where one is not ASCII and
 * `normal` where the rule's expression says that it is its own normalisation.
 */
import { tellPeople } from './host'
import {
  epochAt, firstRowAt, held, heldAt, known, knownAt, knownHash, met, metAt, moreRowsAt, mostHeld, mostKnown, mostMet,
  nestingAt, normalInRule, rowMetAt, rowTypedAt, rulesIn, spoken, spokenAt, spokenEnd,
} from './layout'
import { matches } from './shapes'
import { slot } from './window'

const outside: u32 = 0x40000000
const rowEnd: u32 = 0xffffffff
const wide: u32 = 0x80000000
const normal: u32 = 0x40000000
const lengthBits: u32 = 0xffff
const hashSlots: u32 = 8192
/** Bits of a hash slot that number a value; those above are the epoch in which it was written. */
const valueBits: u32 = 12
const lastEpoch: u32 = (1 << 20) - 1

/** Longer values are the cursor's. */
export const longestPerson: usize = 256

/** Forgets all values known; what is on the log must have been told. */
export function forgetPeople(): void {
  store<u32>(metAt, 0)
  store<u32>(heldAt, 0)
  store<u32>(knownAt, 0)
  store<u32>(spokenAt, <u32>spoken)
  store<u32>(rowMetAt, 0)
  const epoch = load<u32>(epochAt)
  if (epoch == 0 || epoch == lastEpoch) {
    memory.fill(knownHash, 0, <usize>hashSlots << 2)
    store<u32>(epochAt, 1)
  } else store<u32>(epochAt, epoch + 1)
}

/** A value that a rule of this rank was carried out on. */
export function meet(rule: u32, rank: u32, from: usize, to: usize): void {
  if (load<i32>(nestingAt) == 0) {
    makeRoom()
    log(numberOf(rule, from, to) | outside)
    return
  }
  if (load<u32>(heldAt) == mostHeld) logHeld()
  const count = load<u32>(heldAt)
  const at = held + (<usize>count << 4)
  store<u32>(at, rule)
  store<u32>(at, <u32>from, 4)
  store<u32>(at, <u32>(to - from), 8)
  store<u32>(at, rank, 12)
  store<u32>(heldAt, count + 1)
}

/** To be called before the window may move, or the cursor is told of the row under way. */
export function logPeople(): void {
  if (load<u32>(heldAt) > 0) logHeld()
}

/** Ranks from here on count where there is nothing stronger: `sharedFrom` in gateway/masking/someone.ts. */
const sharedFrom: u32 = 9

/** Logs the values of the row under way that count beside the strongest. */
function logHeld(): void {
  const count = load<u32>(heldAt)
  const most = max(strongest(), sharedFrom - 1)
  for (let k: u32 = 0; k < count; k++) {
    const at = held + (<usize>k << 4)
    if (load<u32>(at, 12) > most) continue
    const from = <usize>load<u32>(at, 4)
    makeRoom()
    log(numberOf(load<u32>(at), from, from + <usize>load<u32>(at, 8)))
  }
  store<u32>(heldAt, 0)
  store<u32>(rowMetAt, 1)
}

/** A row is over. One without people only counts. */
export function endRow(): void {
  if (load<u32>(heldAt) == 0 && load<u32>(rowMetAt) == 0) {
    const typed = load<u32>(rowTypedAt)
    if (load<u32>(firstRowAt) == 0) store<u32>(firstRowAt, 1 + typed)
    else store<u32>(moreRowsAt, load<u32>(moreRowsAt) + typed)
  } else {
    logHeld()
    makeRoom()
    log(rowEnd)
    if (load<u32>(firstRowAt) == 0) store<u32>(firstRowAt, endedOnLog)
    store<u32>(rowMetAt, 0)
  }
  store<u32>(rowTypedAt, 0)
}

/** The first row ended, and the log says where. */
const endedOnLog: u32 = 3

function strongest(): u32 {
  const count = load<u32>(heldAt)
  let rank: u32 = <u32>-1
  for (let k: u32 = 0; k < count; k++) rank = min(rank, load<u32>(held + (<usize>k << 4), 12))
  return rank
}

/** To be called before a value is numbered: telling what is on a full log forgets the numbers. */
function makeRoom(): void {
  if (load<u32>(metAt) == mostMet) tell()
}

function log(entry: u32): void {
  const count = load<u32>(metAt)
  store<u32>(met + (<usize>count << 2), entry)
  store<u32>(metAt, count + 1)
}

/** Tells the cursor all that is on the log, and forgets the values; what is on the list stays there. */
function tell(): void {
  const count = load<u32>(heldAt)
  const logged = load<u32>(rowMetAt)
  tellPeople()
  forgetPeople()
  store<u32>(heldAt, count)
  store<u32>(rowMetAt, logged)
}

/** The number of a value among those known; good until the log is told. */
export function numberOf(rule: u32, from: usize, to: usize): u32 {
  const length = <u32>(to - from)
  const hash = hashOf(rule, from, length)
  let epoch = load<u32>(epochAt) << valueBits
  let at = hash & (hashSlots - 1)
  for (;;) {
    const written = load<u32>(knownHash + (<usize>at << 2))
    if ((written ^ epoch) >> valueBits != 0) break
    const number = written & ((1 << valueBits) - 1)
    const value = known + (<usize>number << 4)
    if (load<u32>(value, 4) == hash && load<u32>(value) == rule && (load<u32>(value, 12) & lengthBits) == length && spells(<usize>load<u32>(value, 8), from, length)) return number
    at = (at + 1) & (hashSlots - 1)
  }
  if (load<u32>(knownAt) == mostKnown || <usize>load<u32>(spokenAt) + length + 16 > spokenEnd) {
    tell()
    epoch = load<u32>(epochAt) << valueBits
    at = hash & (hashSlots - 1)
  }
  const number = load<u32>(knownAt)
  const value = known + (<usize>number << 4)
  const bytes = <usize>load<u32>(spokenAt)
  store<u32>(value, rule)
  store<u32>(value, hash, 4)
  store<u32>(value, <u32>bytes, 8)
  // Whole vectors: what is too much is written over by the next.
  let high: u32 = 0
  for (let k: u32 = 0; k < length; k += 16) {
    const v = v128.load(from + k)
    v128.store(bytes + k, v)
    const left = length - k
    high |= <u32>i8x16.bitmask(v) & (left < 16 ? (1 << left) - 1 : 0xffff)
  }
  store<u32>(value, high != 0 ? length | wide : isNormal(rule, bytes, length) ? length | normal : length, 12)
  store<u32>(spokenAt, <u32>bytes + length)
  store<u32>(knownAt, number + 1)
  store<u32>(knownHash + (<usize>at << 2), epoch | number)
  return number
}

function isNormal(rule: u32, from: usize, length: u32): bool {
  const automaton = <usize>load<u32>(slot + rulesIn + (<usize>rule << 6), normalInRule)
  return automaton != 0 && matches(automaton, from, from + length)
}

function spells(value: usize, from: usize, length: u32): bool {
  for (let k: u32 = 0; k < length; k += 16) {
    const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(value + k), v128.load(from + k)))
    const mask: u32 = length - k < 16 ? (1 << (length - k)) - 1 : 0xffff
    if ((same & mask) != mask) return false
  }
  return true
}

function hashOf(rule: u32, from: usize, length: u32): u32 {
  let sum = (<u64>length << 8 | <u64>rule) * 0x9e3779b97f4a7c15
  for (let k: u32 = 0; k < length; k += 8) {
    const left = length - k
    let part = load<u64>(from + k)
    if (left < 8) part &= (<u64>1 << (<u64>left << 3)) - 1
    sum = (sum ^ part) * 0x9e3779b97f4a7c15
    sum ^= sum >> 29
  }
  return <u32>(sum >> 32) ^ <u32>sum
}
