/** The window of input, and what was asked for the body at hand. */
import { digitsInRule, lengthAt, oneText, rulesIn, slots, slotSize, textsAreRows } from './layout'

/** Where the window begins; a multiple of 64, with 64 zero bytes before it. */
export let input: usize = 0
/** A bit for each byte of the window: whether it is a quote that opens or closes a string. */
export let quotes: usize = 0

export let slot: usize = slots
export let scalarLimit: u32 = 0
export let depthLimit: i32 = 0
/** Whether several texts may follow one another, one a line; and whether each of them is a row. */
export let lines: bool = false
export let linesAreRows: bool = false
/** The fewest digits that make a number at a `read` place worth offering. */
export let digitsNeeded: u32 = 0

/** Puts the window and its bitmap elsewhere; its contents are the caller's to move. */
export function setWindow(inputAddress: usize, quotesAddress: usize): void {
  input = inputAddress
  quotes = quotesAddress
}

/** Says under which plan and limits the next bytes are read, and as which texts. */
export function setReader(slotIndex: u32, scalar: u32, depth: i32, texts: u32): void {
  slot = slots + <usize>slotIndex * slotSize
  scalarLimit = scalar
  depthLimit = depth
  lines = texts != oneText
  linesAreRows = texts == textsAreRows
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
  const near = quotesFrom(at)
  return near != 0 ? from + <usize>ctz(near) : laterQuote(at + nearQuotes, end - input)
}

/** At least so many bytes from a position on are in what `quotesFrom` says of it. */
export const nearQuotes: usize = 57

/** Bits for the quotes from an offset on. */
// @ts-ignore: decorator
@inline export function quotesFrom(at: usize): u64 {
  return load<u64>(quotes + (at >> 3)) >> <u64>(at & 7)
}

export function laterQuote(from: usize, length: usize): usize {
  for (let at = from; at < length; at += nearQuotes) {
    const near = quotesFrom(at)
    if (near != 0) return input + at + <usize>ctz(near)
  }
  return 0
}
