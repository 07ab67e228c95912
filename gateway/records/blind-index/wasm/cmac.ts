/**
 * AES-256-CMAC (NIST SP 800-38B) of many short messages under one key, all of them a block at a time: what is to be enciphered is
 * laid out here, and the host, which has AES in its processor, enciphers it in one call, but for a few. Of each tag the first 8
 * characters of its base64url. What is copied is copied by vectors, up to 15 bytes too many at an end: a call of memory.copy or
 * memory.fill costs more than most of what there is to copy.
 */
import { encipher, forgetState } from './aes'
import { blocks, endings, held, list, texts, types, values } from './layout'

/** Of messages since they were cleared. */
let most: u32 = 0

/**
 * Lays out the first blocks of so many messages of the list, which has of each where its value is; in 12 bits how many bytes that
 * has, and above them where its type is; where its characters go; and where the text is that follows them, or 0.
 */
export function layAdded(count: u32): void {
  const end = list + (<usize>count << 4)
  for (let message = list; message < end; message += 16) {
    const sizes = load<u32>(message, 4)
    const to = <usize>load<u32>(message, 8)
    lay(message, sizes >> 12, <usize>load<u32>(message), sizes & 0xfff, to)
    // In order, and before any characters: what is copied too much of one stands where the next ones go.
    follow(<usize>load<u32>(message, 12), to + 8)
  }
  noteMost(count)
}

function follow(text: usize, to: usize): void {
  if (text === 0) return
  const length = <usize>load<u32>(texts + text)
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(texts + text + at, 16))
}

/** Of so many messages there may be something in memory. */
export function noteMost(count: u32): void {
  most = max(most, count)
}

/** Puts a message on the list, and its first block: that of the value, behind those of its type. */
// @ts-ignore: decorator
@inline export function lay(message: usize, type: usize, value: usize, length: u32, to: usize): void {
  store<u32>(message, <u32>value)
  store<u32>(message, length, 4)
  store<u32>(message, <u32>to, 8)
  const before = v128.load(types + type + (<usize>(length === 0) << 4))
  v128.store(message, v128.xor(before, blockOf(value, length)), blocks - list)
}

/** The next bytes of a value of which so many are left; with their padding and subkey, where they are the last. */
// @ts-ignore: decorator
@inline function blockOf(value: usize, left: u32): v128 {
  const ending = endings + (<usize>min(left, 17) << 5)
  return v128.xor(v128.and(v128.load(value), v128.load(ending)), v128.load(ending, 16))
}

/**
 * Goes on with so many messages whose blocks are enciphered: writes the characters of those that end there, and lays out the next block
 * of the others, which are then the first ones of the list. Returns how many those are.
 */
export function advance(count: u32): u32 {
  const end = list + (<usize>count << 4)
  let next = list
  for (let message = list; message < end; message += 16) {
    const state = v128.load(message, blocks - list)
    const left = load<u32>(message, 4)
    const to = load<u32>(message, 8)
    if (left <= 16) {
      store<i64>(<usize>to, charactersOf(state))
      continue
    }
    const value = load<u32>(message) + 16
    store<u32>(next, value)
    store<u32>(next, left - 16, 4)
    store<u32>(next, to, 8)
    v128.store(next, v128.xor(state, blockOf(<usize>value, left - 16)), blocks - list)
    next += 16
  }
  return <u32>((next - list) >> 4)
}

/** Brings so many messages to their end without the host. */
export function finish(count: u32): void {
  // Eight blocks are enciphered at a time: what was none has to be cleared then as well.
  noteMost((count + 7) & ~7)
  for (let left = count; left > 0; left = advance(left)) encipher(left)
}

/** The first 48 bits as characters of base64url (RFC 4648, section 5). */
// @ts-ignore: decorator
@inline function charactersOf(tag: v128): i64 {
  const bits = v128.shuffle<u8>(tag, i32x4.splat(0), 2, 1, 0, 16, 5, 4, 3, 16, 16, 16, 16, 16, 16, 16, 16, 16)
  const first = v128.and(i32x4.shr_u(bits, 18), i32x4.splat(0x3f))
  const second = v128.and(i32x4.shr_u(bits, 4), i32x4.splat(0x3f00))
  const third = v128.and(i32x4.shl(bits, 10), i32x4.splat(0x3f0000))
  const fourth = v128.and(i32x4.shl(bits, 24), i32x4.splat(0x3f000000))
  const six = v128.or(v128.or(first, second), v128.or(third, fourth))
  // By how much a character differs from its number: one of `steps` for a to z, each digit, - and _, A to Z.
  const capital = v128.and(i8x16.lt_u(six, i8x16.splat(26)), i8x16.splat(13))
  const step = v128.or(i8x16.sub_sat_u(six, i8x16.splat(51)), capital)
  const steps = i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -17, 32, 65, 0, 0)
  return i64x2.extract_lane(i8x16.add(six, i8x16.swizzle(steps, step)), 0)
}

/** Clears what is left of messages, and so many bytes of what their values were taken from. */
export function forget(valuesLength: usize, heldLength: usize): void {
  const size = <usize>most << 4
  clear(values, values + valuesLength)
  clear(held, held + heldLength)
  clear(list, list + size)
  clear(blocks, blocks + size)
  forgetState()
  most = 0
}

function clear(from: usize, to: usize): void {
  for (let at = from; at < to; at += 16) v128.store(at, i32x4.splat(0))
}
