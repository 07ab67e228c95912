/**
 * The map of the memory, shared with ../fast/layout.ts, which must agree. Nothing is allocated: everything has its place,
 * and only the window of input, the last, grows.
 *
 * What one reader has to keep between two writes is the state, the stack up to its depth, the window and its bitmap; the
 * rest serves all readers in turn.
 */

/** Which texts a body has, as `texts` in ../fast/layout.ts has it. */
export const oneText: u32 = 0
export const textsAreRows: u32 = 1

// State: 32-bit fields. Positions are offsets into the window; -1 is none.
export const state: usize = 0x400
export const expectAt = state
export const depthAt = state + 4
/** The next byte to read. */
export const readAt = state + 8
/** How far quotes have been looked for in the string or primitive that begins there and is not over. */
export const soughtAt = state + 12
/** Bytes in the window. */
export const lengthAt = state + 16
/** From here on nothing has left yet. */
export const doneAt = state + 20
/** The block from which the scan goes on, and its state there. */
export const scannedAt = state + 24
export const insideAt = state + 28
export const escapedAt = state + 32
export const hexLeftAt = state + 36
/** The first escape that RFC 8259 does not know. */
export const badEscapeAt = state + 40
export const placeAt = state + 44
export const memberAt = state + 48
export const commaAt = state + 52
/** A name to be replaced, once its value stays. */
export const nameFromAt = state + 56
export const nameToAt = state + 60
export const goneAt = state + 64
/** The depth outside the container that is being removed; -1: none is. */
export const skipAt = state + 68
/** In lines: whether a newline has come since the last text. */
export const newlineAt = state + 72
/** Array elements around, and what happened to rows since the cursor was last told: see `RowProgress`. */
export const nestingAt = state + 76
export const firstRowAt = state + 80
export const moreRowsAt = state + 84
export const rowTypedAt = state + 88
export const documentTypedAt = state + 92
/** What the name of the member under way says of others. */
export const rolesAt = state + 96
/** People of the row under way: entries of their list, how much of `pinned` is taken, whether some are the cursor's already. */
export const heldAt = state + 100
export const pinnedAt = state + 104
export const rowMetAt = state + 108
export const stateSize = 112

// What a call returns besides its status.
export const writtenAt: usize = 0x4c0
export const untouchedAt: usize = 0x4c4
export const fromAt: usize = 0x4c8
/** Whether the name last asked for may be remembered; what becomes of it: 0 stays, 1 replaced, 2 its member goes. */
export const keepNameAt: usize = 0x4cc
export const nameOutcomeAt: usize = 0x4d0
export const ordinalAt: usize = 0x4d4

/** 16 bytes a level: flags (1 object, 2 something kept, 4 elements stand where it stands, 8 columns), place, elements or bytes of labels so far, personal names so far. */
export const stack: usize = 0x800
export const maxDepth: i32 = 1023
/** The labels of objects: see labels.ts. They belong to the stack. */
export const labels: usize = 0x4c00
export const labelsOfLevel: usize = 128
/** The roles of the name last asked for. */
export const nameRolesAt: usize = 0x4f0
/** How often each byte rule was carried out since the cursor was last told. */
export const counts: usize = 0x4800
export const maxRules: i32 = 255
/** The text that takes the place of a value, as JSON; and the one that takes the place of its name. */
export const replacement: usize = 0x8000
export const newName: usize = 0xc000
export const output: usize = 0x10000
export const outputEnd: usize = 0x40000

// People, of whose values byte rules disposed: see people.ts.
/** Entries of the log. */
export const metAt: usize = 0x4d8
/** People of rows that were settled here. */
export const settledAt: usize = 0x4dc
/** Distinct values known, and how much of their bytes' room is taken. */
export const knownAt: usize = 0x4e0
export const spokenAt: usize = 0x4e4
/** Whether rows are settled here. */
export const settlesAt: usize = 0x4e8
/** Which of the entries in the hash count. */
export const epochAt: usize = 0x4ec
export const met: usize = 0x40000
export const mostMet: u32 = 4096
export const held: usize = 0x44000
export const mostHeld: u32 = 64
/** Behind the list: the values that its people are known by from other rows. */
export const inRow: usize = 0x45000
export const pinned: usize = 0x46000
/** Longer values are the cursor's. */
export const longestPerson: usize = 256

/** Automata of shapes (see automata.ts), put there by ../fast/automata.ts. */
export const automata: usize = 0x80000

/** What is remembered of a plan. There is a number of these, handed out by ../fast/plans.ts. */
export const slots: usize = 0x6a0000
export const slotSize: usize = 0x24000
/** Rules, 64 bytes each (see rules.ts); the first is no rule, and holds what makes a string at a `read` place worth offering. */
export const rulesIn: usize = 0
export const digitsInRule: usize = 24
export const normalInRule: usize = 48
export const headInRule: usize = 52
export const wideInRule: usize = 56
export const fewInRule: usize = 60
export const shapesIn: usize = 0x4000
export const needsIn: usize = 0x4200
export const hashIn: usize = 0x5000
export const placesIn: usize = 0x6000
export const entriesIn: usize = 0xa000
/** By length, from `leastNumber` to `mostNumber`, and first two digits: which shapes a text of digits alone may have. */
export const numbersIn: usize = 0x22000
export const leastNumber: u32 = 8
export const mostNumber: u32 = 20
/** Behind these, of an ID number that ends with an X. */
export const endsInX: u32 = 13
/** By how a moment is written (see moments.ts), which shapes it may have. */
export const momentsIn: usize = 0x23800
// Behind the slots: what is known of people in a window, of whom there may be many.
export const knownHash: usize = 0xa00000
export const mostHashSlots: u32 = 65536
export const known: usize = 0xa40000
export const mostKnown: u32 = 32767
export const spoken: usize = 0xac0000
export const spokenEnd: usize = 0xb40000
export const settled: usize = 0xb40000
export const maxPlaces: i32 = 4096
export const maxEntries: i32 = 1024

// What becomes of a scalar, in the low three bits of the host's answer; 0: it stays.
export const toText: i32 = 1
export const toRedact: i32 = 2
export const toRemove: i32 = 3
export const toLongText: i32 = 4

// Faults; 0 is none.
export const malformed: i32 = 1
export const notUtf8: i32 = 2
export const tooDeep: i32 = 3
export const tooLarge: i32 = 4
