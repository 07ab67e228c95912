/** Where reading stands: what is kept of a body between two writes, as variables while one runs. */
import {
  badEscapeAt, commaAt, depthAt, doneAt, expectAt, goneAt, memberAt, nameFromAt, nameToAt, placeAt, readAt, rolesAt, skipAt,
  soughtAt, stack,
} from './layout'
import { infoOf, roleMask } from './names'
import { input } from './window'

/** What may come next. */
export const expectValue: i32 = 0
export const expectValueOrClose: i32 = 1
export const expectNameOrClose: i32 = 2
export const expectName: i32 = 3
export const expectColon: i32 = 4
export const expectCommaOrClose: i32 = 5
export const expectEnd: i32 = 6

export let expect: i32 = expectValue
export let depth: i32 = 0
/** The level of the stack at this depth, and whether it is an object. */
export let level: usize = stack
export let inObject: bool = false
/** Positions are addresses here; 0 is none. */
export let comma: usize = 0
export let member: usize = 0
export let nameFrom: usize = 0
export let nameTo: usize = 0
export let gone: bool = false
export let skip: i32 = -1
export let place: i32 = 0
export let info: u32 = 0
/** How far the end of the token under way has been looked for. */
export let sought: usize = 0
export let badEscape: usize = 0

// @ts-ignore: decorator
@inline export function address(field: usize): usize {
  const offset = load<i32>(field)
  return offset < 0 ? 0 : input + <usize>offset
}

// @ts-ignore: decorator
@inline function offset(at: usize): i32 {
  return at == 0 ? -1 : <i32>(at - input)
}

/** Takes up what is in memory. */
export function takeUp(): void {
  expect = load<i32>(expectAt)
  depth = load<i32>(depthAt)
  level = stack + (<usize>depth << 4)
  inObject = depth > 0 && (load<u32>(level) & 1) != 0
  comma = address(commaAt)
  member = address(memberAt)
  nameFrom = address(nameFromAt)
  nameTo = address(nameToAt)
  gone = load<u32>(goneAt) != 0
  skip = load<i32>(skipAt)
  place = load<i32>(placeAt)
  info = infoOf(place) | load<u32>(rolesAt)
  sought = address(soughtAt)
  const bad = load<u32>(badEscapeAt)
  badEscape = bad == <u32>-1 ? <usize>-1 : input + <usize>bad
}

/** Puts it back: the next byte to read is at `p`, and what has not left begins at `keep`. */
export function putAway(p: usize, keep: usize): void {
  store<i32>(expectAt, expect)
  store<i32>(depthAt, depth)
  store<i32>(readAt, offset(p))
  store<i32>(soughtAt, offset(sought))
  store<i32>(doneAt, offset(keep))
  store<i32>(placeAt, place)
  store<i32>(memberAt, offset(member))
  store<i32>(commaAt, offset(comma))
  store<i32>(nameFromAt, offset(nameFrom))
  store<i32>(nameToAt, offset(nameTo))
  store<u32>(goneAt, gone ? 1 : 0)
  store<i32>(skipAt, skip)
  store<u32>(rolesAt, info & roleMask)
}

/** The value under way stands elsewhere. */
export function setPlace(other: i32, itsInfo: u32): void {
  place = other
  info = itsInfo
}

export let fault: i32 = 0

export function fail(code: i32, p: usize): usize {
  fault = code
  return p
}
