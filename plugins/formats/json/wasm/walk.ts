/**
 * The second stage: strict grammar (RFC 8259), the walk through the plan of fields, and the edits. It does what
 * ../reader.ts does, in its order, so that both give the same bytes and the same fault.
 */
import { askElement, askRename, askScalar, giveLong, tellRemoved } from './host'
import {
  badEscapeAt, commaAt, depthAt, doneAt, expectAt, fromAt, goneAt, lengthAt, malformed, memberAt,
  nameFromAt, nameOutcomeAt, nameToAt, nestingAt, newName, newlineAt, ordinalAt, output, placeAt, readAt, replacement, skipAt,
  soughtAt, stack, toLongText, tooDeep, tooLarge, toRedact, toRemove, toText, untouchedAt, writtenAt,
} from './layout'
import {
  findName, foundEnd, foundInfo, foundPlace, infoOf, isNext, keyOf, lastName, looksThrough, masks, reads, removes, ruleShift,
  stepBack, treatmentMask,
} from './names'
import { beginOutput, copyTo, cut, done, filled, makeWay, putNull, putStars, replace } from './output'
import { ten as tens, zeroDigit } from './constants'
import { endOfPlainNumber, endOfPrimitive, hasExponent, isNull, isWhole, isNumber, isText, kindOf } from './primitives'
import { endRow, logPeople } from './people'
import { applyRule, forHost, goes, redactPrimitive, stays } from './rules'
import { holding, mayBeFoundIn, worthReading } from './strings'
import { closingQuote, depthLimit, digitsNeeded, input, inputEnd, lines, scalarLimit } from './window'

/** What may come next. */
const expectValue: i32 = 0
const expectValueOrClose: i32 = 1
const expectNameOrClose: i32 = 2
const expectName: i32 = 3
const expectColon: i32 = 4
const expectCommaOrClose: i32 = 5
const expectEnd: i32 = 6

let expect: i32 = expectValue
let depth: i32 = 0
/** The level of the stack at this depth, and whether it is an object. */
let level: usize = stack
let inObject: bool = false
/** Positions are addresses here; 0 is none. */
let comma: usize = 0
let member: usize = 0
let nameFrom: usize = 0
let nameTo: usize = 0
let gone: bool = false
let skip: i32 = -1
let place: i32 = 0
let info: u32 = 0
/** How far the end of the token under way has been looked for. */
let sought: usize = 0
let badEscape: usize = 0

// @ts-ignore: decorator
@inline function address(field: usize): usize {
  const offset = load<i32>(field)
  return offset < 0 ? 0 : input + <usize>offset
}

// @ts-ignore: decorator
@inline function offset(at: usize): i32 {
  return at == 0 ? -1 : <i32>(at - input)
}

/** Reads what is in the window; `last` says that nothing comes behind. Returns a fault or 0. */
export function walk(last: bool): i32 {
  const end = inputEnd()
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
  info = infoOf(place)
  sought = address(soughtAt)
  const bad = load<u32>(badEscapeAt)
  badEscape = bad == <u32>-1 ? <usize>-1 : input + <usize>bad
  const from = address(doneAt)
  beginOutput(from)
  let p = read(address(readAt), end, last)
  if (fault != 0) return fault
  logPeople()
  if (end - p > <usize>scalarLimit) return tooLarge
  let keep = p
  if (skip >= 0) {
    cut(member, p)
    member = p
  } else {
    const first = comma != 0 ? comma : member
    if (first != 0 && first < keep) keep = first
  }
  const untouched = filled == output && done == from
  if (!untouched) copyTo(keep)
  store<u32>(writtenAt, <u32>(filled - output))
  store<u32>(untouchedAt, untouched ? 1 : 0)
  store<u32>(fromAt, <u32>(from - input))
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
  return 0
}

let fault: i32 = 0

/** Where reading stopped: because the input did, or with `fault` set. */
function read(start: usize, end: usize, last: bool): usize {
  let p = start
  fault = 0
  while (true) {
    let byte: u8
    if (expect == expectCommaOrClose) {
      if (inObject && skip < 0) p = readPlainMembers(p, end)
      p = pastSpace(p)
      byte = load<u8>(p)
      if (byte == 0x2c) {
        if (skip < 0) comma = p
        p++
        expect = inObject ? expectName : expectValue
      } else if (byte == (inObject ? 0x7d : 0x5d) && p < end) {
        close(++p)
        continue
      } else return stray(p, end, last)
    }
    if (inObject && expect != expectValue) {
      if (expect != expectColon) {
        p = pastSpace(p)
        byte = load<u8>(p)
        if (byte != 0x22) {
          if (byte == 0x7d && expect == expectNameOrClose) {
            close(++p)
            continue
          }
          return stray(p, end, last)
        }
        const next = readName(p, end)
        if (next == 0) return p
        p = next
        expect = expectColon
      }
      p = pastSpace(p)
      if (load<u8>(p) != 0x3a) return stray(p, end, last)
      p++
      expect = expectValue
    }
    if (expect == expectEnd) {
      if (lines && load<u32>(newlineAt) == 0) p = pastSpaceToNewline(p)
      p = pastSpace(p)
      if (p >= end || !lines || load<u32>(newlineAt) == 0) return stray(p, end, last)
    } else p = pastSpace(p)
    byte = load<u8>(p)
    if (byte == 0x22) {
      const to = endOfText(p, end)
      if (to == 0) return p
      if (skip < 0) {
        if (!inObject) beginElementOrText(p)
        settleText(p, to)
      }
      p = to + 1
      endValue()
    } else if (byte == 0x7b || byte == 0x5b) {
      open(p, byte == 0x7b)
      if (fault != 0) return p
      p++
    } else if (byte == 0x5d && expect == expectValueOrClose) close(++p)
    else {
      if (isStructure(byte) || p >= end) return stray(p, end, last)
      const to = primitiveEnd(p, end, last)
      if (to == 0) return p
      const kind = kindOf(p, to)
      if (kind < 0) return fail(malformed, p)
      if (to - p > <usize>scalarLimit) return fail(tooLarge, p)
      if (skip < 0) {
        if (!inObject) beginElementOrText(p)
        settlePrimitive(p, to, kind)
      }
      p = to
      endValue()
    }
  }
}

/**
 * Reads members that need nothing of what the rest of this file is for: without white space before comma or colon, named as
 * last time, and their values strings or numbers that stay or that a byte rule changes. Returns where one begins that is not like that, with
 * its comma; nothing has been changed for it.
 */
function readPlainMembers(start: usize, end: usize): usize {
  if ((load<u32>(level) & 2) == 0) return start
  const key = keyOf(load<i32>(level, 4), depth)
  const zero = v128.load(zeroDigit)
  const ten = v128.load(tens)
  let p = start
  while (load<u8>(p) == 0x2c) {
    const name = pastSpace(p + 1)
    if (load<u8>(name) != 0x22) return p
    const before = lastName()
    if (!isNext(key, name + 1)) return p
    if (load<u8>(foundEnd + 1) != 0x3a) {
      stepBack(before)
      return p
    }
    const value = foundEnd + (load<u8>(foundEnd + 2) == 0x20 ? 3 : 2)
    const treatment = foundInfo & treatmentMask
    let settled = false
    if (load<u8>(value) == 0x22) {
      const to = closingQuote(value + 1, end)
      if (to != 0 && to - value <= <usize>scalarLimit && badEscape > to) {
        const rule = (foundInfo >> ruleShift) & 0xff
        settled = treatment == 0 || (treatment == reads && !worthReading(value + 1, to))
        if (treatment >= masks && rule != 0) {
          const became = applyRule(rule, value + 1, to)
          settled = became != forHost
          if (became == goes) cut(p, to + 1)
        }
        if (settled) p = to + 1
      }
    } else if (treatment <= reads) {
      const to = endOfPlainNumber(value, zero, ten)
      settled = to != 0 && to < end && (treatment == 0 || !numberIsWorthReading(value, to))
      if (settled) p = to
    }
    if (!settled) {
      stepBack(before)
      return p
    }
  }
  return p
}

function fail(code: i32, p: usize): usize {
  fault = code
  return p
}

/** The first byte from `p` on that is no white space. */
// @ts-ignore: decorator
@inline function pastSpace(p: usize): usize {
  return load<u8>(p) > 0x20 ? p : pastMoreSpace(p)
}

function pastMoreSpace(from: usize): usize {
  let p = from
  while (true) {
    const v = v128.load(p)
    const space = v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(0x20)), i8x16.eq(v, i8x16.splat(0x0a))),
      v128.or(i8x16.eq(v, i8x16.splat(0x0d)), i8x16.eq(v, i8x16.splat(0x09))),
    )
    const other = <u32>i8x16.bitmask(space) ^ 0xffff
    // A zero stands behind the last byte, so this ends.
    if (other != 0) return p + <usize>ctz(other)
    p += 16
  }
}

function pastSpaceToNewline(from: usize): usize {
  let p = from
  while (true) {
    const byte = load<u8>(p)
    if (byte == 0x0a) {
      store<u32>(newlineAt, 1)
      return p + 1
    }
    if (byte != 0x20 && byte != 0x09 && byte != 0x0d) return p
    p++
  }
}

/** A token that may not stand there, or the end of the input: waits until it is whole, as the faults it has come first. */
function stray(p: usize, end: usize, last: bool): usize {
  if (p >= end) return p
  const byte = load<u8>(p)
  if (byte == 0x22) {
    if (endOfText(p, end) == 0) return p
  } else if (!isStructure(byte)) {
    const to = primitiveEnd(p, end, last)
    if (to == 0) return p
    if (kindOf(p, to) >= 0 && to - p > <usize>scalarLimit) return fail(tooLarge, p)
  }
  return fail(malformed, p)
}

// @ts-ignore: decorator
@inline function isStructure(byte: u8): bool {
  return byte == 0x2c || byte == 0x3a || (byte | 0x20) == 0x7b || (byte | 0x20) == 0x7d
}

/** The closing quote of the string that opens at `p`; 0 where it has not come, or with `fault` set. */
// @ts-ignore: decorator
@inline function endOfText(p: usize, end: usize): usize {
  const to = closingQuote(sought > p ? sought : p + 1, end)
  if (to == 0) {
    sought = end > p + 1 ? end : p + 1
    return 0
  }
  if (to - p > <usize>scalarLimit) {
    fault = tooLarge
    return 0
  }
  if (badEscape <= to) {
    fault = malformed
    return 0
  }
  return to
}

/** The end of the number or literal that begins at `p`; 0 where it may go on behind the end. */
function primitiveEnd(p: usize, end: usize, last: bool): usize {
  const to = endOfPrimitive(sought > p ? sought : p, end)
  if (to < end || last) return to
  sought = to
  return 0
}

/** Reads the name that opens at `p`, and finds the place of its value; returns what comes behind it, or 0. */
// @ts-ignore: decorator
@inline function readName(p: usize, end: usize): usize {
  if (skip < 0) {
    const parent = load<i32>(level, 4)
    if (isNext(keyOf(parent, depth), p + 1)) {
      beginMember(p)
      place = foundPlace
      info = foundInfo
      return foundEnd + 1
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
function beginElementOrText(at: usize): void {
  if (depth == 0) {
    place = load<i32>(stack, 4)
    member = at
    if (lines) beginElement()
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
const looksThroughFlag: u32 = 4

// @ts-ignore: decorator
@inline function beginElement(): void {
  store<i32>(nestingAt, load<i32>(nestingAt) + 1)
}

function endElement(): void {
  const nesting = load<i32>(nestingAt) - 1
  store<i32>(nestingAt, nesting)
  if (nesting == 0) endRow()
}

// @ts-ignore: decorator
@inline function endValue(): void {
  expect = expectCommaOrClose
  if (!inObject) endElementOrText()
}

function endElementOrText(): void {
  if (depth > 0) {
    if (skip < 0) endElement()
    return
  }
  if (lines) endElement()
  store<u32>(newlineAt, 0)
  expect = expectEnd
}

/** The value stays. */
// @ts-ignore: decorator
@inline function keepMember(): void {
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

/** The value from `from` to `to` goes, with its name and comma. */
function dropMember(from: usize, to: usize): void {
  if (depth == 0) putNull(from, to)
  else cut(member, to)
  member = 0
  nameFrom = 0
  gone = false
}

// @ts-ignore: decorator
@inline function settleText(at: usize, to: usize): void {
  const treatment = info & treatmentMask
  if (!gone) {
    if (treatment == 0 || (treatment == reads && !worthReading(at + 1, to))) {
      keepMember()
      return
    }
    const rule = (info >> ruleShift) & 0xff
    if (treatment >= masks && nameFrom == 0 && rule != 0) {
      const became = applyRule(rule, at + 1, to)
      if (became == stays) keepMember()
      else if (became == goes) dropMember(at, to + 1)
      if (became != forHost) return
    }
  }
  settleByHost(at, to, isText)
}

function settlePrimitive(at: usize, to: usize, kind: i32): void {
  const treatment = info & treatmentMask
  if (!gone) {
    const plain =
      treatment == 0 ||
      (treatment == reads && (kind != isNumber || !numberIsWorthReading(at, to)))
    if (plain) {
      keepMember()
      return
    }
    const rule = (info >> ruleShift) & 0xff
    if (treatment == masks && nameFrom == 0 && kind != isNull && rule != 0 && redactPrimitive(rule, at, to)) {
      keepMember()
      return
    }
  }
  settleByHost(at, to, kind)
}

/** Whether a detector could find anything in a number, which it sees in plain digits where it is whole. */
// @ts-ignore: decorator
@inline function numberIsWorthReading(from: usize, to: usize): bool {
  if (to - from < <usize>digitsNeeded) return hasExponent(from, to)
  return !isWhole(from, to) || mayBeFoundIn(from, to)
}

function settleByHost(at: usize, to: usize, kind: i32): void {
  let outcome = toRemove
  if (!gone) {
    logPeople()
    outcome = kind == isText ? askScalar(place, at + 1, to, isText | holding(at + 1, to)) : askScalar(place, at, to, kind)
  }
  const behind = kind == isText ? to + 1 : to
  if ((outcome & 7) == toRemove) {
    dropMember(at, behind)
    return
  }
  keepMember()
  if ((outcome & 7) == toText) replace(at, behind, replacement, <usize>(outcome >> 3))
  else if ((outcome & 7) == toRedact) {
    if (kind == isText) putStars(at, behind)
    else putNull(at, behind)
  } else if ((outcome & 7) == toLongText) {
    makeWay(at, behind)
    giveLong(false)
  }
}

function open(at: usize, isObject: bool): void {
  if (skip < 0 && !inObject) beginElementOrText(at)
  if (depth == depthLimit) {
    fault = tooDeep
    return
  }
  if (skip < 0) {
    if (gone || (info & treatmentMask) == removes) beginSkip(at)
    else keepMember()
  }
  depth++
  level += 16
  store<u32>(level, (isObject ? 1 : 0) | ((info & looksThrough) != 0 ? looksThroughFlag : 0))
  store<i32>(level, place, 4)
  store<u32>(level, 0, 8)
  store<u32>(level, 0, 12)
  inObject = isObject
  expect = isObject ? expectNameOrClose : expectValueOrClose
}

function beginSkip(at: usize): void {
  logPeople()
  if (!gone) tellRemoved(place)
  if (depth == 0) {
    putNull(at, at)
    member = at
  }
  skip = depth
  nameFrom = 0
  gone = false
}

/** The container that is open ends before `behind`. */
function close(behind: usize): void {
  depth--
  level -= 16
  inObject = depth > 0 && (load<u32>(level) & 1) != 0
  if (skip == depth) {
    cut(member, behind)
    skip = -1
    member = 0
  }
  endValue()
}
