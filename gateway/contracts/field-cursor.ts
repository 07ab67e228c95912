import type {
  ByteRule,
  MaskedValue,
  Prefilter,
  RowProgress,
  SettledPeople,
  SettlingReader,
  TextHold,
} from './by-bytes.ts'
import type { Edit, Outcome, Place, Role, ScalarKind, Treatment } from './places.ts'
import type { Reader, ReadLimits } from './reader.ts'

/** A box of a form: what it is shown with, and the value that it has in the system. */
export type ShownBox = {
  readonly name: string
  /** null: it is not sent as long as nobody chooses anew. */
  readonly shown: string | null
  readonly value: string
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
  /** Whether such a name says what people are, which stands in fields as often as ahead of them (`学生`, `父亲`): by itself it is no label. */
  isOftenValue(name: string): boolean
  /** Whether values at this place are hidden, and no detector would know one: only a name tells what they are. */
  isToldByName(place: Place): boolean
  /** Whether a detector found personal information in the name last offered: then ask `key`. */
  readonly keyIsPersonal: boolean
  /** What the name last offered says of values beside its own; for readers of bodies that describe themselves. */
  readonly roles: Role
  /** Whether a member of this name is a label for values beside it, as `roles` would say of it. */
  isLabel(name: string): boolean
  /** The same of one that has columns of rows beside it. */
  hasColumns(name: string): boolean
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
  /**
   * Several elements of a name stand side by side here, whether the first has ended or not: they may be offered as elements of an array
   * from now on. false: there are too many names to tell, and each is to be offered by itself.
   */
  beginSiblings(name: string): boolean
  /** Where the member at this place stands if it is the one at `index` of several by its name: itself and an array's element. */
  repeated(place: Place, index: number): Place
  treatment(place: Place): Treatment
  /**
   * What the plan says of a place, by which readers tell fields from running text, and what labels name. `treatment` says more where every
   * value is to be offered, whatever it is.
   */
  standing(place: Place): Treatment
  /** Whether values at this place leave otherwise than they came: so must not leave either which of several choices was made. */
  hides(place: Place): boolean
  /** The fewest digits with which any detector that needs digits can match. */
  readonly digitsNeeded: number
  /** Prefilter for `read` places: whether any detector could match in these bytes. May say yes wrongly, never no wrongly. */
  mayMatch(bytes: Uint8Array, from: number, to: number): boolean
  /** Decides one scalar and counts it. `text` is the decoded string, or the number as it was written. */
  scalar(place: Place, text: string, kind: ScalarKind): Outcome
  /**
   * What a state leaves as that a server hides in a page in a field of this name, and wants back with the form: a text that nobody can read.
   * null: it cannot come back as it was, so it is to be emptied.
   */
  sealed(name: string, state: string): string | null
  /** The same of the token of a page, by which a server knows its own forms; null also where no field of this name holds one. */
  sealedToken(name: string, token: string): string | null
  /**
   * A hidden field for a form that is posted to `action`, by which the system gets its own values of boxes back that come back as they
   * were shown masked. null: nothing comes back.
   */
  sealedBoxes(action: string, boxes: readonly ShownBox[]): { readonly name: string; readonly value: string } | null
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
  /** As `scalar` of a string of which the reader knows that the rule says what becomes of it; it need not know ends or heads. */
  carryOut(rule: ByteRule, text: string): Outcome
  /** Someone of whom a string says who they are, by a rule that was carried out on it; to be asked once for each string. */
  person(rule: ByteRule, text: string): object
  /** The same of ASCII that matches the rule's `normal`: so many bytes of a hold, in which no other string of the rule is alike. */
  personIn(rule: ByteRule, hold: TextHold, from: number, length: number): object
  /** What the rule makes of a string, wherever in the body it stands; nothing is counted by it. */
  maskBy(rule: ByteRule, text: string): MaskedValue
  /** Array elements around the reader; 0 unless it reads inside a value of another body. */
  readonly nesting: number
  /**
   * Whether a reader may settle by itself who is in a row, as masking/row-people.ts does: nobody is known so far, and there are
   * no canaries. To be asked anew with each write; of what it settles it tells when it is asked to, and in the end.
   */
  settles(reader: SettlingReader): boolean
  /** Takes whom the reader has settled, if nothing was made of any value by `person` or `personIn` since `forget`. */
  settled(people: SettledPeople): void
  /** Takes the place of `beginElement` and `endElement`; to be called before `scalar`, `key` and `removed`. */
  passedRows(progress: RowProgress): void
}
