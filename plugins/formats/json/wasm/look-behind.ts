/** Rows whose columns stand behind them, and arrays of pairs: ../self-described.ts has both, which the host looks for. */
import { askColumnsBehind, askPairs, askRows } from './host'
import { columnsFlag, inListFlag, lateFlag, pairsFlag } from './labels'
import { looksThroughFlag } from './members'
import { infoOf, isRows, isValue, labelsValues } from './names'
import { depth, gone, info, level, place, setPlace } from './progress'
import { pastSpace } from './tokens'

// As `look` in ../self-described.ts.
const found: u32 = 1
const waiting: u32 = 2
const far: u32 = 3

/** The value of a member with rows begins at `value`: they may be arrays whose columns stand behind them. False: more has to come to tell. */
export function lookForColumns(value: usize, end: usize, last: bool): bool {
  if (value >= end || gone) return true
  if (load<u8>(value) == 0x5b) {
    const first = pastSpace(value + 1)
    if (first >= end && !last) return false
    if (first < end && load<u8>(first) == 0x5b) {
      const said = askColumnsBehind(value, end, last, depth)
      if (said == waiting) return false
      if (said == far) store<u32>(level, load<u32>(level) | lateFlag)
      if (said == found) {
        store<u32>(level, load<u32>(level) | columnsFlag)
        const rows = askRows(place, depth)
        setPlace(rows, infoOf(rows) | (info & (labelsValues | isValue)))
        return true
      }
    }
  }
  setPlace(place, info & ~isRows)
  return true
}

/** The first element of an array begins, an array itself: it may be the first of pairs. False: more has to come to tell. */
export function lookForPairs(element: usize, end: usize, last: bool): bool {
  if ((load<u32>(level) & looksThroughFlag) == 0) return true
  const first = pastSpace(element + 1)
  if (first < end && load<u8>(first) != 0x22) return true
  const pairs = askPairs(element, end, last, load<i32>(level, 4), depth)
  if (pairs < 0) return false
  if (pairs == 0) return true
  store<i32>(level, pairs, 4)
  store<u32>(level, (load<u32>(level) & ~(columnsFlag | inListFlag | looksThroughFlag)) | pairsFlag)
  return true
}
