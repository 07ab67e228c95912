/** Whether a string may be text of another format. Wrong only by saying yes. */

/**
 * Whether, without white space around it, a string may begin with `[`, `{` or `<` and end with its counterpart; or with a quotation
 * mark and one of these.
 */
export function mayBeStructured(from: usize, to: usize): bool {
  const first = load<u8>(from)
  if (first == 0x5b || first == 0x7b || first == 0x3c) return mayEndStructured(from, to)
  if (first <= 0x20) return true
  // An escape may stand for white space or the bracket itself.
  if (first == 0x5c) {
    const letter = load<u8>(from + 1)
    return letter == 0x22 ? mayBeginStructured(load<u8>(from + 2)) : letter != 0x5c && letter != 0x2f
  }
  return mayBeginWithSpace(from)
}

// @ts-ignore: decorator
@inline function mayBeginStructured(byte: u8): bool {
  return byte <= 0x20 || byte == 0x5b || byte == 0x7b || byte == 0x3c || byte == 0x5c
}

/** n, r, t and f. */
// @ts-ignore: decorator
@inline function isSpaceEscape(letter: u8): bool {
  return letter == 0x6e || letter == 0x72 || letter == 0x74 || letter == 0x66
}

/** Leads of the white space of ECMAScript outside ASCII: U+00A0, U+1680, U+2000 to U+205F, U+3000, U+FEFF. */
// @ts-ignore: decorator
@inline function mayBeginWithSpace(from: usize): bool {
  const first = load<u8>(from)
  const second = load<u8>(from + 1)
  return (
    first == 0xc2 || first == 0xe1 || (first == 0xe2 && second <= 0x81) ||
    (first == 0xe3 && second == 0x80 && load<u8>(from + 2) == 0x80) || (first == 0xef && second == 0xbb)
  )
}

function mayEndStructured(from: usize, end: usize): bool {
  let to = end
  // White space as it is mostly written: what a backslash that is itself escaped leaves is no bracket either.
  while (to - from >= 2 && load<u8>(to - 2) == 0x5c && isSpaceEscape(load<u8>(to - 1))) to -= 2
  const last = load<u8>(to - 1)
  if (last == 0x5d || last == 0x7d || last == 0x3e || last <= 0x20) return true
  if (last >= 0x80) {
    let lead = to - 1
    while (lead > from && (load<u8>(lead) & 0xc0) == 0x80) lead--
    return mayBeginWithSpace(lead)
  }
  // One of the escapes of white space, or six characters of one by number.
  if (to - from >= 2 && load<u8>(to - 2) == 0x5c) return last != 0x22 && last != 0x5c && last != 0x2f
  return to - from >= 6 && load<u8>(to - 6) == 0x5c
}
