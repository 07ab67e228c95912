/**
 * Labels beside values and columns ahead of rows, as ../self-described.ts has them: the labels of each open object are kept
 * here, and the host is asked what they name once a value comes that may be named by them (labels-behind.ts).
 *
 * Of each object so many bytes as its level says: its labels as they were written, each with a newline behind it, which no
 * string of JSON has; and a quote, so that they are remembered as names are.
 */
import { askHeaded, askRows, handColumnsUp, keepColumns, keepColumnsText, tellColumn, tellLate } from './host'
import { labels, labelsOfLevel } from './layout'
import { infoOf, isValue, labelsValues } from './names'
import { depth, info, inObject, level, place, setPlace } from './progress'

const longest: usize = 64
const room: usize = 126
/** Objects deeper than this have none. */
export const deepest: i32 = 39

/** In a level's flags: an object has columns, or an array may be them. */
export const columnsFlag: u32 = 8
/** An array is in one whose name says that it has columns, and may be one of several lists of them; columns that are objects have come. */
export const inListFlag: u32 = 16
const ofObjectsFlag: u32 = 32
/** An array is one of pairs; rows in an object came without columns. */
export const pairsFlag: u32 = 64
export const lateFlag: u32 = 128
const longestList: usize = 4096

/** The string from `from` to `to` is a label. */
export function keepLabel(from: usize, to: usize): void {
  if (depth > deepest) return
  store<u32>(level, <u32>addLabel(labels + <usize>depth * labelsOfLevel, <usize>load<u32>(level, 8), from, to), 8)
}

/** Adds the string from `from` to `to` to labels, which take up so many bytes; returns how many they take up then. */
export function addLabel(at: usize, used: usize, from: usize, to: usize): usize {
  const length = to - from
  if (length == 0 || length > longest || used + length + 1 > room) return used
  // Whole vectors where there is room for what is too much.
  if (used + length > labelsOfLevel - 16) memory.copy(at + used, from, length)
  else for (let k: usize = 0; k < length; k += 16) v128.store(at + used + k, v128.load(from + k))
  store<u16>(at + used + length, 0x220a)
  return used + length + 1
}

/** Looks at what the object has said so far for the member with rows whose name was just read. */
export function lookAround(): void {
  if ((load<u32>(level) & columnsFlag) == 0) return
  const rows = askRows(place, depth)
  setPlace(rows, infoOf(rows) | (info & (labelsValues | isValue)))
}

/** A string is an element of an array that may name columns. */
export function keepColumn(from: usize, to: usize): void {
  tellColumn(depth, load<u32>(level, 8), from, to - from > longest ? from : to)
}

/** A string may list the columns of the object it is in. */
export function keepList(from: usize, to: usize): void {
  const flags = load<u32>(level)
  if (to - from <= longestList && keepColumnsText(depth, (flags & columnsFlag) != 0, from, to)) {
    haveColumns()
  }
}

/** Columns of the object at hand are known now: rows ahead of them may have needed them. */
function haveColumns(): void {
  const flags = load<u32>(level)
  store<u32>(level, flags | columnsFlag)
  if ((flags & lateFlag) != 0) tellLate(load<i32>(level, 4), depth)
}

/** The columns of an object are those of rows beside it, unless these have their own: `{"meta":{"columns":…},"rows":…}`. */
function handUp(): void {
  if ((load<u32>(level) & columnsFlag) != 0) return
  handColumnsUp(depth)
  haveColumns()
}

/** A container has ended in the one at hand; these were its flags, and its elements or the bytes of its labels. */
export function leave(flags: u32, count: u32): void {
  if ((flags & 1) != 0) {
    if (inObject && (flags & columnsFlag) != 0) handUp()
    if (inObject || (load<u32>(level) & columnsFlag) == 0) return
    const at = labels + <usize>(depth + 1) * labelsOfLevel
    const isInList = (load<u32>(level) & inListFlag) != 0
    tellColumn(isInList ? depth - 1 : depth, 0, at, at + <usize>count)
    if (isInList) store<u32>(level, load<u32>(level) | ofObjectsFlag)
    return
  }
  if ((flags & columnsFlag) != 0 && (flags & ofObjectsFlag) != 0 || count == 0) return
  if (!inObject) store<u32>(level, load<u32>(level) & ~columnsFlag)
  if ((flags & columnsFlag) == 0) return
  if (inObject) {
    keepColumns(depth, (load<u32>(level) & columnsFlag) != 0)
    haveColumns()
  } else if (load<u32>(level, 8) == 1 && (load<u32>(level) & pairsFlag) == 0) {
    const headed = askHeaded(load<i32>(level, 4), depth)
    if (headed == load<i32>(level, 4)) return
    store<i32>(level, headed, 4)
    // Its rows have places of their own.
    store<u32>(level, load<u32>(level) & ~4)
  }
}
