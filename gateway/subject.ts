/**
 * People as records name them: blind indexes of the values that say who they are, the strongest first, and the forms in which
 * each was shown. `partial.clear-partial=fLhoPkMpZ862my2B,BbPba89DbUFrpnpl` are two people, each known by two values, of which the
 * first was shown in part, the second in clear and in part. Where all values of a person were shown alike, that is said once.
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

/** People one after the other who were shown alike. */
export type Run = {
  readonly forms: string
  /** Of each what is kept of the blind indexes of their values, one behind the other, the strongest first. */
  readonly people: readonly string[]
}

/** What stands before the people of a run. Neither this nor what is between them needs to be escaped in JSON. */
export const behindForms = '='
export const betweenAlike = ','

/**
 * A person as text, a run of one. `indexes`: what is kept of the blind index of each value, the strongest first. `also`: the forms
 * of those behind it, at most `mostAlso`.
 */
export function personText(indexes: string, first: ShownAs, also: readonly ShownAs[] = []): string {
  return `${formsText(first, also)}${behindForms}${indexes}`
}

/** A string of a record's `index`; also one for each person, `fLhoPkMp:partial`, as records had them once. */
export function runOf(text: string): Run {
  const end = text.indexOf(behindForms)
  if (end >= 0) return { forms: text.slice(0, end), people: text.slice(end + 1).split(betweenAlike) }
  const [indexes = '', ...forms] = text.split(':')
  return { forms: forms.join(':'), people: [indexes.length === lengthBefore ? shortIndex(indexes) : indexes] }
}

/** The blind indexes of a person in a run; the first stands for them. */
export function indexesOf(person: string): string[] {
  return Array.from({ length: Math.ceil(person.length / indexLength) }, (_, nth) =>
    person.slice(nth * indexLength, (nth + 1) * indexLength),
  )
}

/** The people in a string of a record's `index`. */
export function parsePeople(text: string): Person[] {
  const { forms, people } = runOf(text)
  const shown = forms.split('.').map((form): ShownAs => {
    const [mostVisible, strictest = mostVisible] = form.split('-') as [Form, Form?]
    return { mostVisible, strictest }
  })
  return people.map(person => {
    const [first, ...also] = indexesOf(person).map((index, nth): Shown => ({ index, ...(shown[nth] ?? shown[0]!) }))
    return { ...first!, also }
  })
}

/** The `forms` of a run of such people. */
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

const formsOfValue = `${formWord}(?:-${formWord})?`
const formsPattern = new RegExp(`^${formsOfValue}(?:\\.${formsOfValue}){0,${mostAlso}}$`)
const personPattern = new RegExp(`^(?:[A-Za-z0-9_-]{${indexLength}}){1,${1 + mostAlso}}$`)

/** Whether it is nothing but forms and blind indexes: a form for each value, or one for all. */
export function isRun({ forms, people }: Run): boolean {
  if (!formsPattern.test(forms)) return false
  const many = forms.split('.').length
  return people.every(one => personPattern.test(one) && (many === 1 || many * indexLength === one.length))
}
