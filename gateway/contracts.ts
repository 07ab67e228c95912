/**
 * What a plugin is. Types only: a plugin imports this file, `node:` modules and at most one library. What each kind is
 * stands in a file of its own under contracts/.
 *
 * A plugin is one typed object that carries its own name, summary, options (JSON Schema) and examples. From these come
 * policy validation, the catalogue in plugins/README.md, and its tests. `create` runs once, when a policy is loaded;
 * what it returns runs for each value, so read options there and close over the result.
 */
import type { DetectorPlugin } from './contracts/detector.ts'
import type { FormatPlugin } from './contracts/format.ts'
import type { IdentityPlugin } from './contracts/identity.ts'
import type { MaskPlugin } from './contracts/mask.ts'
import type { NotifierPlugin } from './contracts/notifier.ts'

export type * from './contracts/by-bytes.ts'
export type * from './contracts/detector.ts'
export type * from './contracts/field-cursor.ts'
export type * from './contracts/format.ts'
export type * from './contracts/identity.ts'
export type * from './contracts/mask.ts'
export type * from './contracts/notifier.ts'
export type * from './contracts/places.ts'
export type * from './contracts/reader.ts'
export type * from './contracts/words.ts'

/** The list the core is handed; the core itself imports no plugin. */
export type Plugins = {
  readonly masks: readonly MaskPlugin[]
  readonly detectors: readonly DetectorPlugin[]
  readonly formats: readonly FormatPlugin[]
  readonly identities: readonly IdentityPlugin[]
  readonly notifiers: readonly NotifierPlugin[]
}
