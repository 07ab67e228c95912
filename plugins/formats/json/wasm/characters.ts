/** The characters of a JSON string as automata know them: by their UTF-16 code units. */

/** Whether a character of three bytes begins here. */
// @ts-ignore: decorator
@inline export function isOfThree(p: usize): bool {
  return (load<u8>(p) & 0xf0) == 0xe0
}

/** A character of three bytes, of which four are loaded. */
// @ts-ignore: decorator
@inline export function ofThree(bytes: u32): usize {
  return ((bytes & 0x0f) << 12) | ((bytes >> 2) & 0x0fc0) | ((bytes >> 16) & 0x3f)
}

/** Behind the character that `characterAt` has read. */
export let behind: usize = 0

/** The character at a position; what comes behind it is at `behind`. -1: an escape by number, or one of two or four bytes. */
// @ts-ignore: decorator
@inline export function characterAt(p: usize): i32 {
  const byte = load<u8>(p)
  if (byte == backslash) {
    behind = p + 2
    return unescaped(load<u8>(p + 1))
  }
  if (byte < 0x80) {
    behind = p + 1
    return byte
  }
  behind = p + 3
  return isOfThree(p) ? <i32>ofThree(load<u32>(p)) : -1
}

export const backslash: u8 = 0x5c

/** What a letter behind a backslash stands for; -1 for u, as what follows says it. */
function unescaped(letter: u8): i32 {
  if (letter == 0x75) return -1
  if (letter == 0x6e) return 0x0a
  if (letter == 0x74) return 0x09
  if (letter == 0x72) return 0x0d
  if (letter == 0x62) return 0x08
  if (letter == 0x66) return 0x0c
  return letter
}
