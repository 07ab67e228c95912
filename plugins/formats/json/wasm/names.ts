/**
 * Where names lead, remembered by their bytes: for each place, depth and name seen there, the place of the member. (The depth
 * only keeps apart what follows what.) After a name,
 * the one that followed it last time is tried first, because rows repeat their columns in order; then not even its closing
 * quote has to be looked for.
 *
 * Entry, 96 bytes: 0 key: place and depth it stands at, 4 place it leads to, 8 what is known of that place, 12 bytes of the name with its
 * closing quote, 16 the entry that followed it last, 20 hash, 24 bytes from the opening quote to the colon, 28 bits for those
 * of them among the first sixteen; 32 the name with both quotes and a colon.
 */
import { areSame, hashOf } from './bytes'
import { askIsLabel, askName, askPlace } from './host'
import { entriesIn, hashIn, keepNameAt, maxEntries, maxPlaces, nameRolesAt, placesIn } from './layout'
import { logPeople } from './people'
import { input, slot } from './window'

// Place info: bits 0 and 1 the treatment, 2 whether elements stand where their array stands, 3 known, from 8 the byte rule.
export const treatmentMask: u32 = 3
export const copies: u32 = 0
export const reads: u32 = 1
export const masks: u32 = 2
export const removes: u32 = 3
export const looksThrough: u32 = 4
const isKnown: u32 = 8
// In an entry also what the name says of others: ../self-described.ts.
export const labelsValues: u32 = 16
export const isValue: u32 = 32
export const hasColumns: u32 = 64
export const isRows: u32 = 128
export const roleMask: u32 = 240
const roleShift: u32 = 4
export const ruleShift: u32 = 8

/** Names with their closing quote; longer ones are asked for each time. */
const maxName: u32 = 62
const hashSlots: u32 = 2048
const entrySize: usize = 96
const spelling: usize = 32

/** The entry that was hit last, and what it led to. */
let last: usize = 0
export let foundPlace: i32 = 0
export let foundInfo: u32 = 0
export let foundEnd: usize = 0

/** What names are remembered under at a place and depth. */
// @ts-ignore: decorator
@inline export function keyOf(parent: i32, depth: i32): i32 {
  return parent | (min(depth, 255) << 20)
}

/** To be called whenever the slot may be another, or have been cleared. */
export function forgetLast(): void {
  last = slot + entriesIn
}

export function infoOf(place: i32): u32 {
  if (<u32>place >= <u32>maxPlaces) return askPlace(place)
  const at = slot + placesIn + (<usize>place << 2)
  const known = load<u32>(at)
  if (known != 0) return known
  const info = askPlace(place) | isKnown
  store<u32>(at, info)
  return info
}

/** The entry that followed last time. No key is 0, so that where none did its is none. */
// @ts-ignore: decorator
@inline export function following(): usize {
  return <usize>load<u32>(last, 16)
}

/** Not 0 where something else than an entry's name with its colon opens at a position; of a longer name only the first bytes count. */
// @ts-ignore: decorator
@inline export function differs(entry: usize, opening: usize): u32 {
  return load<u32>(entry, 28) & ~(<u32>i8x16.bitmask(i8x16.eq(v128.load(entry, spelling), v128.load(opening))))
}

// @ts-ignore: decorator
@inline export function keyIn(entry: usize): i32 {
  return load<i32>(entry)
}

/** Bytes of an entry's name with its quotes and colon. */
// @ts-ignore: decorator
@inline export function spanOf(entry: usize): usize {
  return <usize>load<u32>(entry, 24)
}

/** Whether the rest of a longer name stands there too. */
export function spellsOn(entry: usize, opening: usize): bool {
  return areSame(entry + spelling + 16, opening + 16, load<u32>(entry, 24) - 16)
}

// @ts-ignore: decorator
@inline export function placeOf(entry: usize): i32 {
  return load<i32>(entry, 4)
}

// @ts-ignore: decorator
@inline export function infoIn(entry: usize): u32 {
  return load<u32>(entry, 8)
}

/** This name was the last one. */
// @ts-ignore: decorator
@inline export function pass(entry: usize): void {
  last = entry
}

/** Whether the name that opens at a position is the one that followed last time. Sets `found…` if so. */
export function isNext(key: i32, opening: usize): bool {
  const guess = <usize>load<u32>(last, 16)
  if (load<i32>(guess) != key || !areSame(guess + spelling, opening, load<u32>(guess, 12) + 1)) return false
  find(guess)
  foundEnd = opening + <usize>load<u32>(guess, 12)
  return true
}

// @ts-ignore: decorator
@inline function find(entry: usize): void {
  last = entry
  foundPlace = placeOf(entry)
  foundInfo = infoIn(entry)
}

/** Looks a name up whose end is known; asks the host where it is not held. Sets `found…`. */
export function findName(parent: i32, key: i32, from: usize, to: usize): void {
  const length = <u32>(to - from) + 1
  foundEnd = to
  if (length > maxName) return ask(parent, from, to)
  const hash = hashOfName(key, from, length)
  const entry = heldEntry(key, from, length, hash)
  if (entry != 0) {
    store<u32>(last, <u32>entry, 16)
    find(entry)
    return
  }
  ask(parent, from, to)
  if (load<u32>(keepNameAt) != 0) keep(key, from, length, hash)
}

/** Whether a name labels values beside it, without its member being read. */
export function isLabel(key: i32, from: usize, to: usize): bool {
  const length = <u32>(to - from) + 1
  const entry: usize = length > maxName ? 0 : heldEntry(key, from, length, hashOfName(key, from, length))
  return entry != 0 ? (infoIn(entry) & labelsValues) != 0 : askIsLabel(from, to)
}

/** The entry of a name that ends with its closing quote; 0 where it is not held. */
function heldEntry(key: i32, from: usize, length: u32, hash: u32): usize {
  let at = hash & (hashSlots - 1)
  while (true) {
    const held = <u32>load<u16>(slot + hashIn + (<usize>at << 1))
    if (held == 0) return 0
    const entry = entryAt(held)
    const isAlike = load<u32>(entry, 20) == hash && load<i32>(entry) == key && load<u32>(entry, 12) == length
    if (isAlike && spells(entry, from)) return entry
    at = (at + 1) & (hashSlots - 1)
  }
}

function ask(parent: i32, from: usize, to: usize): void {
  // Labels lead to no question that people would have to be told before.
  if (from >= input) logPeople()
  foundPlace = askName(parent, from, to)
  foundInfo = infoOf(foundPlace) | (load<u32>(nameRolesAt) << roleShift)
}

function keep(key: i32, from: usize, length: u32, hash: u32): void {
  // The first entry is none: it stands for what comes first, and its link counts the entries.
  let count = load<u32>(slot + entriesIn, 20)
  if (count == <u32>maxEntries - 1) {
    // Full: bodies with ever new names must not make those that repeat be asked for for ever.
    memory.fill(slot + hashIn, 0, <usize>hashSlots << 1)
    store<u32>(slot + entriesIn, 0, 16)
    forgetLast()
    count = 0
  }
  count++
  store<u32>(slot + entriesIn, count, 20)
  const entry = entryAt(count)
  store<i32>(entry, key)
  store<i32>(entry, foundPlace, 4)
  store<u32>(entry, foundInfo, 8)
  store<u32>(entry, length, 12)
  store<u32>(entry, 0, 16)
  store<u32>(entry, hash, 20)
  store<u32>(entry, length + 2, 24)
  store<u32>(entry, length < 14 ? (1 << (length + 2)) - 1 : 0xffff, 28)
  store<u8>(entry, 0x22, spelling)
  memory.copy(entry + spelling + 1, from, <usize>length)
  store<u8>(entry + length, 0x3a, spelling + 1)
  let at = hash & (hashSlots - 1)
  while (load<u16>(slot + hashIn + (<usize>at << 1)) != 0) at = (at + 1) & (hashSlots - 1)
  store<u16>(slot + hashIn + (<usize>at << 1), <u16>count)
  store<u32>(last, <u32>entry, 16)
  last = entry
}

// @ts-ignore: decorator
@inline function entryAt(nth: u32): usize {
  return slot + entriesIn + <usize>nth * entrySize
}

/** Whether the bytes at `from` are an entry's name and its closing quote. */
function spells(entry: usize, from: usize): bool {
  return areSame(entry + spelling + 1, from, load<u32>(entry, 12))
}

function hashOfName(key: i32, from: usize, length: u32): u32 {
  return hashOf(<u64>length * 0x9e3779b97f4a7c15 + <u64>key * 0xc2b2ae3d27d4eb4f, from, length)
}
