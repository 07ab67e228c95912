/**
 * AES-256 (FIPS 197) of a few blocks, for which a call to the host costs more. Eight at a time, in bits: vector n has bit n of every
 * byte, at bit b of it that of block b (Käsper and Schwabe, 2009). Nothing is looked up by what is secret, and nothing
 * takes longer by it.
 */
import { blocks, roundKeys, secret, state, words } from './layout'

const rounds: usize = 14
const bytesOfRound: usize = 128
/** What the S-box adds last, left out there and added to the keys: whole columns of it stay as they are in all that is between. */
const affine: u32 = 0x63

/** Makes keys of the rounds from the key, which is wiped (FIPS 197, 5.2). */
export function setKey(): void {
  for (let at: usize = 0; at < 32; at += 4) store<u32>(words + at, load<u32>(secret + at))
  let constant: u32 = 1
  for (let at: usize = 32; at < 240; at += 4) {
    let word = load<u32>(words + at - 4)
    if ((at & 31) === 0) {
      word = substituted(rotr(word, 8)) ^ constant
      constant <<= 1
    } else if ((at & 31) === 16) word = substituted(word)
    store<u32>(words + at, load<u32>(words + at - 32) ^ word)
  }
  for (let round: usize = 0; round <= rounds; round++) {
    const key = v128.xor(v128.load(words + (round << 4)), i8x16.splat(round === 0 ? 0 : <i8>affine))
    for (let bit: usize = 0; bit < 8; bit++) {
      const isSet = i8x16.ne(v128.and(key, i8x16.splat(<i8>(<u32>1 << <u32>bit))), i8x16.splat(0))
      v128.store(roundKeys + round * bytesOfRound + (bit << 4), isSet)
    }
  }
  memory.fill(secret, 0, 32)
  memory.fill(words, 0, 240)
  forgetState()
}

/** The S-box on each byte of a word. */
function substituted(word: u32): u32 {
  for (let bit: u32 = 0; bit < 8; bit++) {
    v128.store(state + (<usize>bit << 4), i32x4.splat((word >> bit) & 0x01010101))
  }
  substitute()
  let made: u32 = 0
  for (let bit: u32 = 0; bit < 8; bit++) made |= (load<u32>(state + (<usize>bit << 4)) & 0x01010101) << bit
  return made ^ (affine * 0x01010101)
}

/** Enciphers so many blocks, and what stands behind them up to eight. */
export function encipher(count: u32): void {
  const end = blocks + (<usize>count << 4)
  for (let at = blocks; at < end; at += bytesOfRound) {
    for (let nth: usize = 0; nth < bytesOfRound; nth += 16) v128.store(state + nth, v128.load(at + nth))
    transpose()
    for (let nth: usize = 0; nth < bytesOfRound; nth += 16) {
      v128.store(state + nth, v128.xor(v128.load(state + nth), v128.load(roundKeys + nth)))
    }
    let keys = roundKeys + bytesOfRound
    for (; keys < roundKeys + rounds * bytesOfRound; keys += bytesOfRound) {
      substitute()
      mix(keys)
    }
    substitute()
    shift(keys)
    transpose()
    for (let nth: usize = 0; nth < bytesOfRound; nth += 16) v128.store(at + nth, v128.load(state + nth))
  }
}

/** Of blocks or of a key nothing is left at work. */
export function forgetState(): void {
  for (let nth: usize = 0; nth < bytesOfRound; nth += 16) v128.store(state + nth, i32x4.splat(0))
}

/** Turns eight blocks into their bits, and back. */
function transpose(): void {
  swap(0, 1, 1, 0x55)
  swap(2, 3, 1, 0x55)
  swap(4, 5, 1, 0x55)
  swap(6, 7, 1, 0x55)
  swap(0, 2, 2, 0x33)
  swap(1, 3, 2, 0x33)
  swap(4, 6, 2, 0x33)
  swap(5, 7, 2, 0x33)
  swap(0, 4, 4, 0x0f)
  swap(1, 5, 4, 0x0f)
  swap(2, 6, 4, 0x0f)
  swap(3, 7, 4, 0x0f)
}

/** Changes the upper bits of one vector for the lower ones of another. */
// @ts-ignore: decorator
@inline function swap(one: usize, other: usize, by: i32, lower: i8): void {
  const a = v128.load(state + (one << 4))
  const b = v128.load(state + (other << 4))
  const changed = v128.and(v128.xor(i64x2.shr_u(a, by), b), i8x16.splat(lower))
  v128.store(state + (one << 4), v128.xor(a, i64x2.shl(changed, by)))
  v128.store(state + (other << 4), v128.xor(b, changed))
}

/** SubBytes but for `affine`, by the circuit of Boyar and Peralta (2010) with the names it has there: x0 and s0 are the highest bits. */
function substitute(): void {
  const x0 = v128.load(state, 112)
  const x1 = v128.load(state, 96)
  const x2 = v128.load(state, 80)
  const x3 = v128.load(state, 64)
  const x4 = v128.load(state, 48)
  const x5 = v128.load(state, 32)
  const x6 = v128.load(state, 16)
  const x7 = v128.load(state)
  const y14 = v128.xor(x3, x5)
  const y13 = v128.xor(x0, x6)
  const y9 = v128.xor(x0, x3)
  const y8 = v128.xor(x0, x5)
  const t0 = v128.xor(x1, x2)
  const y1 = v128.xor(t0, x7)
  const y4 = v128.xor(y1, x3)
  const y12 = v128.xor(y13, y14)
  const y2 = v128.xor(y1, x0)
  const y5 = v128.xor(y1, x6)
  const y3 = v128.xor(y5, y8)
  const t1 = v128.xor(x4, y12)
  const y15 = v128.xor(t1, x5)
  const y20 = v128.xor(t1, x1)
  const y6 = v128.xor(y15, x7)
  const y10 = v128.xor(y15, t0)
  const y11 = v128.xor(y20, y9)
  const y7 = v128.xor(x7, y11)
  const y17 = v128.xor(y10, y11)
  const y19 = v128.xor(y10, y8)
  const y16 = v128.xor(t0, y11)
  const y21 = v128.xor(y13, y16)
  const y18 = v128.xor(x0, y16)
  const t2 = v128.and(y12, y15)
  const t3 = v128.and(y3, y6)
  const t4 = v128.xor(t3, t2)
  const t5 = v128.and(y4, x7)
  const t6 = v128.xor(t5, t2)
  const t7 = v128.and(y13, y16)
  const t8 = v128.and(y5, y1)
  const t9 = v128.xor(t8, t7)
  const t10 = v128.and(y2, y7)
  const t11 = v128.xor(t10, t7)
  const t12 = v128.and(y9, y11)
  const t13 = v128.and(y14, y17)
  const t14 = v128.xor(t13, t12)
  const t15 = v128.and(y8, y10)
  const t16 = v128.xor(t15, t12)
  const t17 = v128.xor(t4, t14)
  const t18 = v128.xor(t6, t16)
  const t19 = v128.xor(t9, t14)
  const t20 = v128.xor(t11, t16)
  const t21 = v128.xor(t17, y20)
  const t22 = v128.xor(t18, y19)
  const t23 = v128.xor(t19, y21)
  const t24 = v128.xor(t20, y18)
  const t25 = v128.xor(t21, t22)
  const t26 = v128.and(t21, t23)
  const t27 = v128.xor(t24, t26)
  const t28 = v128.and(t25, t27)
  const t29 = v128.xor(t28, t22)
  const t30 = v128.xor(t23, t24)
  const t31 = v128.xor(t22, t26)
  const t32 = v128.and(t31, t30)
  const t33 = v128.xor(t32, t24)
  const t34 = v128.xor(t23, t33)
  const t35 = v128.xor(t27, t33)
  const t36 = v128.and(t24, t35)
  const t37 = v128.xor(t36, t34)
  const t38 = v128.xor(t27, t36)
  const t39 = v128.and(t29, t38)
  const t40 = v128.xor(t25, t39)
  const t41 = v128.xor(t40, t37)
  const t42 = v128.xor(t29, t33)
  const t43 = v128.xor(t29, t40)
  const t44 = v128.xor(t33, t37)
  const t45 = v128.xor(t42, t41)
  const z0 = v128.and(t44, y15)
  const z1 = v128.and(t37, y6)
  const z2 = v128.and(t33, x7)
  const z3 = v128.and(t43, y16)
  const z4 = v128.and(t40, y1)
  const z5 = v128.and(t29, y7)
  const z6 = v128.and(t42, y11)
  const z7 = v128.and(t45, y17)
  const z8 = v128.and(t41, y10)
  const z9 = v128.and(t44, y12)
  const z10 = v128.and(t37, y3)
  const z11 = v128.and(t33, y4)
  const z12 = v128.and(t43, y13)
  const z13 = v128.and(t40, y5)
  const z14 = v128.and(t29, y2)
  const z15 = v128.and(t42, y9)
  const z16 = v128.and(t45, y14)
  const z17 = v128.and(t41, y8)
  const t46 = v128.xor(z15, z16)
  const t47 = v128.xor(z10, z11)
  const t48 = v128.xor(z5, z13)
  const t49 = v128.xor(z9, z10)
  const t50 = v128.xor(z2, z12)
  const t51 = v128.xor(z2, z5)
  const t52 = v128.xor(z7, z8)
  const t53 = v128.xor(z0, z3)
  const t54 = v128.xor(z6, z7)
  const t55 = v128.xor(z16, z17)
  const t56 = v128.xor(z12, t48)
  const t57 = v128.xor(t50, t53)
  const t58 = v128.xor(z4, t46)
  const t59 = v128.xor(z3, t54)
  const t60 = v128.xor(t46, t57)
  const t61 = v128.xor(z14, t57)
  const t62 = v128.xor(t52, t58)
  const t63 = v128.xor(t49, t58)
  const t64 = v128.xor(z4, t59)
  const t65 = v128.xor(t61, t62)
  const t66 = v128.xor(z1, t63)
  const s0 = v128.xor(t59, t63)
  const s6 = v128.xor(t56, t62)
  const s7 = v128.xor(t48, t60)
  const t67 = v128.xor(t64, t65)
  const s3 = v128.xor(t53, t66)
  const s4 = v128.xor(t51, t66)
  const s5 = v128.xor(t47, t65)
  const s1 = v128.xor(t64, s3)
  const s2 = v128.xor(t55, t67)
  v128.store(state, s7)
  v128.store(state, s6, 16)
  v128.store(state, s5, 32)
  v128.store(state, s4, 48)
  v128.store(state, s3, 64)
  v128.store(state, s2, 80)
  v128.store(state, s1, 96)
  v128.store(state, s0, 112)
}

/** ShiftRows, MixColumns and AddRoundKey: a column's bytes are a, and b of the row below; 2a + 3b + c + d is 2(a + b) + b + (c + d). */
function mix(keys: usize): void {
  const s0 = v128.load(state)
  const s1 = v128.load(state, 16)
  const s2 = v128.load(state, 32)
  const s3 = v128.load(state, 48)
  const s4 = v128.load(state, 64)
  const s5 = v128.load(state, 80)
  const s6 = v128.load(state, 96)
  const s7 = v128.load(state, 112)
  const r0 = turned(s0)
  const r1 = turned(s1)
  const r2 = turned(s2)
  const r3 = turned(s3)
  const r4 = turned(s4)
  const r5 = turned(s5)
  const r6 = turned(s6)
  const r7 = turned(s7)
  const t0 = v128.xor(shifted(s0), r0)
  const t1 = v128.xor(shifted(s1), r1)
  const t2 = v128.xor(shifted(s2), r2)
  const t3 = v128.xor(shifted(s3), r3)
  const t4 = v128.xor(shifted(s4), r4)
  const t5 = v128.xor(shifted(s5), r5)
  const t6 = v128.xor(shifted(s6), r6)
  const t7 = v128.xor(shifted(s7), r7)
  v128.store(state, mixed(t7, r0, t0, keys))
  v128.store(state, mixed(v128.xor(t0, t7), r1, t1, keys + 16), 16)
  v128.store(state, mixed(t1, r2, t2, keys + 32), 32)
  v128.store(state, mixed(v128.xor(t2, t7), r3, t3, keys + 48), 48)
  v128.store(state, mixed(v128.xor(t3, t7), r4, t4, keys + 64), 64)
  v128.store(state, mixed(t4, r5, t5, keys + 80), 80)
  v128.store(state, mixed(t5, r6, t6, keys + 96), 96)
  v128.store(state, mixed(t6, r7, t7, keys + 112), 112)
}

// @ts-ignore: decorator
@inline function mixed(twice: v128, below: v128, sum: v128, key: usize): v128 {
  const further = v128.shuffle<u8>(sum, sum, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)
  return v128.xor(v128.xor(twice, below), v128.xor(further, v128.load(key)))
}

/** ShiftRows and AddRoundKey, which is all of the last round. */
function shift(keys: usize): void {
  v128.store(state, v128.xor(shifted(v128.load(state)), v128.load(keys)))
  v128.store(state, v128.xor(shifted(v128.load(state, 16)), v128.load(keys, 16)), 16)
  v128.store(state, v128.xor(shifted(v128.load(state, 32)), v128.load(keys, 32)), 32)
  v128.store(state, v128.xor(shifted(v128.load(state, 48)), v128.load(keys, 48)), 48)
  v128.store(state, v128.xor(shifted(v128.load(state, 64)), v128.load(keys, 64)), 64)
  v128.store(state, v128.xor(shifted(v128.load(state, 80)), v128.load(keys, 80)), 80)
  v128.store(state, v128.xor(shifted(v128.load(state, 96)), v128.load(keys, 96)), 96)
  v128.store(state, v128.xor(shifted(v128.load(state, 112)), v128.load(keys, 112)), 112)
}

// @ts-ignore: decorator
@inline function shifted(bits: v128): v128 {
  return v128.shuffle<u8>(bits, bits, 0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11)
}

/** Of each byte the one in the row below it, after ShiftRows. */
// @ts-ignore: decorator
@inline function turned(bits: v128): v128 {
  return v128.shuffle<u8>(bits, bits, 5, 10, 15, 0, 9, 14, 3, 4, 13, 2, 7, 8, 1, 6, 11, 12)
}
