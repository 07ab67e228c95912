import type { FieldCursor } from './field-cursor.ts'
import type { PluginOf } from './words.ts'

export type ReadLimits = {
  /** Bytes of one scalar or name, as written. */
  readonly scalar: number
  /** Containers inside one another. */
  readonly depth: number
  /** Bytes of a page, which can only be read whole (HTML). */
  readonly page: number
  /** Bytes of a packed workbook (XLSX), and of one event of a stream; left out: as the format has it. */
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

/** What a body's label says beyond its type. */
export type BodyLabel = {
  /** What parts a multipart body (RFC 2046, 5.1.1); null where it is not said. */
  readonly boundary: string | null
  /** Where paths from the root lead; left out: where they say. */
  readonly pathBase?: PathBase
}

/** Where the paths of a system begin: as it writes them itself, and as callers do. Both without a slash at the end. */
export type PathBase = { readonly inside: string; readonly outside: string }

/** Why a body cannot be read. An Error without a code counts as `malformed`. */
export type FormatFault = 'malformed' | 'too_deep' | 'scalar_too_large' | 'not_utf8' | 'too_large'

export type FormatPlugin = PluginOf<'format'> & {
  /** Media types without parameters, lower case. */
  readonly mediaTypes: readonly string[]
  /** Structured syntax suffixes (RFC 6839) with their plus: `+json`. */
  readonly suffixes: readonly string[]
  /** Set where the body is no text: it is handed over as it came, and no charset is decoded ahead of it. */
  readonly reads?: 'bytes'
  /** Whether a body that begins with these bytes could be in this format, whatever its label says. */
  looksLike(head: Uint8Array): boolean
  /** Whether these first bytes tell the format where the label does not; `looksLike` where it is left out. */
  claims?(head: Uint8Array): boolean
  /**
   * Whether a text inside a value is a whole body of this format; `fields` stands where the value does. Left out: it is never
   * read inside values.
   */
  fits?(text: string, fields: FieldCursor): boolean
  /** `room`: where what leaves is written, by a reader that can; left out: into buffers of its own. */
  create(options: object): (fields: FieldCursor, label?: BodyLabel, room?: Room) => Reader
}
