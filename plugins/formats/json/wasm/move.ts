/** Gives up what has left of the window. */
import {
  badEscapeAt, commaAt, doneAt, lengthAt, memberAt, nameFromAt, nameToAt, readAt, scannedAt, soughtAt,
} from './layout'
import { input, quotes } from './window'

/**
 * Moves the window down by what need not be held, in whole blocks of 64, so that the bitmap moves by words. Some bytes that
 * have left stay: the scan goes on from a whole block, and its validation of UTF-8 looks back three.
 */
export function copyWindow(): void {
  const keep = min(load<u32>(doneAt), load<u32>(scannedAt))
  if (keep < 4) return
  const by = (keep - 4) & ~63
  if (by == 0) return
  const length = load<u32>(lengthAt)
  memory.copy(input, input + <usize>by, <usize>(length - by))
  memory.copy(quotes, quotes + <usize>(by >> 3), <usize>((length - by + 63) >> 6 << 3))
  store<u32>(lengthAt, length - by)
  lower(readAt, by)
  lower(doneAt, by)
  lower(scannedAt, by)
  lower(soughtAt, by)
  lower(memberAt, by)
  lower(commaAt, by)
  lower(nameFromAt, by)
  lower(nameToAt, by)
  const bad = load<u32>(badEscapeAt)
  if (bad != <u32>-1) store<u32>(badEscapeAt, bad - by)
}

function lower(field: usize, by: u32): void {
  const offset = load<i32>(field)
  if (offset >= 0) store<i32>(field, offset - <i32>by)
}
