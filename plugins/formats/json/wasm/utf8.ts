/** UTF-8 validation, 16 bytes at a time: Keiser and Lemire, "Validating UTF-8 in less than one instruction per byte" (2021). */

// What a byte and the one before it can be wrong by.
const tooShort: i8 = 1 << 0
const tooLong: i8 = 1 << 1
const overlong3: i8 = 1 << 2
const tooLarge: i8 = 1 << 3
const surrogate: i8 = 1 << 4
const overlong2: i8 = 1 << 5
const tooLarge1000: i8 = 1 << 6
const overlong4: i8 = 1 << 6
const twoContinuations: i8 = -128
const carry: i8 = tooShort | tooLong | twoContinuations

/** Not zero at each byte by which the bytes before it are seen to be wrong. Reads the three bytes before `at`. */
// @ts-ignore: decorator
@inline export function utf8Faults(at: usize): v128 {
  const bytes = v128.load(at)
  const before = v128.load(at - 1)
  const low = i8x16.splat(0x0f)
  const firstHigh = i8x16.swizzle(
    i8x16(
      tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong, tooLong,
      twoContinuations, twoContinuations, twoContinuations, twoContinuations,
      tooShort | overlong2, tooShort, tooShort | overlong3 | surrogate,
      tooShort | tooLarge | tooLarge1000 | overlong4,
    ),
    v128.and(i16x8.shr_u(before, 4), low),
  )
  const firstLow = i8x16.swizzle(
    i8x16(
      carry | overlong3 | overlong2 | overlong4, carry | overlong2, carry, carry,
      carry | tooLarge, carry | tooLarge | tooLarge1000, carry | tooLarge | tooLarge1000, carry | tooLarge | tooLarge1000,
      carry | tooLarge | tooLarge1000, carry | tooLarge | tooLarge1000, carry | tooLarge | tooLarge1000,
      carry | tooLarge | tooLarge1000, carry | tooLarge | tooLarge1000, carry | tooLarge | tooLarge1000 | surrogate,
      carry | tooLarge | tooLarge1000, carry | tooLarge | tooLarge1000,
    ),
    v128.and(before, low),
  )
  const secondHigh = i8x16.swizzle(
    i8x16(
      tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort, tooShort,
      tooLong | overlong2 | twoContinuations | overlong3 | tooLarge1000 | overlong4,
      tooLong | overlong2 | twoContinuations | overlong3 | tooLarge,
      tooLong | overlong2 | twoContinuations | surrogate | tooLarge,
      tooLong | overlong2 | twoContinuations | surrogate | tooLarge,
      tooShort, tooShort, tooShort, tooShort,
    ),
    v128.and(i16x8.shr_u(bytes, 4), low),
  )
  const pairs = v128.and(v128.and(firstHigh, firstLow), secondHigh)
  // A third or fourth byte must be a continuation, and only there may two stand together.
  const third = i8x16.sub_sat_u(v128.load(at - 2), i8x16.splat(<i8>(0xe0 - 0x80)))
  const fourth = i8x16.sub_sat_u(v128.load(at - 3), i8x16.splat(<i8>(0xf0 - 0x80)))
  return v128.xor(v128.and(v128.or(third, fourth), i8x16.splat(-128)), pairs)
}

/** Bytes of the sequence at `at` (RFC 3629, section 4); 0 where the end cuts it, -1 where it is none. */
export function sequence(at: usize, end: usize): i32 {
  const lead = load<u8>(at)
  if (lead < 0xc2 || lead > 0xf4) return -1
  const length: i32 = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  for (let k = 1; k < length; k++) {
    if (at + k >= end) return 0
    const byte = load<u8>(at + k)
    const least: u8 = k > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80
    const most: u8 = k > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf
    if (byte < least || byte > most) return -1
  }
  return length
}
