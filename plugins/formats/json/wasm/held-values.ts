/**
 * The list of the row under way: its values that say who a person is. 16 bytes each: 0 rule in the low byte, its rank above it;
 * 4 address, 8 bytes, 12 the number of the value known, from 1; 0: not asked for yet.
 */
import { held } from './layout'

// @ts-ignore: decorator
@inline export function heldEntry(nth: u32): usize {
  return held + (<usize>nth << 4)
}

// @ts-ignore: decorator
@inline export function rankOf(entry: usize): u32 {
  return load<u32>(entry) >> 8
}

/** Ranks from here on count where there is nothing stronger: `sharedFrom` in gateway/masking/someone.ts. */
const sharedFrom: u32 = 9

/** The first value of the strongest type in the list. */
export function strongest(count: u32): usize {
  let first = held
  for (let k: u32 = 1; k < count; k++) if (rankOf(heldEntry(k)) < rankOf(first)) first = heldEntry(k)
  return first
}

/** Up to which rank values count beside the strongest. */
export function weakest(rank: u32): u32 {
  return max(rank, sharedFrom - 1)
}
