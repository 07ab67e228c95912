/** What only the host can say: it holds the cursor. Each may throw, which ends the body. */

/** The place of the member of `parent` whose name stands there; sets `keepName` and `nameOutcome`. */
// @ts-ignore: decorator
@external("host", "name")
export declare function askName(parent: i32, from: usize, to: usize): i32

/** Whether a member whose name stands there is a label for values beside it. */
// @ts-ignore: decorator
@external("host", "isLabel")
export declare function askIsLabel(from: usize, to: usize): bool

// @ts-ignore: decorator
@external("host", "element")
export declare function askElement(parent: i32, index: u32): i32

/** What is to be known of a place: see `Place info` in names.ts. */
// @ts-ignore: decorator
@external("host", "place")
export declare function askPlace(place: i32): u32

/** Decides a scalar. Returns one of the outcomes, with the length of the replacement in the higher bits. */
// @ts-ignore: decorator
@external("host", "scalar")
export declare function askScalar(place: i32, from: usize, to: usize, kind: i32): i32

/** What becomes of a value known, as `askScalar`, with 4 where it counts as its rule does; -1: that is to be asked. */
// @ts-ignore: decorator
@external("host", "mask")
export declare function askMask(number: u32): i32

/** A list of columns begins at this depth. */
// @ts-ignore: decorator
@external("host", "beginColumns")
export declare function beginColumns(depth: i32): void

/** What one more column of the list at this depth is called: a string, or labels. Where `ordinal` is 1, it is the first. */
// @ts-ignore: decorator
@external("host", "column")
export declare function tellColumn(depth: i32, ordinal: u32, from: usize, to: usize): void

/** The columns told are those of the object at this depth; `more`: which has some already. */
// @ts-ignore: decorator
@external("host", "columns")
export declare function keepColumns(depth: i32, more: bool): void

/** The same of a text that lists columns, if it does. */
// @ts-ignore: decorator
@external("host", "columnsText")
export declare function keepColumnsText(depth: i32, more: bool, from: usize, to: usize): bool

/** The columns of the object inside that at this depth are its own as well. */
// @ts-ignore: decorator
@external("host", "handUp")
export declare function handColumnsUp(depth: i32): void

/** The place of an array at this depth whose first element were the columns told. */
// @ts-ignore: decorator
@external("host", "headed")
export declare function askHeaded(place: i32, depth: i32): i32

/** The place of the member under way, which has rows, in the object at this depth. */
// @ts-ignore: decorator
@external("host", "rows")
export declare function askRows(place: i32, depth: i32): i32

/** Looks for the columns of rows that begin at `from`, behind them: as `look` in ../self-described.ts; those found are kept. */
// @ts-ignore: decorator
@external("host", "columnsBehind")
export declare function askColumnsBehind(from: usize, to: usize, last: bool, depth: i32): u32

/** The columns of the object at this depth came too far behind rows. */
// @ts-ignore: decorator
@external("host", "late")
export declare function tellLate(place: i32, depth: i32): void

/** The place of an array whose first element begins at `from`, where it is one of pairs; 0: it is none; -1: more has to come to tell. */
// @ts-ignore: decorator
@external("host", "pairs")
export declare function askPairs(from: usize, to: usize, last: bool, place: i32, depth: i32): i32

/** A container goes as a whole. */
// @ts-ignore: decorator
@external("host", "removed")
export declare function tellRemoved(place: i32): void

/** Takes the first `length` bytes of the output away. */
// @ts-ignore: decorator
@external("host", "flush")
export declare function flush(length: u32): void

/** Gives out a replacement, or a new name, that is too long for its place in memory. */
// @ts-ignore: decorator
@external("host", "giveLong")
export declare function giveLong(isName: bool): void

/** Writes the new name held for a member; returns its length, or -1: it is too long. */
// @ts-ignore: decorator
@external("host", "rename")
export declare function askRename(): i32

/** People are on the log, of whom the cursor has to be told before their values are forgotten. */
// @ts-ignore: decorator
@external("host", "people")
export declare function tellPeople(): void
