export type ReadLimits = {
  /** Bytes of one scalar or name, as written. */
  readonly scalar: number
  /** Containers inside one another. */
  readonly depth: number
  /** Bytes of a page, which can only be read whole (HTML). */
  readonly page: number
  /** Bytes of a workbook (XLSX, XLS), and of one event of a stream; left out: as the format has it. */
  readonly workbook?: number
  readonly event?: number
}

/**
 * One body being rewritten. `write` takes what has arrived, in pieces of any size, and returns what may leave;
 * `end` returns the rest. Both throw an Error, with one of `FormatFault` as its `code`, where the body cannot be read:
 * the core then withholds it. A reader never returns a byte that it has not parsed and decided on. The arrays returned
 * are the caller's to keep; what was written may be referenced until the next call.
 */
export type Reader = {
  write(chunk: Uint8Array): Uint8Array[]
  end(): Uint8Array[]
  /**
   * The same as `end` in more than one turn of the loop: for a format whose work would hold up every other exchange. One
   * that reads bytes does all of it elsewhere, and its `end` throws.
   */
  finish?(): Promise<Uint8Array[]>
  /** Called between two writes once what was read so far has been dealt with: values kept for their repetitions may go. */
  forget?(): void
}

/**
 * Memory for what a reader makes, in place of buffers of its own: so many bytes, which it writes and returns as pieces in
 * the order in which it was given them. They are whose the room is, and not the reader's to look at after its return.
 */
export type Room = { room(bytes: number): Buffer }

/** Why a body cannot be read; `unknown`: it is of another format, or encrypted. An Error without a code counts as `malformed`. */
export type FormatFault = 'malformed' | 'too_deep' | 'scalar_too_large' | 'not_utf8' | 'too_large' | 'unknown'
