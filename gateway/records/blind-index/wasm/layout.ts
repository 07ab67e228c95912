/** Where things are in memory; ../batch-cmac.ts must agree. */

/**
 * What becomes of the last bytes of a value, by how many there are, and by 17 of more: of each a mask for those that are its own, and
 * what is added to them, padding and subkey.
 */
export const endings: usize = 0
/** A key to be, 32 bytes; cleared by `setKey`, and so are the words made of it. */
export const secret: usize = 0x410
export const words: usize = 0x430
/** Eight blocks at work. */
export const state: usize = 0x600
/** Of each round a vector for each bit. */
export const roundKeys: usize = 0x800
/** Where the text of people ends that was laid out last. */
export const textEnd: usize = 0x400
/** Of each data type the state behind its blocks, and what is enciphered for an empty value. */
export const types: usize = 0x2000
/** What follows characters: of each its length in 16 bytes, then itself. */
export const texts: usize = 0x8000
/** The characters and texts of one piece, or of what was added. */
export const results: usize = 0x10000
/** Values that were strings. */
export const values: usize = 0x24000
/** What values are and as what they were shown: 32 bytes a kind: where its type is, the length of the form, at 16 the form. */
export const kinds: usize = 0x2c000
/** Of a message that is at work 16 bytes: where its value goes on; how many bytes are left of it; where its characters go. */
export const list: usize = 0x2e000
/** The block of each. */
export const blocks: usize = 0x37000
/** Values that stand in a hold. */
export const held: usize = 0x40000
