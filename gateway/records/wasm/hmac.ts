/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4) over many short messages under one key, four at a time, one in each lane of vectors of
 * 32-bit words; of each the first 8 characters of its base64url. Compiled to hmac.wasm by `npm run build:wasm`;
 * ../batch-hmac.ts feeds it, and must agree on where things are. What is copied is copied by vectors, up to 15 bytes too many
 * at an end: a call of memory.copy or memory.fill costs more than most of what there is to copy.
 */

/** A block with the key, zeros behind it; cleared by `setKey`. */
const key: usize = 0
/** The states behind the blocks that begin the inner and the outer hash: 8 vectors each, all four lanes alike. */
const inner: usize = 0x100
const outer: usize = 0x180
/** The state at work, 8 vectors; the schedule, 64; and the state of a block that not all lanes have. */
const state: usize = 0x200
const schedule: usize = 0x280
const scheduleEnd: usize = 0x680
const other: usize = 0x680
const otherEnd: usize = 0x700
/**
 * 16 bytes for each message: where its value is; how many bytes that has, in 12 bits, and above them where its first part is among
 * the texts; where its characters go; and where the text is that follows them, or 0.
 */
const list: usize = 0x2000
/** The messages at work, with their ends. */
const lanes: usize = 0x4000
const laneBits: usize = 12
/** What messages begin with, and what follows their characters: of each its length in 16 bytes, then itself. */
const texts: usize = 0x8000
/** What values are taken from: those that were strings, and those that stand in a hold. */
const values: usize = 0x24000
/** What values are and as what they were shown: 32 bytes a kind: where its first part is among the texts, the length of the form, at 16 the form. */
const kinds: usize = 0x2c000
const held: usize = 0x2e000
/** The characters and texts of one piece, or of what was added. */
const results: usize = 0x10000

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

/** Makes the key at 0 the one in use. */
export function setKey(): void {
  startWith(0x36363636, inner)
  startWith(0x5c5c5c5c, outer)
  clear(key, key + 64)
  forget(0, 0)
}

function startWith(pad: u32, to: usize): void {
  for (let t: usize = 0; t < 8; t++) v128.store(state + (t << 4), v128.load32_splat(initial + (t << 2)))
  for (let t: usize = 0; t < 16; t++) {
    v128.store(schedule + (t << 4), i32x4.splat(bswap<u32>(load<u32>(key + (t << 2)) ^ pad)))
  }
  compress(state, to)
}

/** Clears what is left of messages, and so many bytes of what their values were taken from. */
export function forget(valuesLength: usize, heldLength: usize): void {
  clear(values, values + valuesLength)
  clear(held, held + heldLength)
  clear(state, otherEnd)
  for (let lane: usize = 0; lane < 4; lane++) {
    const at = lanes + (lane << laneBits)
    clear(at, at + (<usize>mostBlocks << 6) + overlap)
  }
  mostBlocks = 0
}

function clear(from: usize, to: usize): void {
  for (let at = from; at < to; at += 16) v128.store(at, i32x4.splat(0))
}

/** Of the messages in the lanes since they were cleared. */
let mostBlocks: u32 = 0
/** So far behind its last block a lane may be written to. */
const overlap: usize = 64

/** Puts the characters of so many messages, one at the least, where they belong, and what follows them. */
export function digestAll(count: u32): void {
  const last = list + (<usize>(count - 1) << 4)
  for (let a = list; a <= last; a += 64) {
    // Lanes that are left over do the last message again.
    const b = min(a + 16, last)
    const c = min(a + 32, last)
    const d = min(a + 48, last)
    hashInner(lay(a, 0), lay(b, 1), lay(c, 2), lay(d, 3))
    hashOuter()
    write(a, b, c, d)
  }
}

/** Messages that the list has room for. */
const mostMessages: u32 = 512

/**
 * Writes the text of so many people whose ranges (`PeopleRanges` in gateway/subject.ts) begin there, each with what stands between two behind
 * it. `end` is that of the bytes they are ranges of. Returns where the text ends; 0: a value is not within them, or of no kind
 * there is.
 */
export function digestPeople(first: usize, count: u32, end: usize, kindsKnown: u32): usize {
  let to = results
  let messages: u32 = 0
  const last = first + <usize>count * bytesOfPerson
  for (let person = first; person < last; person += bytesOfPerson) {
    if (messages + valuesOfPerson > mostMessages) {
      digestAll(messages)
      messages = 0
    }
    const before = messages
    for (let at: usize = 0; at < bytesOfPerson; at += 8) {
      const sizes = load<u32>(person + at)
      if (sizes == 0) break
      const from = load<u32>(person + at, 4)
      const length = sizes & 0xffff
      if (<u64>from + length > <u64>(end - held) || length > longestValue || (sizes >> 16) - 1 >= kindsKnown) return 0
      const message = list + (<usize>messages << 4)
      store<u32>(message, <u32>held + from)
      store<u32>(message, length | load<u32>(kindOf(sizes)) << 12, 4)
      store<u32>(message, <u32>to, 8)
      store<u32>(message, 0, 12)
      to += 8
      messages++
    }
    to = writeForms(person, messages - before, to)
  }
  if (messages > 0) digestAll(messages)
  return to
}
const bytesOfPerson: usize = 24
const valuesOfPerson: u32 = 3
/** What a lane has room for beside what such a value's message begins with. */
const longestValue: u32 = 2048

// @ts-ignore: decorator
@inline function kindOf(sizes: u32): usize {
  return kinds + (<usize>((sizes >> 16) - 1) << 5)
}

/** Writes the forms of so many values of a person, once where they are alike, and what stands between two people. */
function writeForms(person: usize, values: u32, to: usize): usize {
  const first = kindOf(load<u32>(person))
  let alike = true
  for (let nth: u32 = 1; nth < values; nth++) {
    const other = kindOf(load<u32>(person + (<usize>nth << 3)))
    alike = alike && !v128.any_true(v128.xor(v128.load(first, 16), v128.load(other, 16)))
  }
  const shown: u32 = alike ? 1 : values
  for (let nth: u32 = 0; nth < shown; nth++) {
    const kind = kindOf(load<u32>(person + (<usize>nth << 3)))
    store<u8>(to, nth == 0 ? 0x3a : 0x2e)
    v128.store(to, v128.load(kind, 16), 1)
    to += 1 + <usize>load<u32>(kind, 4)
  }
  store<u32>(to, 0x222c22)
  return to + 3
}

/** Puts a message into a lane, and behind it a bit, zeros, and its length with the key's block. Returns how many blocks it has. */
function lay(message: usize, lane: usize): u32 {
  const value = <usize>load<u32>(message)
  const sizes = <usize>load<u32>(message, 4)
  const length = sizes & 0xfff
  const first = texts + (sizes >> 12)
  const firstLength = <usize>load<u32>(first)
  const to = lanes + (lane << laneBits)
  const from = to + firstLength
  const whole = firstLength + length
  const blocks = (whole + 9 + 63) >> 6
  const end = to + (blocks << 6)
  // Nearly all are as short as this, and to find out costs more than to copy a vector in vain.
  v128.store(to, v128.load(first, 16))
  v128.store(to, v128.load(first, 32), 16)
  for (let at: usize = 32; at < firstLength; at += 16) v128.store(to + at, v128.load(first + at, 16))
  v128.store(from, v128.load(value))
  v128.store(from, v128.load(value, 16), 16)
  for (let at: usize = 32; at < length; at += 16) v128.store(from + at, v128.load(value + at))
  const zeros = i32x4.splat(0)
  v128.store(to + whole, zeros)
  v128.store(to + whole, zeros, 16)
  v128.store(to + whole, zeros, 32)
  v128.store(to + whole, zeros, 48)
  store<u8>(to + whole, 0x80)
  store<u64>(end - 8, bswap<u64>((<u64>whole + 64) << 3))
  return <u32>blocks
}

function hashInner(a: u32, b: u32, c: u32, d: u32): void {
  const most = max(max(a, b), max(c, d))
  mostBlocks = max(mostBlocks, most)
  blockOf(0, 0, 0, 0)
  compress(inner, state)
  for (let block: u32 = 1; block < most; block++) {
    // A lane whose message is over reads its last block again, and keeps the state it had.
    blockOf(min(block, a - 1), min(block, b - 1), min(block, c - 1), min(block, d - 1))
    compress(state, other)
    const going = i32x4.lt_u(i32x4.splat(block), i32x4(a, b, c, d))
    for (let t: usize = 0; t < 128; t += 16) {
      v128.store(state + t, v128.bitselect(v128.load(other + t), v128.load(state + t), going))
    }
  }
}

/** Puts the words of a block of each lane into the schedule: the first of all four, the second, and so on. */
function blockOf(a: u32, b: u32, c: u32, d: u32): void {
  const fromA = lanes + (<usize>a << 6)
  const fromB = lanes + (1 << laneBits) + (<usize>b << 6)
  const fromC = lanes + (2 << laneBits) + (<usize>c << 6)
  const fromD = lanes + (3 << laneBits) + (<usize>d << 6)
  for (let t: usize = 0; t < 64; t += 16) {
    const ofA = wordsAt(fromA + t)
    const ofB = wordsAt(fromB + t)
    const ofC = wordsAt(fromC + t)
    const ofD = wordsAt(fromD + t)
    const lowAB = v128.shuffle<u32>(ofA, ofB, 0, 4, 1, 5)
    const lowCD = v128.shuffle<u32>(ofC, ofD, 0, 4, 1, 5)
    const highAB = v128.shuffle<u32>(ofA, ofB, 2, 6, 3, 7)
    const highCD = v128.shuffle<u32>(ofC, ofD, 2, 6, 3, 7)
    const to = schedule + (t << 2)
    v128.store(to, v128.shuffle<u64>(lowAB, lowCD, 0, 2))
    v128.store(to, v128.shuffle<u64>(lowAB, lowCD, 1, 3), 16)
    v128.store(to, v128.shuffle<u64>(highAB, highCD, 0, 2), 32)
    v128.store(to, v128.shuffle<u64>(highAB, highCD, 1, 3), 48)
  }
}

// @ts-ignore: decorator
@inline function wordsAt(at: usize): v128 {
  return i8x16.swizzle(v128.load(at), i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12))
}

function hashOuter(): void {
  for (let t: usize = 0; t < 128; t += 16) v128.store(schedule + t, v128.load(state + t))
  v128.store(schedule, i32x4.splat(0x80000000), 128)
  for (let t: usize = 144; t < 240; t += 16) v128.store(schedule + t, i32x4.splat(0))
  v128.store(schedule, i32x4.splat((64 + 32) << 3), 240)
  compress(outer, state)
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
 * FIPS 180-4, 6.2.2, from one state to another: the 16 words of each lane's block stand in the schedule. A round's sums wait
 * for each other, seven steps each: what waits for nothing, the words of later rounds, is made in between. So all four vector
 * units are busy, and eight messages at a time would take no less.
 */
function compress(from: usize, to: usize): void {
  let late = v128.load(schedule, 14 << 4)
  let last = v128.load(schedule, 15 << 4)
  let a = v128.load(from)
  let b = v128.load(from, 16)
  let c = v128.load(from, 32)
  let d = v128.load(from, 48)
  let e = v128.load(from, 64)
  let f = v128.load(from, 80)
  let g = v128.load(from, 96)
  let h = v128.load(from, 112)
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
  v128.store(to, i32x4.add(a, v128.load(from)))
  v128.store(to, i32x4.add(b, v128.load(from, 16)), 16)
  v128.store(to, i32x4.add(c, v128.load(from, 32)), 32)
  v128.store(to, i32x4.add(d, v128.load(from, 48)), 48)
  v128.store(to, i32x4.add(e, v128.load(from, 64)), 64)
  v128.store(to, i32x4.add(f, v128.load(from, 80)), 80)
  v128.store(to, i32x4.add(g, v128.load(from, 96)), 96)
  v128.store(to, i32x4.add(h, v128.load(from, 112)), 112)
}

/** Puts the first 48 bits of each lane as characters of base64url (RFC 4648, section 5), and what follows them. */
function write(a: usize, b: usize, c: usize, d: usize): void {
  const first = v128.load(state)
  const second = v128.load(state, 16)
  const left = charactersOf(i32x4.shr_u(first, 8))
  const right = charactersOf(v128.or(i32x4.shl(first, 16), i32x4.shr_u(second, 16)))
  const ofAB = v128.shuffle<u32>(left, right, 0, 4, 1, 5)
  const ofCD = v128.shuffle<u32>(left, right, 2, 6, 3, 7)
  put(a, i64x2.extract_lane(ofAB, 0))
  put(b, i64x2.extract_lane(ofAB, 1))
  put(c, i64x2.extract_lane(ofCD, 0))
  put(d, i64x2.extract_lane(ofCD, 1))
}

/** Four characters of each lane, for the lower 24 bits of it. */
// @ts-ignore: decorator
@inline function charactersOf(bits: v128): v128 {
  const first = v128.and(i32x4.shr_u(bits, 18), i32x4.splat(0x3f))
  const second = v128.and(i32x4.shr_u(bits, 4), i32x4.splat(0x3f00))
  const third = v128.and(i32x4.shl(bits, 10), i32x4.splat(0x3f0000))
  const fourth = v128.and(i32x4.shl(bits, 24), i32x4.splat(0x3f000000))
  const six = v128.or(v128.or(first, second), v128.or(third, fourth))
  // By how much a character differs from its number: one of `steps` for a to z, each digit, - and _, A to Z.
  const capital = v128.and(i8x16.lt_u(six, i8x16.splat(26)), i8x16.splat(13))
  const step = v128.or(i8x16.sub_sat_u(six, i8x16.splat(51)), capital)
  const steps = i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -17, 32, 65, 0, 0)
  return i8x16.add(six, i8x16.swizzle(steps, step))
}

function put(message: usize, characters: i64): void {
  const to = <usize>load<u32>(message, 8)
  store<i64>(to, characters)
  const follows = <usize>load<u32>(message, 12)
  if (follows === 0) return
  const length = <usize>load<u32>(texts + follows)
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(texts + follows + at, 16), 8)
}
