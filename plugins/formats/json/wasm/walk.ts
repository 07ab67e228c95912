/**
 * The second stage: strict grammar (RFC 8259), the walk through the plan of fields, and the edits. It does what
 * ../reader.ts does, in its order, so that both give the same bytes and the same fault.
 */
import { close, open } from './containers'
import { doneAt, fromAt, malformed, newlineAt, output, readAt, tooLarge, untouchedAt, writtenAt } from './layout'
import { describe } from './labels-behind'
import { lookForColumns, lookForPairs } from './look-behind'
import { beginElementOrText, endValue, readName } from './members'
import { isRows, isValue } from './names'
import { beginOutput, copyTo, cut, done, filled } from './output'
import { keepPeople } from './people'
import { readPlainElements } from './plain-elements'
import { readPlainMembers } from './plain-members'
import { kindOf } from './primitives'
import {
  address, comma, depth, expect, expectColon, expectCommaOrClose, expectEnd, expectName, expectNameOrClose, expectValue,
  expectValueOrClose, fail, fault, info, inObject, member, putAway, skip, takeUp,
} from './progress'
import { endOfText, isStructure, pastSpace, pastSpaceToNewline, primitiveEnd, stray } from './tokens'
import { settlePrimitive, settleText } from './values'
import { input, inputEnd, lines, scalarLimit } from './window'

/** Reads what is in the window; `last` says that nothing comes behind. Returns a fault or 0. */
export function walk(last: bool): i32 {
  const end = inputEnd()
  takeUp()
  const from = address(doneAt)
  beginOutput(from)
  let p = read(address(readAt), end, last)
  if (fault != 0) return fault
  keepPeople()
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
  putAway(p, keep)
  return 0
}

/** Where reading stopped: because the input did, or with `fault` set. */
function read(start: usize, end: usize, last: bool): usize {
  let p = start
  fault = 0
  while (true) {
    let byte: u8
    if (skip < 0) {
      if (expect == expectCommaOrClose) p = inObject ? readPlainMembers(p, end) : readPlainElements(p, end)
      else if (expect == expectNameOrClose) p = readPlainMembers(p, end)
    }
    if (expect == expectCommaOrClose) {
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
    if (inObject && skip < 0 && (info & isValue) != 0 && !describe(p, end, last)) return p
    if (inObject && skip < 0 && (info & isRows) != 0 && !lookForColumns(p, end, last)) return p
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
      if (byte == 0x5b && expect == expectValueOrClose && depth > 0 && skip < 0 && !lookForPairs(p, end, last)) return p
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
