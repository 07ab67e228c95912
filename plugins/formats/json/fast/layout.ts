/** Where things are in the memory of the compiled reader, as ../wasm/layout.ts has it: the two must agree. */

/** Which texts a body has: one; or any number, one a line, of which each is a row, or none is itself. */
export const texts = { one: 0, rows: 1, apart: 2 } as const
export type Texts = (typeof texts)[keyof typeof texts]

/** Indices of 32-bit words; the names are those of ../wasm/layout.ts. */
export const word = {
  expect: 0x100,
  depth: 0x101,
  read: 0x102,
  sought: 0x103,
  length: 0x104,
  done: 0x105,
  badEscape: 0x10a,
  place: 0x10b,
  member: 0x10c,
  comma: 0x10d,
  nameFrom: 0x10e,
  nameTo: 0x10f,
  skip: 0x111,
  newline: 0x112,
  nesting: 0x113,
  firstRow: 0x114,
  moreRows: 0x115,
  rowTyped: 0x116,
  documentTyped: 0x117,
  held: 0x119,
  pinned: 0x11a,
  rowMet: 0x11b,
  written: 0x130,
  untouched: 0x131,
  from: 0x132,
  keepName: 0x133,
  nameOutcome: 0x134,
  ordinal: 0x135,
  met: 0x136,
  settled: 0x137,
  known: 0x138,
  spoken: 0x139,
  settles: 0x13a,
  nameRoles: 0x13c,
  stack: 0x200,
  counts: 0x1200,
} as const

export const address = {
  state: 0x400,
  stateEnd: 0x470,
  stack: 0x800,
  /** The labels of objects, so many bytes a level. */
  labels: 0x4c00,
  labelsOfLevel: 128,
  replacement: 0x8000,
  newName: 0xc000,
  /** Bytes of either. */
  textSize: 0x4000,
  output: 0x10000,
  /** The log of people, the values known, and the people settled. */
  met: 0x40000,
  held: 0x44000,
  pinned: 0x46000,
  known: 0xa40000,
  spoken: 0xac0000,
  settled: 0xb40000,
  end: 0xba0000,
} as const

/** Of the automata of shapes, up to the slots of plans. */
export const automata = 0x80000
/** What is written of each of so many plans, byte by byte from where its slot begins. */
export const slots = {
  at: 0x6a0000,
  size: 0x24000,
  count: 24,
  /** Behind the rules begin names and places, which are cleared; entries are only found through the first, and the hash. */
  rules: 0x5000,
  cleared: 0xa060,
  shapes: 0x4000,
  needs: 0x4200,
  numbers: 0x22000,
  moments: 0x23800,
} as const

/**
 * Of a value known: in its first word the rule; in its last how many bytes, and that it is its own normalisation. A negative last
 * word: one of them is not ASCII.
 */
export const lengthBits = 0xffff
export const normal = 0x40000000
export const ruleBits = 0xff

/** Deeper bodies are for the reader in TypeScript. */
export const maxDepth = 1023

/** The memory, which moves when it grows: neither is to be kept. */
export type Views = { readonly bytes: Buffer; readonly words: Int32Array }
