/** The words of classification and of every plugin. */

/** What is shown of a value, from the most visible to the strictest. The order is the contract: a form falls to the next. */
export type Form = 'clear' | 'partial' | 'generalize' | 'token' | 'digest' | 'redact' | 'remove'

/** 4 is the highest. */
export type Level = 1 | 2 | 3 | 4

/** A class and a level: `A4`. A identity and credentials, B user data and content, C service-related, D statistics. */
export type Cell = `${'A' | 'B' | 'C' | 'D'}${Level}`

/** One text in the two languages the product speaks. */
export type Bilingual = { readonly zh: string; readonly en: string }

/** A JSON Schema (2020-12) of a plugin's options. Give each property a description: it becomes documentation. */
export type OptionsSchema = {
  readonly type: 'object'
  readonly additionalProperties: false
  readonly required?: readonly string[]
  readonly properties: Readonly<Record<string, object>>
}

/** What every plugin carries. */
export type PluginOf<Kind extends string> = {
  readonly kind: Kind
  /** The word policies use: snake_case, the same as the file in kebab-case. */
  readonly name: string
  readonly summary: Bilingual
  readonly options: OptionsSchema
}

/** Secrets for plugins, derived by purpose, so that no plugin sees another's key. */
export type KeyRing = {
  /** 32 bytes that are the same for the same purpose as long as the gateway's master key lives. */
  secret(purpose: string): Uint8Array
  /**
   * All keys of a purpose that may still be read by, the current one first: what was made by an older one comes back as
   * long as its overlap lasts. Asked each time something comes back. Left out: the current one only.
   */
  readable?(purpose: string): readonly Uint8Array[]
}
