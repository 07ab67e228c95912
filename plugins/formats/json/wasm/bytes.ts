/** Bytes compared and hashed, by vectors: up to 15 behind their end are looked at, and do not count. */

/** Whether so many bytes are the same. */
// @ts-ignore: decorator
@inline export function areSame(one: usize, other: usize, length: u32): bool {
  for (let k: u32 = 0; k < length; k += 16) {
    const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(one + k), v128.load(other + k)))
    const mask: u32 = length - k < 16 ? (1 << (length - k)) - 1 : 0xffff
    if ((same & mask) != mask) return false
  }
  return true
}

/** Of so many bytes, and what else tells them apart. */
// @ts-ignore: decorator
@inline export function hashOf(seed: u64, from: usize, length: u32): u32 {
  let sum = seed
  for (let k: u32 = 0; k < length; k += 8) {
    const left = length - k
    let part = load<u64>(from + k)
    if (left < 8) part &= (<u64>1 << (<u64>left << 3)) - 1
    sum = (sum ^ part) * 0x9e3779b97f4a7c15
    sum ^= sum >> 29
  }
  return <u32>(sum >> 32) ^ <u32>sum
}
