import type { Edit, Span } from '../contracts.ts'

/** A part of a text that is an encoding of another text. */
export type EncodedPart = Span & {
  /** null: it cannot be read, so all of it goes. */
  readonly text: string | null
  /** Of what cannot be read, whether it is a document, which stays where the policy says that nothing personal is in it; else it is too much. */
  readonly isDocument?: boolean
  /** What is changed in it could not be signed, or written in its charset, again: so all of it goes. */
  readonly sealed: boolean
  /**
   * The edits of the whole that do to this part what `edits` do to its text; where these are null, `text` takes the place
   * of all its text.
   */
  rewrite(text: string, edits: readonly Edit[] | null): readonly Edit[]
}
