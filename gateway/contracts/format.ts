import type { FieldCursor } from './field-cursor.ts'
import type { Reader, Room } from './reader.ts'
import type { PluginOf } from './words.ts'

/** What a body's label says beyond its type. */
export type BodyLabel = {
  /** Whether the body is a text inside a value, which may be a piece of one: several elements of XML without a root. */
  readonly isInside?: true
  /** What parts a multipart body (RFC 2046, 5.1.1); null where it is not said. */
  readonly boundary: string | null
  /** Where paths from the root lead; left out: where they say. */
  readonly pathBase?: PathBase
  /** For a format that is `measured`: what becomes of links to the system; left out: they stay. */
  readonly links?: TextLinks
}

/** Links to a system in one text: what is done with them before it is masked, and after. */
export type TextLinks = { before(text: string): string; after(text: string): string }

/** Where the paths of a system begin: as it writes them itself, and as callers do. Both without a slash at the end. */
export type PathBase = { readonly inside: string; readonly outside: string }

export type FormatPlugin = PluginOf<'format'> & {
  /** Media types without parameters, lower case. */
  readonly mediaTypes: readonly string[]
  /** Structured syntax suffixes (RFC 6839) with their plus: `+json`. */
  readonly suffixes: readonly string[]
  /** Set where the body is no text: it is handed over as it came, and no charset is decoded ahead of it. */
  readonly reads?: 'bytes'
  /** Set where the body says how long its parts are: links in them are for its reader to rewrite, which writes the lengths. */
  readonly measured?: true
  /** Whether a body that begins with these bytes could be in this format, whatever its label says. */
  looksLike(head: Uint8Array): boolean
  /** Whether these first bytes tell the format where the label does not; `looksLike` where it is left out. */
  claims?(head: Uint8Array): boolean
  /**
   * Whether a text inside a value is a whole body of this format; `fields` stands where the value does. Left out: it is never
   * read inside values.
   */
  fits?(text: string, fields: FieldCursor): boolean
  /** Whether a text inside a value that no format fits has pieces of this one among others, with which it is read. */
  isIn?(text: string): boolean
  /** `room`: where what leaves is written, by a reader that can; left out: into buffers of its own. */
  create(options: object): (fields: FieldCursor, label?: BodyLabel, room?: Room) => Reader
}
