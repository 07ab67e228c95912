import type { Span } from './detector.ts'

/** Where in the plan of fields a reader stands; opaque, cheap to copy. */
export type Place = number

/**
 * What a name says of the values beside its own, in bits: 1 it labels them, 2 it has the one that is labelled, 4 it names
 * columns, 8 it has the rows with these columns. 2 only where the plan has nothing to say of the name itself.
 */
export type Role = number

/**
 * What will be done with a value:
 * `copy` nothing; `read` detectors look at it, behind the prefilter; `mask` it is typed, so each scalar is offered;
 * `remove` it goes as a whole, container or scalar.
 */
export type Treatment = 'copy' | 'read' | 'mask' | 'remove'

/**
 * What a scalar becomes: `keep` as it is; `text` the string in `replacement`; `redact` the format's own blank (`***`,
 * or null for numbers); `remove` gone.
 */
export type Outcome = 'keep' | 'text' | 'redact' | 'remove'

export type ScalarKind = 'string' | 'number' | 'boolean' | 'null'

/** A span of a text and what stands in its place. */
export type Edit = Span & { readonly text: string }
