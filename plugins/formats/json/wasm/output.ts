/** What leaves: ranges of the window, and what was put in their place. */
import { flush } from './host'
import { output, outputEnd } from './layout'

/** Behind what is filled of the output. */
export let filled: usize = output
/** Up to here the window has been given out or given up. */
export let done: usize = 0

/** Room kept free, so that short things are written without asking. */
const slack: usize = 1024

export function beginOutput(from: usize): void {
  filled = output
  done = from
}

/** Gives out the window up to `to`. */
// @ts-ignore: decorator
@inline export function copyTo(to: usize): void {
  if (to > done) {
    if (to - done <= slack && filled + (to - done) + slack <= outputEnd) {
      // Copies whole vectors: what is too much is written over, or lies in the slack.
      let from = done
      let at = filled
      do {
        v128.store(at, v128.load(from))
        at += 16
        from += 16
      } while (from < to)
      filled += to - done
      done = to
    } else copyFar(to)
  }
}

function copyFar(to: usize): void {
  while (done < to) {
    if (filled + slack >= outputEnd) flushAll()
    const part = min(to - done, outputEnd - slack - filled)
    memory.copy(filled, done, part)
    filled += part
    done += part
  }
  if (filled + slack > outputEnd) flushAll()
}

/** Gives out the window up to `from`, and gives up what stands between there and `to`. Leaves room for `slack` bytes. */
// @ts-ignore: decorator
@inline export function cut(from: usize, to: usize): void {
  copyTo(from)
  done = to
  if (filled + slack > outputEnd) flushAll()
}

function flushAll(): void {
  flush(<u32>(filled - output))
  filled = output
}

/** Puts `length` bytes of `text` in the place of `from` to `to`. */
export function replace(from: usize, to: usize, text: usize, length: usize): void {
  cut(from, to)
  if (filled + length + slack > outputEnd) flushAll()
  memory.copy(filled, text, length)
  filled += length
}

/** Gives out all up to `from`, also from the output, so that the host can put its own bytes in the place up to `to`. */
export function makeWay(from: usize, to: usize): void {
  cut(from, to)
  flushAll()
}

/** Writes `null` in the place of `from` to `to`. */
export function putNull(from: usize, to: usize): void {
  cut(from, to)
  store<u32>(filled, 0x6c6c756e)
  filled += 4
}

/** Writes `"***"` in the place of `from` to `to`. */
export function putStars(from: usize, to: usize): void {
  cut(from, to)
  store<u32>(filled, 0x2a2a2a22)
  store<u8>(filled + 4, 0x22)
  filled += 5
}

/** `times` covers of `length` bytes each, the bytes in the low end of `cover`. */
// @ts-ignore: decorator
@inline export function putCovers(times: u32, cover: u32, length: u32): void {
  if (length == 1 && times <= 512) {
    const stars = i8x16.splat(<i8>cover)
    for (let k: u32 = 0; k < times; k += 16) v128.store(filled + k, stars)
    filled += times
  } else putWideCovers(times, cover, length)
}

function putWideCovers(times: u32, cover: u32, length: u32): void {
  for (let k: u32 = 0; k < times; k++) {
    store<u32>(filled, cover)
    filled += length
    if (filled + slack > outputEnd) flushAll()
  }
}
