/** Members, elements and texts: where they begin, and whether they stay. */
import { askElement, askRename, giveLong } from './host'
import { nameOutcomeAt, nestingAt, newlineAt, newName, ordinalAt, stack } from './layout'
import { lookAround } from './labels'
import { findName, foundEnd, foundInfo, foundPlace, infoOf, isNext, isRows, keyOf } from './names'
import { cut, makeWay, putNull, replace } from './output'
import { endRow } from './people'
import {
  comma, depth, expect, expectCommaOrClose, expectEnd, gone, info, inObject, level, member, nameFrom, nameTo,
  place, skip,
} from './progress'
import { endOfText } from './tokens'
import { linesAreRows } from './window'

/** Reads the name that opens at `p`, and finds the place of its value; returns what comes behind it, or 0. */
// @ts-ignore: decorator
@inline export function readName(p: usize, end: usize): usize {
  if (skip < 0) {
    const parent = load<i32>(level, 4)
    if (isNext(keyOf(parent, depth), p)) {
      beginMember(p)
      place = foundPlace
      info = foundInfo
      const next = foundEnd + 1
      if ((info & isRows) != 0) lookAround()
      return next
    }
  }
  return readNewName(p, end)
}

function readNewName(p: usize, end: usize): usize {
  const to = endOfText(p, end)
  if (to == 0 || skip >= 0) return to == 0 ? 0 : to + 1
  beginMember(p)
  store<u32>(nameOutcomeAt, 0)
  store<u32>(ordinalAt, load<u32>(level, 12) + 1)
  findName(load<i32>(level, 4), keyOf(load<i32>(level, 4), depth), p + 1, to)
  place = foundPlace
  info = foundInfo
  const outcome = load<u32>(nameOutcomeAt)
  if (outcome != 0) {
    store<u32>(level, load<u32>(level, 12) + 1, 12)
    if (outcome == 2) gone = true
    else {
      nameFrom = p
      nameTo = to + 1
    }
  }
  if ((info & isRows) != 0) lookAround()
  return to + 1
}

/** A member or element begins at `at`; where nothing was kept before it, the comma before it goes. */
// @ts-ignore: decorator
@inline function beginMember(at: usize): void {
  if (comma != 0) {
    if ((load<u32>(level) & 2) == 0) {
      cut(comma, at)
      member = at
    } else member = comma
    comma = 0
  } else member = at
}

/** A value begins that is no member of an object: an element, or the document. */
export function beginElementOrText(at: usize): void {
  if (depth == 0) {
    place = load<i32>(stack, 4)
    member = at
    if (linesAreRows) beginElement()
  } else {
    beginMember(at)
    const parent = load<i32>(level, 4)
    const index = load<u32>(level, 8)
    store<u32>(level, index + 1, 8)
    if ((load<u32>(level) & looksThroughFlag) != 0) place = parent
    else place = askElement(parent, index)
    beginElement()
  }
  info = infoOf(place)
}

/** In a level's flags: elements stand where their array stands. */
export const looksThroughFlag: u32 = 4

// @ts-ignore: decorator
@inline function beginElement(): void {
  store<i32>(nestingAt, load<i32>(nestingAt) + 1)
}

/** An element is over, and with it perhaps a row. */
export function endElement(): void {
  const nesting = load<i32>(nestingAt) - 1
  store<i32>(nestingAt, nesting)
  if (nesting == 0) endRow()
}

// @ts-ignore: decorator
@inline export function endValue(): void {
  expect = expectCommaOrClose
  if (!inObject) endElementOrText()
}

function endElementOrText(): void {
  if (depth > 0) {
    if (skip < 0) endElement()
    return
  }
  if (linesAreRows) endElement()
  store<u32>(newlineAt, 0)
  expect = expectEnd
}

/** The value stays. */
// @ts-ignore: decorator
@inline export function keepMember(): void {
  if (nameFrom != 0) writeName()
  store<u32>(level, load<u32>(level) | 2)
  member = 0
}

function writeName(): void {
  const length = askRename()
  if (length < 0) {
    makeWay(nameFrom, nameTo)
    giveLong(true)
  } else replace(nameFrom, nameTo, newName, <usize>length)
  nameFrom = 0
}

/** Whether the value under way is known by how many stand before it in its row: so places of rows are, ../self-described.ts. */
// @ts-ignore: decorator
@inline export function isCell(): bool {
  const row = load<i32>(level, 4)
  return !inObject && row >= firstTablePlace && (row & 1) != 0
}

const firstTablePlace: i32 = 1 << 16

/** Whether the scalar under way is in an array whose elements the policy, or a header, tells apart by their number. */
// @ts-ignore: decorator
@inline function isCounted(): bool {
  return !inObject && (load<u32>(level) & looksThroughFlag) == 0
}

/** The value from `from` to `to` goes, with its name and comma; what stands behind a cell in its row stays in its column. */
export function dropMember(from: usize, to: usize): void {
  if (depth == 0) putNull(from, to)
  else if (isCell() || isCounted()) {
    store<u32>(level, load<u32>(level) | 2)
    putNull(from, to)
  } else cut(member, to)
  member = 0
  nameFrom = 0
  gone = false
}
