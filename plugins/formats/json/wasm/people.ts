/**
 * Values that say who a person is, and of which byte rules disposed. They stay ranges until their row is over; then it is
 * settled who is in it (settling.ts). A row of which that cannot be said here is put on a log for the cursor, and so are all
 * behind it until the values are forgotten, as the cursor settles one after another.
 *
 * Log: the number of a value known, with `outside` where it stood in no row; or `rowEnd`.
 */
import { heldEntry, rankOf, strongest, weakest } from './held-values'
import { copyValue, numberOf, tell } from './known-values'
import {
  firstRowAt, heldAt, longestPerson, met, metAt, moreRowsAt, mostHeld, mostMet, nestingAt, pinned, pinnedAt, rowMetAt, rowTypedAt, settlesAt,
} from './layout'
import { settleRow } from './settling'

const outside: u32 = 0x40000000
const rowEnd: u32 = 0xffffffff

/** A value that a rule of this rank was carried out on. */
export function meet(rule: u32, rank: u32, from: usize, to: usize): void {
  if (load<i32>(nestingAt) == 0) {
    makeRoom()
    log(numberOf(rule, from, to) | outside)
    return
  }
  if (load<u32>(heldAt) == mostHeld) logHeld()
  const count = load<u32>(heldAt)
  const at = heldEntry(count)
  store<u32>(at, rule | rank << 8)
  store<u32>(at, <u32>from, 4)
  store<u32>(at, <u32>(to - from), 8)
  store<u32>(at, 0, 12)
  store<u32>(heldAt, count + 1)
}

/** To be called before the cursor may meet people of the row under way: they come behind those met here. */
export function logPeople(): void {
  if (load<u32>(settlesAt) == 0 && load<u32>(heldAt) > 0) logHeld()
}

/** To be called before the window may move. */
export function keepPeople(): void {
  logPeople()
  const count = load<u32>(heldAt)
  let end = pinned + <usize>load<u32>(pinnedAt)
  for (let k: u32 = 0; k < count; k++) {
    const from = <usize>load<u32>(heldEntry(k), 4)
    if (from - pinned < mostPinned) continue
    const length = load<u32>(heldEntry(k), 8)
    copyValue(end, from, length)
    store<u32>(heldEntry(k), <u32>end, 4)
    end += <usize>length
  }
  store<u32>(pinnedAt, <u32>(end - pinned))
}
const mostPinned: usize = <usize>mostHeld * (longestPerson + 16)

/** Logs the values of the row under way that count beside the strongest. */
function logHeld(): void {
  const count = load<u32>(heldAt)
  const most = weakest(rankOf(strongest(count)))
  for (let k: u32 = 0; k < count; k++) {
    const at = heldEntry(k)
    if (rankOf(at) > most) continue
    const from = <usize>load<u32>(at, 4)
    makeRoom()
    log(numberOf(load<u8>(at), from, from + <usize>load<u32>(at, 8)))
  }
  dropHeld()
  store<u32>(rowMetAt, 1)
}

// @ts-ignore: decorator
@inline function dropHeld(): void {
  store<u32>(heldAt, 0)
  store<u32>(pinnedAt, 0)
}

/** A row is over. One of which the cursor need not be told who is in it only counts. */
export function endRow(): void {
  const count = load<u32>(heldAt)
  if (load<u32>(rowMetAt) == 0 && (count == 0 || (load<u32>(settlesAt) != 0 && settleRow(count)))) {
    dropHeld()
    const typed = load<u32>(rowTypedAt)
    if (load<u32>(firstRowAt) == 0) store<u32>(firstRowAt, 1 + typed)
    else store<u32>(moreRowsAt, load<u32>(moreRowsAt) + typed)
  } else {
    if (count > 0) logHeld()
    makeRoom()
    log(rowEnd)
    if (load<u32>(firstRowAt) == 0) store<u32>(firstRowAt, endedOnLog)
    store<u32>(rowMetAt, 0)
  }
  store<u32>(rowTypedAt, 0)
}

/** The first row ended, and the log says where. */
const endedOnLog: u32 = 3

/** To be called before a value is numbered: telling what is on a full log forgets the numbers. */
function makeRoom(): void {
  if (load<u32>(metAt) == mostMet) tell()
}

function log(entry: u32): void {
  const count = load<u32>(metAt)
  store<u32>(met + (<usize>count << 2), entry)
  store<u32>(metAt, count + 1)
  if ((entry & outside) == 0 || entry == rowEnd) store<u32>(settlesAt, 0)
}
