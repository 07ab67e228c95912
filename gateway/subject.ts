/**
 * A person as records name them: blind indexes of the values that say who they are, the strongest first, and the forms
 * in which each was shown. `fLhoPkMpZ862my2B:partial.clear-partial` is known by two values, of which the first was shown
 * in part, the second in clear and in part. Where all were shown alike, that is said once.
 */
import type { Form, TextHold } from './contracts.ts'
import { formWord } from './forms.ts'

/** In which forms one value of a person was shown. */
export type ShownAs = { readonly mostVisible: Form; readonly strictest: Form }

/** What one value of a person was shown as. */
export type Shown = ShownAs & {
  /** What is kept of its blind index. */
  readonly index: string
}

/** A value that says who somebody is, and how it was shown. */
export type PersonalValue = ShownAs & {
  readonly dataType: string
  /** Normalised. Never written anywhere. */
  readonly value: string
  /** Where it stands in UTF-8, if it is at hand: `value` may be dear then. */
  readonly held?: HeldValue
}
export type HeldValue = { readonly hold: TextHold | null; readonly from: number; readonly length: number }

/** Somebody, by the value that stands for them; `also`: others of theirs, the strongest kept, `mostAlso` at most. */
export type KnownPerson = PersonalValue & { readonly also: readonly PersonalValue[] }

/** The people of a body, each once, in the order in which they were met. */
export type People = Iterable<KnownPerson> & {
  readonly length: number
  /** The same as bytes, if that is what they are: then each is made only as it is asked for. */
  readonly ranges?: PeopleRanges
}

/** People of whom each value was shown in one form. */
export type PeopleRanges = {
  readonly count: number
  /**
   * First `bytesOfPerson` for each: of their strongest value and of two others two 32-bit words, little-endian, the number of its
   * kind above its length of 16 bits, and where it begins in these bytes; zeros where there is none. Behind them the values,
   * normalised, in ASCII.
   */
  readonly bytes: Uint8Array
  /** By their numbers, from 1: what a value is and as what it was shown. */
  readonly kinds: readonly ValueKind[]
}
export type ValueKind = { readonly dataType: string; readonly form: Form }
export const bytesOfPerson = 24

/** As records have it: a person's strongest value stands for them; `also`: other values by which they can be found. */
export type Person = Shown & { readonly also: readonly Shown[] }

/** Values by which a person can be found beside the strongest. */
export const mostAlso = 2

/** Characters of base64url: 48 bits. Of a million values in a month, one in 281 million others looks like one by chance. */
export const indexLength = 8
/** One value, and all of its blind index, as records had it once. */
const lengthBefore = 22

/** What is kept of a blind index, to compare others with. */
export function shortIndex(blindIndex: string): string {
  return blindIndex.slice(0, indexLength)
}

/**
 * A person as text. `indexes`: what is kept of the blind index of each value, the strongest first. `also`: the forms of those
 * behind it, at most `mostAlso`.
 */
export function personText(indexes: string, first: ShownAs, also: readonly ShownAs[] = []): string {
  return `${indexes}:${formsText(first, also)}`
}

/** What stands behind the colon. */
export function formsText(first: ShownAs, also: readonly ShownAs[]): string {
  for (const one of also) if (!areAlike(one, first)) return [first, ...also].map(formsOf).join('.')
  return formsOf(first)
}

export function areAlike(one: ShownAs, other: ShownAs): boolean {
  return one.mostVisible === other.mostVisible && one.strictest === other.strictest
}

function formsOf({ mostVisible, strictest }: ShownAs): string {
  return mostVisible === strictest ? mostVisible : `${mostVisible}-${strictest}`
}

/** The blind indexes in such a text, shortened; the first stands for the person. */
export function indexesIn(text: string): string[] {
  const end = text.indexOf(':')
  const all = end < 0 ? text : text.slice(0, end)
  if (all.length === lengthBefore) return [shortIndex(all)]
  return Array.from({ length: Math.ceil(all.length / indexLength) }, (_, nth) =>
    all.slice(nth * indexLength, (nth + 1) * indexLength),
  )
}

export function parsePerson(text: string): Person {
  const forms = text.slice(text.indexOf(':') + 1).split('.')
  const [first, ...also] = indexesIn(text).map((index, nth): Shown => {
    const [mostVisible, strictest = mostVisible] = (forms[nth] ?? forms[0]!).split('-')
    return { index, mostVisible: mostVisible as Form, strictest: strictest as Form }
  })
  return { ...first!, also }
}

const shown = `${formWord}(?:-${formWord})?`
const formsPattern = new RegExp(`^${shown}(?:\\.${shown}){0,${mostAlso}}$`)
/** By what stands behind the indexes: how many forms there are. There are few such texts, and they come with every person. */
const formsKnown = new Map<string, number>()
const mostKnown = 1024
/** The one that came last: most people of an answer are shown alike. */
let last = { text: '', many: 0 }

/** Searching for the first that is none costs less than looking at each, or than matching all. */
const notOfIndex = /[^A-Za-z0-9_-]/

/** Whether it is such a text: a form for each value, or one for all. */
export function isPersonText(text: string): boolean {
  const end = text.search(notOfIndex)
  if (text[end] !== ':') return false
  const isWhole = end > 0 && end <= indexLength * (1 + mostAlso) && end % indexLength === 0
  if (!isWhole && end !== lengthBefore) return false
  const forms = formsIn(text, end + 1)
  return forms === 1 || (forms > 0 && forms * indexLength === end)
}

/** How many forms stand there, from a place to the end; 0 where that is not what stands there. */
function formsIn(text: string, from: number): number {
  if (text.length - from === last.text.length && text.endsWith(last.text)) return last.many
  const forms = text.slice(from)
  const many = formsKnown.get(forms) ?? (formsPattern.test(forms) ? forms.split('.').length : 0)
  if (many === 0) return 0
  if (formsKnown.size >= mostKnown) formsKnown.clear()
  formsKnown.set(forms, many)
  last = { text: forms, many }
  return many
}
