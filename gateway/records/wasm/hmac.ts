/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) over many short messages under one key, four at a time, one in each lane of vectors of
 * 32-bit words; of each the first 22 characters of its base64url, or fewer. Compiled to hmac.wasm by `npm run build:wasm`;
 * ../batch-hmac.ts feeds it, and must agree on where things are.
 */

/** A block with the key, zeros behind it; cleared by `setKey`. */
const key: usize = 0
/** The states behind the blocks that begin the inner and the outer hash: 8 vectors each, all four lanes alike. */
const inner: usize = 0x100
const outer: usize = 0x180
/** The state at work, 8 vectors; the schedule, 64; and a state put aside. */
const state: usize = 0x200
const schedule: usize = 0x280
const scheduleEnd: usize = 0x680
const kept: usize = 0x680
/** 8 bytes for each message: where it is, and how many bytes it has. */
const list: usize = 0x2000
/** Up to 22 characters for each, one behind the other. */
const results: usize = 0x4000
/** What messages begin with, one behind the other; and what the values of some are copied from. */
const prefixes: usize = 0x9800
const held: usize = 0x20000
/** The messages, each with room up to a multiple of 64 for what ends it: 9 bytes or more. */
const messages: usize = 0x10000

const k: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
  0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
  0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
  0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
], 16)
const initial: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
], 16)
const alphabet: usize = memory.data<u8>([
  0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f, 0x50, 0x51, 0x52, 0x53, 0x54, 0x55,
  0x56, 0x57, 0x58, 0x59, 0x5a, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70,
  0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x2d,
  0x5f,
], 16)

/** Makes the key at 0 the one in use. */
export function setKey(): void {
  startWith(0x36363636, inner)
  startWith(0x5c5c5c5c, outer)
  memory.fill(key, 0, 64)
  memory.fill(schedule, 0, scheduleEnd - schedule)
}

function startWith(pad: u32, to: usize): void {
  for (let t: usize = 0; t < 8; t++) v128.store(state + (t << 4), v128.load32_splat(initial + (t << 2)))
  for (let t: usize = 0; t < 16; t++) {
    v128.store(schedule + (t << 4), i32x4.splat(bswap<u32>(load<u32>(key + (t << 2)) ^ pad)))
  }
  compress()
  memory.copy(to, state, 128)
}

/** Makes a message at an address of so many bytes of the prefixes, and of what is held. */
export function place(message: u32, to: usize, prefix: u32, prefixLength: u32, from: u32, length: u32): void {
  memory.copy(to, prefixes + <usize>prefix, <usize>prefixLength)
  memory.copy(to + <usize>prefixLength, held + <usize>from, <usize>length)
  const entry = list + (<usize>message << 3)
  store<u32>(entry, <u32>to)
  store<u32>(entry, prefixLength + length, 4)
}

/** Puts so many characters of each of so many messages; clears them, and so many bytes of the prefixes and of what is held. */
export function digestAll(count: u32, characters: usize, prefixLength: usize, heldLength: usize): void {
  let end: usize = messages
  for (let from: u32 = 0; from < count; from += 4) {
    // Lanes that are left over do the last message again.
    const last = count - 1
    const a = blocksOf(from)
    const b = blocksOf(min(from + 1, last))
    const c = blocksOf(min(from + 2, last))
    const d = blocksOf(min(from + 3, last))
    const ofLast = addressOf(min(from + 3, last))
    hashInner(addressOf(from), addressOf(min(from + 1, last)), addressOf(min(from + 2, last)), ofLast, a, b, c, d)
    hashOuter()
    const lanes = min(4, count - from)
    for (let lane: u32 = 0; lane < lanes; lane++) write(lane, results + <usize>(from + lane) * characters, characters)
    end = ofLast + (<usize>d << 6)
  }
  memory.fill(messages, 0, end - messages)
  memory.fill(prefixes, 0, prefixLength)
  memory.fill(held, 0, heldLength)
  memory.fill(schedule, 0, scheduleEnd - schedule)
}

// @ts-ignore: decorator
@inline function addressOf(message: u32): usize {
  return <usize>load<u32>(list + (<usize>message << 3))
}

/** How many blocks a message fills with its end, which is put behind it: a bit, zeros, and the length with the key's block. */
function blocksOf(message: u32): u32 {
  const at = addressOf(message)
  const length = load<u32>(list + (<usize>message << 3), 4)
  const blocks = (length + 9 + 63) >> 6
  const end = at + (<usize>blocks << 6)
  memory.fill(at + length, 0, end - at - length)
  store<u8>(at + length, 0x80)
  store<u32>(end - 4, bswap<u32>((length + 64) << 3))
  return blocks
}

function hashInner(a: usize, b: usize, c: usize, d: usize, blocksA: u32, blocksB: u32, blocksC: u32, blocksD: u32): void {
  memory.copy(state, inner, 128)
  const most = max(max(blocksA, blocksB), max(blocksC, blocksD))
  for (let block: u32 = 0; block < most; block++) {
    const at = <usize>block << 6
    // A lane whose message is over reads its last block again, and keeps the state it had.
    const fromA = a + min(at, (<usize>blocksA - 1) << 6)
    const fromB = b + min(at, (<usize>blocksB - 1) << 6)
    const fromC = c + min(at, (<usize>blocksC - 1) << 6)
    const fromD = d + min(at, (<usize>blocksD - 1) << 6)
    for (let t: usize = 0; t < 64; t += 4) {
      let v = v128.load32_zero(fromA + t)
      v = v128.load32_lane(fromB + t, v, 1)
      v = v128.load32_lane(fromC + t, v, 2)
      v = v128.load32_lane(fromD + t, v, 3)
      v128.store(schedule + (t << 2), i8x16.shuffle(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12))
    }
    const going = i32x4.lt_u(i32x4.splat(block), i32x4(blocksA, blocksB, blocksC, blocksD))
    compressWhere(going)
  }
}

function hashOuter(): void {
  for (let t: usize = 0; t < 128; t += 16) v128.store(schedule + t, v128.load(state + t))
  v128.store(schedule, i32x4.splat(0x80000000), 128)
  for (let t: usize = 144; t < 240; t += 16) v128.store(schedule + t, i32x4.splat(0))
  v128.store(schedule, i32x4.splat((64 + 32) << 3), 240)
  memory.copy(state, outer, 128)
  compress()
}

/** One block in each lane of the mask; the others stay. */
function compressWhere(mask: v128): void {
  if (i32x4.all_true(mask)) return compress()
  memory.copy(kept, state, 128)
  compress()
  for (let t: usize = 0; t < 128; t += 16) {
    v128.store(state + t, v128.bitselect(v128.load(state + t), v128.load(kept + t), mask))
  }
}

// @ts-ignore: decorator
@inline function rotate(v: v128, by: i32): v128 {
  return v128.or(i32x4.shr_u(v, by), i32x4.shl(v, 32 - by))
}

/** The next word of a schedule, of those 16, 15, 7 and 2 before it. */
// @ts-ignore: decorator
@inline function nextWord(first: v128, old: v128, between: v128, late: v128): v128 {
  const s0 = v128.xor(v128.xor(rotate(old, 7), rotate(old, 18)), i32x4.shr_u(old, 3))
  const s1 = v128.xor(v128.xor(rotate(late, 17), rotate(late, 19)), i32x4.shr_u(late, 10))
  return i32x4.add(i32x4.add(first, s0), i32x4.add(between, s1))
}

/** A round's word and constant. */
// @ts-ignore: decorator
@inline function wordOf(words: usize, constants: usize, round: usize): v128 {
  return i32x4.add(v128.load(words + (round << 4)), v128.load32_splat(constants + (round << 2)))
}

/** Puts the word of sixteen rounds later; `late` is that before the one before it. */
// @ts-ignore: decorator
@inline function makeWord(words: usize, round: usize, late: v128): v128 {
  const at = words + (round << 4)
  const word = nextWord(v128.load(at), v128.load(at, 1 << 4), v128.load(at, 9 << 4), late)
  v128.store(at, word, 16 << 4)
  return word
}

// @ts-ignore: decorator
@inline function choose(e: v128, f: v128, g: v128): v128 {
  return v128.xor(g, v128.and(e, v128.xor(f, g)))
}

// @ts-ignore: decorator
@inline function sum1(e: v128): v128 {
  return v128.xor(v128.xor(rotate(e, 6), rotate(e, 11)), rotate(e, 25))
}

// @ts-ignore: decorator
@inline function sum0(a: v128): v128 {
  return v128.xor(v128.xor(rotate(a, 2), rotate(a, 13)), rotate(a, 22))
}

/**
 * FIPS 180-4, 6.2.2: the 16 words of each lane's block stand in the schedule. A round's sums wait for each other, seven
 * steps each: what waits for nothing, the words of later rounds, is made in between. So all four vector units are busy, and
 * eight messages at a time would take no less.
 */
function compress(): void {
  let late = v128.load(schedule, 14 << 4)
  let last = v128.load(schedule, 15 << 4)
  let a = v128.load(state)
  let b = v128.load(state, 16)
  let c = v128.load(state, 32)
  let d = v128.load(state, 48)
  let e = v128.load(state, 64)
  let f = v128.load(state, 80)
  let g = v128.load(state, 96)
  let h = v128.load(state, 112)
  // Eight rounds a turn, so that no variable moves into another; what two neighbours differ in serves two of them.
  let odd = v128.xor(b, c)
  let even = odd
  let constants = k
  let words: usize = schedule
  for (; words < scheduleEnd - 256; words += 128) {
    h = i32x4.add(i32x4.add(h, wordOf(words, constants, 0)), choose(e, f, g))
    h = i32x4.add(h, sum1(e))
    d = i32x4.add(d, h)
    even = v128.xor(a, b)
    h = i32x4.add(h, i32x4.add(sum0(a), v128.xor(b, v128.and(even, odd))))
    late = makeWord(words, 0, late)
    g = i32x4.add(i32x4.add(g, wordOf(words, constants, 1)), choose(d, e, f))
    g = i32x4.add(g, sum1(d))
    c = i32x4.add(c, g)
    odd = v128.xor(h, a)
    g = i32x4.add(g, i32x4.add(sum0(h), v128.xor(a, v128.and(odd, even))))
    last = makeWord(words, 1, last)
    f = i32x4.add(i32x4.add(f, wordOf(words, constants, 2)), choose(c, d, e))
    f = i32x4.add(f, sum1(c))
    b = i32x4.add(b, f)
    even = v128.xor(g, h)
    f = i32x4.add(f, i32x4.add(sum0(g), v128.xor(h, v128.and(even, odd))))
    late = makeWord(words, 2, late)
    e = i32x4.add(i32x4.add(e, wordOf(words, constants, 3)), choose(b, c, d))
    e = i32x4.add(e, sum1(b))
    a = i32x4.add(a, e)
    odd = v128.xor(f, g)
    e = i32x4.add(e, i32x4.add(sum0(f), v128.xor(g, v128.and(odd, even))))
    last = makeWord(words, 3, last)
    d = i32x4.add(i32x4.add(d, wordOf(words, constants, 4)), choose(a, b, c))
    d = i32x4.add(d, sum1(a))
    h = i32x4.add(h, d)
    even = v128.xor(e, f)
    d = i32x4.add(d, i32x4.add(sum0(e), v128.xor(f, v128.and(even, odd))))
    late = makeWord(words, 4, late)
    c = i32x4.add(i32x4.add(c, wordOf(words, constants, 5)), choose(h, a, b))
    c = i32x4.add(c, sum1(h))
    g = i32x4.add(g, c)
    odd = v128.xor(d, e)
    c = i32x4.add(c, i32x4.add(sum0(d), v128.xor(e, v128.and(odd, even))))
    last = makeWord(words, 5, last)
    b = i32x4.add(i32x4.add(b, wordOf(words, constants, 6)), choose(g, h, a))
    b = i32x4.add(b, sum1(g))
    f = i32x4.add(f, b)
    even = v128.xor(c, d)
    b = i32x4.add(b, i32x4.add(sum0(c), v128.xor(d, v128.and(even, odd))))
    late = makeWord(words, 6, late)
    a = i32x4.add(i32x4.add(a, wordOf(words, constants, 7)), choose(f, g, h))
    a = i32x4.add(a, sum1(f))
    e = i32x4.add(e, a)
    odd = v128.xor(b, c)
    a = i32x4.add(a, i32x4.add(sum0(b), v128.xor(c, v128.and(odd, even))))
    last = makeWord(words, 7, last)
    constants += 32
  }
  for (; words < scheduleEnd; words += 128) {
    h = i32x4.add(i32x4.add(h, wordOf(words, constants, 0)), choose(e, f, g))
    h = i32x4.add(h, sum1(e))
    d = i32x4.add(d, h)
    even = v128.xor(a, b)
    h = i32x4.add(h, i32x4.add(sum0(a), v128.xor(b, v128.and(even, odd))))
    g = i32x4.add(i32x4.add(g, wordOf(words, constants, 1)), choose(d, e, f))
    g = i32x4.add(g, sum1(d))
    c = i32x4.add(c, g)
    odd = v128.xor(h, a)
    g = i32x4.add(g, i32x4.add(sum0(h), v128.xor(a, v128.and(odd, even))))
    f = i32x4.add(i32x4.add(f, wordOf(words, constants, 2)), choose(c, d, e))
    f = i32x4.add(f, sum1(c))
    b = i32x4.add(b, f)
    even = v128.xor(g, h)
    f = i32x4.add(f, i32x4.add(sum0(g), v128.xor(h, v128.and(even, odd))))
    e = i32x4.add(i32x4.add(e, wordOf(words, constants, 3)), choose(b, c, d))
    e = i32x4.add(e, sum1(b))
    a = i32x4.add(a, e)
    odd = v128.xor(f, g)
    e = i32x4.add(e, i32x4.add(sum0(f), v128.xor(g, v128.and(odd, even))))
    d = i32x4.add(i32x4.add(d, wordOf(words, constants, 4)), choose(a, b, c))
    d = i32x4.add(d, sum1(a))
    h = i32x4.add(h, d)
    even = v128.xor(e, f)
    d = i32x4.add(d, i32x4.add(sum0(e), v128.xor(f, v128.and(even, odd))))
    c = i32x4.add(i32x4.add(c, wordOf(words, constants, 5)), choose(h, a, b))
    c = i32x4.add(c, sum1(h))
    g = i32x4.add(g, c)
    odd = v128.xor(d, e)
    c = i32x4.add(c, i32x4.add(sum0(d), v128.xor(e, v128.and(odd, even))))
    b = i32x4.add(i32x4.add(b, wordOf(words, constants, 6)), choose(g, h, a))
    b = i32x4.add(b, sum1(g))
    f = i32x4.add(f, b)
    even = v128.xor(c, d)
    b = i32x4.add(b, i32x4.add(sum0(c), v128.xor(d, v128.and(even, odd))))
    a = i32x4.add(i32x4.add(a, wordOf(words, constants, 7)), choose(f, g, h))
    a = i32x4.add(a, sum1(f))
    e = i32x4.add(e, a)
    odd = v128.xor(b, c)
    a = i32x4.add(a, i32x4.add(sum0(b), v128.xor(c, v128.and(odd, even))))
    constants += 32
  }
  v128.store(state, i32x4.add(a, v128.load(state)))
  v128.store(state, i32x4.add(b, v128.load(state, 16)), 16)
  v128.store(state, i32x4.add(c, v128.load(state, 32)), 32)
  v128.store(state, i32x4.add(d, v128.load(state, 48)), 48)
  v128.store(state, i32x4.add(e, v128.load(state, 64)), 64)
  v128.store(state, i32x4.add(f, v128.load(state, 80)), 80)
  v128.store(state, i32x4.add(g, v128.load(state, 96)), 96)
  v128.store(state, i32x4.add(h, v128.load(state, 112)), 112)
}

/** The first bits of a lane as so many characters of base64url (RFC 4648, section 5), at most 22. */
function write(lane: u32, to: usize, characters: usize): void {
  const at = state + (<usize>lane << 2)
  let left = (<u64>load<u32>(at) << 32) | <u64>load<u32>(at, 16)
  let right = (<u64>load<u32>(at, 32) << 32) | <u64>load<u32>(at, 48)
  let rest = load<u32>(at, 64) >> 28
  for (let c: usize = 0; c < characters; c++) {
    store<u8>(to + c, load<u8>(alphabet + <usize>(left >> 58)))
    left = (left << 6) | (right >> 58)
    right = (right << 6) | (<u64>rest << 2)
    rest = 0
  }
}
