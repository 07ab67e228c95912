/**
 * What a plugin is. Types only: a plugin imports this file, `node:` modules and at most one library.
 *
 * A plugin is one typed object that carries its own name, summary, options (JSON Schema) and examples. From these come
 * policy validation, the catalogue in plugins/README.md, and its tests. `create` runs once, when a policy is loaded;
 * what it returns runs for each value, so read options there and close over the result.
 */

import type { X509Certificate } from 'node:crypto'

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

type PluginOf<Kind extends string> = {
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

// ---------------------------------------------------------------------------------------------------------------- mask

/** For whom and in what a value is masked; a mask may make its result depend on these, and on nothing else. */
export type Scope = {
  readonly consumer: string
  readonly purpose: string
  readonly dataType: string
}

export type Mask = {
  /**
   * The masked text, or null where the value is too short or too odd for enough of it to stay hidden: the next
   * stricter form is then used. Total on every string and deterministic for one scope. Never returns the value itself
   * unless the value is made of covers only.
   */
  mask(value: string, scope: Scope): string | null
  /** Set by a mask that only covers what stands between the ends, so that a reader can do it without making a string. */
  readonly ends?: Ends
  /**
   * Set by a mask that keeps what a text begins with: of U+4E00 to U+9FA5 alone the shortest beginning that matches this stays
   * but for its last character, and the rest goes. Of what shapes are made of (`Triggers.shape`). It may leave any text out.
   */
  readonly head?: RegExp
  /**
   * Whether a text has the look of what this mask makes, so that writing it back would destroy the value it stands for.
   * Left out: it cannot be told.
   */
  isMasked?(text: string): boolean
  /** The value of a token this mask made; throws where the token is forged or from another scope. */
  restore?(token: string, scope: Scope): string
}

/**
 * What `mask` does to text of which every character is printable ASCII or U+4E00 to U+9FA5: keeps `head` and `tail`
 * characters and puts `cover` for each one between. Space and punctuation (Unicode P and Z) count for nothing: they do not
 * use up the ends, and of the others at least one and a third of all must be covered, else `mask` returns null. With
 * `until`, only what stands before its last occurrence is such text; it and what follows, whatever it is, stays.
 */
export type Ends = {
  readonly head: number
  readonly tail: number
  readonly cover: string
  readonly until: string | null
}

export type MaskExample<Options> = {
  readonly options: Options
  readonly in: string
  /** null: not enough would stay hidden. */
  readonly out: string | null
  readonly why?: string
}

// biome-ignore lint/suspicious/noExplicitAny: a list of plugins holds each with its own options
export type MaskPlugin<Options = any> = PluginOf<'mask'> & {
  readonly examples: readonly MaskExample<Options>[]
  create(options: Options, keys: KeyRing): Mask
}

// ------------------------------------------------------------------------------------------------------------ detector

/** UTF-16 offsets into the text that was read. */
export type Span = { readonly start: number; readonly end: number }

/**
 * What a text must hold at least before a detector can match in it, so that most texts are never decoded. Counts are of
 * characters; a full-width digit counts as a digit and ＠ as at, any character outside ASCII counts as wide.
 */
export type Triggers = {
  readonly digits?: number
  /**
   * So many digits of a match stand in a row: between two there are spaces, hyphens, full stops, slashes, low lines and
   * characters outside ASCII only, and of those none of U+4000 to U+9FFF (Han).
   */
  readonly joined?: true
  readonly at?: number
  readonly wide?: number
  /**
   * The text holds fifteen ASCII capitals and digits in a row, three full stops each behind an ASCII digit, four colons, or
   * five hyphens.
   */
  readonly code?: true
  /**
   * What a match looks like, so that most texts with digits are never decoded either: every text with a match in it that is
   * made of ASCII, U+3001 to U+9FFF, ！（），：；？ and “”‘’… alone matches this expression. It may match where nothing
   * is found, never the other way round; left out: any text may hold a match. Of literals, classes, `(?:…)`, `|`,
   * `? * + {m,n}`, `^` and `$` only, without flags: it is compiled to an automaton over bytes.
   */
  readonly shape?: RegExp
}

export type Detector = {
  readonly triggers: Triggers
  /** Whether a check (checksum or strict shape) stands behind a match, so that it may overrule what a field is called. */
  readonly checked: boolean
  /** Ordered, disjoint, in range; linear in the length of the text whatever it holds. */
  find(text: string): readonly Span[]
  /** One spelling for all spellings of the same value, for blind indexes; the value itself where it is not recognised. */
  normalize(value: string): string
  /**
   * ASCII that matches this is what `normalize` makes of it, so that a reader can tell without making a string. Of what shapes
   * are made of (`Triggers.shape`). Left out: it cannot be told.
   */
  readonly normal?: RegExp
}

export type DetectorExample = { readonly in: string; readonly finds: readonly string[]; readonly why?: string }

// biome-ignore lint/suspicious/noExplicitAny: as for masks
export type DetectorPlugin<Options = any> = PluginOf<'detector'> & {
  readonly examples: readonly DetectorExample[]
  create(options: Options, keys: KeyRing): Detector
}

// -------------------------------------------------------------------------------------------------------------- format

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

/**
 * What makes a text worth reading for detectors: at least so many digits (Infinity: none read digits), a commercial at,
 * anything outside ASCII, or a code. In bytes, EF leads the full-width ones and counts as a digit and an at.
 */
export type Prefilter = {
  readonly digits: number
  /** Whether the digits have to stand in a row (`Triggers.joined`). */
  readonly joined: boolean
  readonly at: boolean
  readonly wide: boolean
  /** Whether codes are sought (`Triggers.code`). */
  readonly code: boolean
  /** The detectors that have a shape (`Triggers.shape`). If there are any, a text with the above may be looked at for it. */
  readonly shaped: readonly Triggers[]
  /** What makes a text worth reading for the others, if there are detectors of both kinds; else null. */
  readonly shapeless: Prefilter | null
}

/**
 * What `scalar` would do with any string at a place that is not empty, so that a reader may do it itself and say so by
 * `carriedOut`: `keep` it, `redact` it (numbers and booleans as well), `remove` it, cover what is between its ends, or do what
 * `maskBy` says. Not with one that meets the guard or, where there is one, may be structured text (it begins with `{`, `[` or
 * `<` and ends with their counterpart) or hold encoded text (masking/encoded.ts); nor with one that `ends` does not speak of.
 */
export type ByteRule = {
  readonly action: 'keep' | 'redact' | 'remove' | 'mask' | Ends
  /** null: no detector reads the value, nor is it looked into. */
  readonly guard: Prefilter | null
  /**
   * The value says who a person is, and has to be told by `passedRows`. 1 is strongest: of those met in one row since the
   * cursor was last told, the weaker ones may be left out. null: it says nothing.
   */
  readonly person: number | null
  /** ASCII that matches this is its own normalisation, and `personIn` may be asked; left out: that cannot be told. */
  readonly normal?: RegExp
  /** Where the action is `mask`: the `head` of the mask, if it has one. */
  readonly head?: RegExp
}

/** Where a reader keeps strings that were not made. */
export type TextHold = {
  /** UTF-8. Another object once the reader has gone on, with the same in the same places. */
  readonly bytes: Uint8Array
}

/** What becomes of a string by a rule whose action is `mask`. */
export type MaskedValue = {
  readonly outcome: 'text' | 'redact' | 'remove'
  readonly text: string
  /** It counts as its rule does, so that the reader may count it with what else that rule was carried out on. */
  readonly asRule: boolean
  /** Of whom it says who they are, as `person` has it; null: of nobody. */
  readonly person: object | null
}

/** What became of rows since the cursor was last told, where a reader carries byte rules out on its own. */
export type RowProgress = {
  /** Whether the row that was under way has ended, and whether byte rules were carried out in it. */
  readonly ended: boolean
  readonly typed: boolean
  /** Rows in which byte rules were carried out, that began and ended since. */
  readonly more: number
  /** Whether byte rules were carried out in the row that is under way now; outside all rows. */
  readonly typedNow: boolean
  readonly typedOutside: boolean
  /**
   * What `person` made of the values that say who a person is, in order, each time one was met; null where a row ended in
   * which there were such. These rows are neither the one that `ended` nor among `more`.
   */
  readonly people: readonly (object | null)[]
  /** The same of those outside all rows. */
  readonly peopleOutside: readonly object[]
  /** Array elements around the reader now. */
  readonly nesting: number
}

/**
 * The plan of fields as a reader walks it. A reader names what it passes; the cursor says what to do. It makes no
 * string of a name or value that nothing will be done with.
 *
 * Rules for a reader: offer every name of an object by `member` or `memberNamed`, every element of an array between
 * `beginElement` and `endElement`, and every scalar exactly once, unless it stands inside something removed whole.
 */
export type FieldCursor = {
  readonly limits: ReadLimits
  /** The columns of a table without a header, as the route declares them; absent: the table has a header. */
  readonly columns?: readonly string[]
  /** The place of the document's root value. */
  readonly root: Place
  /** The place of a member, named by UTF-8 bytes without escapes. Sets `keyIsPersonal`. */
  member(parent: Place, bytes: Uint8Array, from: number, to: number): Place
  /** The same for a name that had to be unescaped or decoded. */
  memberNamed(parent: Place, name: string): Place
  /** Whether any path of the plan has this name in it. Where not, its member stands where that of any other such name does. */
  namesField(name: string): boolean
  /** Whether a detector found personal information in the name last offered: then ask `key`. */
  readonly keyIsPersonal: boolean
  /** What the name last offered says of values beside its own; for readers of bodies that describe themselves. */
  readonly roles: Role
  /**
   * The place of a member of `parent` that labels name, and that no name does: `{"label":"姓名","value":"张三"}`. Of several
   * labels the strictest counts; where the plan knows none, it is that of a member whose name nobody knows.
   */
  described(parent: Place, labels: readonly string[]): Place
  /** What a name that is personal becomes. `ordinal` counts such names in one object, from 1. */
  key(name: string, ordinal: number): Outcome
  element(parent: Place, index: number): Place
  beginElement(): void
  endElement(): void
  /**
   * For formats that have no arrays (XML): an element begins that is a row if another of its name beside it is one of
   * several. To be called for each element, in place of `beginElement` and `endElement`.
   */
  beginSibling(name: string): void
  endSibling(): void
  /** Where the member at this place stands if it is the one at `index` of several by its name: itself and an array's element. */
  repeated(place: Place, index: number): Place
  treatment(place: Place): Treatment
  /** The fewest digits with which any detector that needs digits can match. */
  readonly digitsNeeded: number
  /** Prefilter for `read` places: whether any detector could match in these bytes. May say yes wrongly, never no wrongly. */
  mayMatch(bytes: Uint8Array, from: number, to: number): boolean
  /** Decides one scalar and counts it. `text` is the decoded string, or the number as it was written. */
  scalar(place: Place, text: string, kind: ScalarKind): Outcome
  /** Counts a value that goes as a whole without being read (a container, or null, at a `remove` place). */
  removed(place: Place): void
  /**
   * A reader for a part of this body that is a body of its own and stands at `place`: by its label and first bytes, as for
   * a whole one. null: no format reads it.
   */
  part(place: Place, mediaType: string | null, head: Uint8Array): Reader | null
  /** What the last `text` outcome of `scalar` or `key` became. */
  readonly replacement: string
  /** The spans of the text that the last `text` outcome of `scalar` replaced; null where it replaced the text as a whole. */
  readonly edits: readonly Edit[] | null

  // For readers that can look ahead in a body; of others every object counts as one that was too large to wait for.
  /** Whether rules of the plan look at what objects hold: then each object is to be settled before its first member is offered. */
  readonly waits: boolean
  /** How far a reader looks ahead for the end of an object, in bytes. */
  readonly lookAhead: number
  /** Whether a scalar of this name in an object at this place bears on such a rule. */
  decides(parent: Place, name: string): boolean
  /** The place of an object, by those of its own scalars that decide. `whole`: it has no others. */
  settle(place: Place, scalars: readonly (readonly [name: string, text: string])[], whole: boolean): Place

  // For readers that work without asking for each name and value; others need none of these.
  /**
   * The same object for all bodies for which the cursor says the same: of `member` (unless the name is personal), of
   * `treatment`, `looksThrough`, `byteRule` and `prefilter`. A reader may remember under it what was said.
   */
  readonly plan: object
  /** What `mayMatch` looks for. */
  readonly prefilter: Prefilter
  /** Whether every element of an array at this place stands where the array stands. */
  looksThrough(place: Place): boolean
  /** For strings at a `mask` place; null: offer each. */
  byteRule(place: Place): ByteRule | null
  carriedOut(what: ByteRule | MaskedValue, times: number): void
  /** Someone of whom a string says who they are, by a rule that was carried out on it; to be asked once for each string. */
  person(rule: ByteRule, text: string): object
  /** The same of ASCII that matches the rule's `normal`: so many bytes of a hold, in which no other string of the rule is alike. */
  personIn(rule: ByteRule, hold: TextHold, from: number, length: number): object
  /** What the rule makes of a string, wherever in the body it stands; nothing is counted by it. */
  maskBy(rule: ByteRule, text: string): MaskedValue
  /** Array elements around the reader; 0 unless it reads inside a value of another body. */
  readonly nesting: number
  /** Takes the place of `beginElement` and `endElement`; to be called before `scalar`, `key` and `removed`. */
  passedRows(progress: RowProgress): void
}

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
  /** Whether a text inside a value is a whole body of this format. Left out: it is never read inside values. */
  fits?(text: string): boolean
  create(options: object): (fields: FieldCursor, label?: BodyLabel) => Reader
}

// ------------------------------------------------------------------------------------------------------------ identity

/** A request as an identity sees it: names in lower case; a name that came more than once has all its values. */
export type RequestHead = {
  readonly method: string
  readonly headers: Readonly<Record<string, readonly string[]>>
  /** As it was sent (RFC 9112 3.2). */
  readonly target: string
}

/** The other end of the connection. */
export type Peer = {
  /** The caller's, after the trusted hops. Normal form, as is `socket`. */
  readonly address: string
  /** Of the connection's other end: a proxy's, where one stands in front. */
  readonly socket: string
  /** The caller's port; null where a proxy stands in front. */
  readonly port: number | null
  /** Whether callers reach the gateway by https. */
  readonly secure: boolean
  /** The certificate the connection was made with, its chain checked; null: none. The same object for one connection. */
  certificate(): X509Certificate | null
}

/** Who an identity has found. What it says beyond the consumer comes from whoever vouches for the caller. */
export type Caller = {
  readonly consumer: string
  /** The login of the person behind the request. */
  readonly operator?: string
  /** Groups or roles the caller has; `audiences` of the consumer makes an audience of one. */
  readonly roles?: readonly string[]
  /** Whether more than something copied was shown: a key was used, or a second factor. */
  readonly strong?: boolean
  /** What the request's body must hash to. */
  readonly bodyDigest?: BodyDigest
  /** What this caller must not have shown before: the core sees to it, for ten minutes, in all processes of the gateway. */
  readonly once?: string
}

export type BodyDigest = { readonly algorithm: 'sha256' | 'sha512'; readonly value: Uint8Array }

/** Credentials were looked for and are missing: how to present them (the value of WWW-Authenticate, RFC 9110 11.6.1). */
export type Challenge = { readonly challenge: string }

/** Whoever vouches for callers cannot be asked now; try again after so many seconds. */
export type Unavailable = { readonly unavailable: number }

/** A browser has to go somewhere before it can be known, or has just come back; values of Set-Cookie with it. */
export type Elsewhere = { readonly location: string; readonly cookies: readonly string[] }

export type IdentityAnswer = Caller | Challenge | Unavailable | Elsewhere

/**
 * null: this identity sees no credentials of its kind. A throw: credentials there are, and they are refused. A promise
 * only where something has to be waited for: most requests come with what is known already.
 */
export type Identify = (request: RequestHead, peer: Peer) => IdentityAnswer | null | Promise<IdentityAnswer | null>

/** A request to a system, by a consumer that is known already. */
export type SystemRequest = {
  readonly consumer: string
  readonly system: string
  readonly method: string
  /** Under the system, in the one normal form. */
  readonly path: string
  /** Values of the Cookie header as they came. */
  readonly sent: readonly string[]
  /** The value of a cookie as the system has it; null: the caller did not send it. */
  cookie(name: string): string | null
  /** Whether callers reach the gateway by https. */
  readonly secure: boolean
}

/** What the system says to it. */
export type SystemAnswer = {
  readonly status: number
  readonly location: string | null
  /** Cookies that it sets, as it has them; null: it takes that one away. */
  readonly cookies: ReadonlyMap<string, string | null>
}

export type Learner = {
  /** The login of the person behind a request; null: nobody knows. */
  operator(request: SystemRequest): string | null
  /** The field of the form with the login, where this request is a try to sign in; else null. */
  field(request: SystemRequest): string | null
  /** `login`: of that form, in the shape of a login; null: there is none. Returns values of Set-Cookie to go with the answer. */
  answered(request: SystemRequest, login: string | null, answer: SystemAnswer): readonly string[]
}

/** `options.consumers` holds what each consumer declares under the plugin's name; of one that nobody declares, nothing is asked. */
// biome-ignore lint/suspicious/noExplicitAny: as for masks
export type IdentityPlugin<Options = any> = PluginOf<'identity'> & {
  create(options: Options, keys: KeyRing): Identify
  /** Of an identity that learns who the person is from a system's answers: it tells that alone, and never which consumer calls. */
  learn?(options: Options, keys: KeyRing): Learner
  /** What is wrong with the declarations beyond their shape, and in whose; null: nothing. */
  check?(options: Options): { readonly consumer: string; readonly words: Bilingual } | null
  /** Headers it reads beyond Authorization and Cookie, in lower case: they may come once, and not as hop-by-hop ones. */
  headers?(options: Options): readonly string[]
}

// ------------------------------------------------------------------------------------------------------------ notifier

/** What somebody is told: names and numbers, as they are on record. */
export type Notice = {
  /** The same in each attempt to tell it. */
  readonly id: string
  /** UTC, as in records: of what is told. */
  readonly time: string
  /** The rule. */
  readonly rule: string
  /** A sentence in both languages, on one line. */
  readonly words: Bilingual
  readonly consumer: string | null
  readonly operator: string | null
  readonly address: string | null
  readonly amount: number
  readonly limit: number
  /** `log:seq` of the record it is about. */
  readonly record: string
}

/** Resolves once whoever is told has taken it; rejects otherwise, and is then tried again. Ends when the signal says so. */
export type Notify = (notice: Notice, signal: AbortSignal) => Promise<void>

/**
 * Tells people elsewhere. An option whose name ends in `_file` is given as a path and handed to `create` as that file's
 * text: for all that is secret.
 */
// biome-ignore lint/suspicious/noExplicitAny: as for masks
export type NotifierPlugin<Options = any> = PluginOf<'notifier'> & {
  create(options: Options): Notify
}

/** The list the core is handed; the core itself imports no plugin. */
export type Plugins = {
  readonly masks: readonly MaskPlugin[]
  readonly detectors: readonly DetectorPlugin[]
  readonly formats: readonly FormatPlugin[]
  readonly identities: readonly IdentityPlugin[]
  readonly notifiers: readonly NotifierPlugin[]
}
