/** The window of input, and what was asked for the body at hand. */
import { digitsInRule, lengthAt, rulesIn, slots, slotSize } from './layout'

/** Where the window begins; a multiple of 64, with 64 zero bytes before it. */
export let input: usize = 0
/** A bit for each byte of the window: whether it is a quote that opens or closes a string. */
export let quotes: usize = 0

export let slot: usize = slots
export let scalarLimit: u32 = 0
export let depthLimit: i32 = 0
export let lines: bool = false
/** The fewest digits that make a number at a `read` place worth offering. */
export let digitsNeeded: u32 = 0

/** Puts the window and its bitmap elsewhere; its contents are the caller's to move. */
export function setWindow(inputAddress: usize, quotesAddress: usize): void {
  input = inputAddress
  quotes = quotesAddress
}

/** Says under which plan and limits the next bytes are read. */
export function setReader(slotIndex: u32, scalar: u32, depth: i32, manyLines: bool): void {
  slot = slots + <usize>slotIndex * slotSize
  scalarLimit = scalar
  depthLimit = depth
  lines = manyLines
  digitsNeeded = load<u32>(slot + rulesIn, digitsInRule)
}

/** Just behind the bytes of the window. */
// @ts-ignore: decorator
@inline export function inputEnd(): usize {
  return input + <usize>load<u32>(lengthAt)
}

/** The 64 bits of four comparisons of 16 bytes each. */
// @ts-ignore: decorator
@inline export function bits(a: v128, b: v128, c: v128, d: v128): u64 {
  return (
    <u64>(<u32>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16))) |
    (<u64>(<u32>(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16))) << 32)
  )
}

/**
 * The closing quote of the string whose first byte is at `from`; 0 where it has not come yet. The bitmap has no bits
 * behind the end.
 */
// @ts-ignore: decorator
@inline export function closingQuote(from: usize, end: usize): usize {
  const at = from - input
  const word = load<u64>(quotes + ((at >> 6) << 3)) >> (at & 63)
  if (word != 0 && from < end) return from + <usize>ctz(word)
  return laterQuote(at, end - input)
}

function laterQuote(at: usize, length: usize): usize {
  for (let block = (at | 63) + 1; block < length; block += 64) {
    const word = load<u64>(quotes + (block >> 3))
    if (word != 0) return input + block + <usize>ctz(word)
  }
  return 0
}
