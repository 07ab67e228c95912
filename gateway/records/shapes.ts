/**
 * The shapes that strings in a record must have. There is none for free text: what fits no shape cannot be written, so
 * that no message, URL, header or value can get into a record by mistake. Each writer returns JSON text or throws
 * EntryFault, whose message names the key and never the value.
 */
import { isIP } from 'node:net'
import { type ProblemCode, problems } from '../errors.ts'
import { formWord } from '../forms.ts'
import { PeopleText } from './blind-index/people-text.ts'

/** A draft that does not fit its declaration: a bug in the caller. Nothing of it is written. */
export class EntryFault extends Error {
  constructor(kind: string, key: string, what: string) {
    super(`a record of kind ${kind} cannot be written: ${key} ${what}`)
    this.name = 'EntryFault'
  }
}

/** A text to be kept for many lines. Joined, it is one piece; added up, it would be put together again in each. */
export const onePiece = (...parts: readonly string[]): string => parts.join('')

/** Returns JSON text, or null where the value has not the declared shape. `undefined` never gets here. */
export type Shape = (value: unknown) => string | null

/** Names from configuration and statements: letters and digits of any script, joined by a few signs, no spaces. */
export const namePattern = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}._@+:/-]{0,127}$/u
/** References of an authorisation: `WO-2026-0012`, `教办〔2026〕12号`. */
export const referencePattern = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._#/()（）〔〕[\]-]{0,127}$/u
/** A route's template, as the policy writes it. */
export const routePattern = /^\/[^\s\p{C}\p{Z}"\\]{0,1023}$/u
export const logPattern = /^[a-z0-9][a-z0-9-]{0,62}$/
const fieldPattern = /^[\p{L}_][\p{L}\p{N}\p{M}_]{0,63}@[A-D][1-4]$/u
/** A data type that a request asked by; with its cell, and the blind index of what was asked for, where known. */
const searchedPattern = /^[\p{L}_][\p{L}\p{N}\p{M}_]{0,63}(@[A-D][1-4])?(:[A-Za-z0-9_-]{22})?$/u
const recordIdPattern = /^[a-z0-9][a-z0-9-]{0,62}:(?:0|[1-9][0-9]{0,15})$/
const digestPattern = /^sha256:[0-9a-f]{64}$/
const methodPattern = /^[A-Z][A-Z-]{0,31}$/

/** What must not stand raw in a line: controls, line and paragraph separators, invisible direction marks, lone surrogates. */
const unsafe =
  /["\\\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
const unsafeAll = new RegExp(unsafe.source, 'g')

/** A JSON string (RFC 8259) on one line, with everything that could break, hide or reorder a line escaped as `\u`. */
export function quote(text: string): string {
  if (!unsafe.test(text)) return `"${text}"`
  const escaped = text.replace(unsafeAll, found =>
    found === '"' || found === '\\' ? `\\${found}` : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}

/** `pattern`: of a whole text, and of none in which something would have to be escaped. */
const matching =
  (pattern: RegExp): Shape =>
  value =>
    typeof value === 'string' && pattern.test(value) ? `"${value}"` : null

export const name = matching(namePattern)
export const reference = matching(referencePattern)
export const route = matching(routePattern)
export const recordId = matching(recordIdPattern)
export const digest = matching(digestPattern)
export const method = matching(methodPattern)
export const logName = matching(logPattern)
/** Of a person to keep records of: whole, or as records have it. */
export const blindIndex = matching(/^[A-Za-z0-9_-]{8}(?:[A-Za-z0-9_-]{14})?$/)
/** 16 random bytes, as base64url. */
export const randomName = matching(/^[A-Za-z0-9_-]{22}$/)
export const batchHash = matching(/^[A-Za-z0-9_-]{43}$/)
/** Ed25519, as base64. */
export const signature = matching(/^[A-Za-z0-9+/]{86}==$/)
/** A network, or a client certificate by its SHA-256. */
export const terminal = matching(/^(?:[0-9a-f.:]{2,39}\/\d{1,3}|cert:[0-9a-f]{64})$/)
export const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
/** What a grant shows: `cn_resident_id@A4:clear`. */
export const sight = matching(new RegExp(`^[\\p{L}_][\\p{L}\\p{N}\\p{M}_]{0,63}@[A-D][1-4]:${formWord}$`, 'u'))
/** A data type and its cell. */
export const field = matching(fieldPattern)
const searchedType = matching(searchedPattern)

export const address: Shape = value => (typeof value === 'string' && isIP(value) !== 0 ? `"${value}"` : null)
export const flag: Shape = value => (typeof value === 'boolean' ? String(value) : null)
export const count: Shape = value =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? `${value as number}` : null
export const status: Shape = value =>
  Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 999 ? `${value as number}` : null
export const code: Shape = value =>
  typeof value === 'string' && Object.hasOwn(problems, value as ProblemCode) ? quote(value) : null

export const orNull =
  (shape: Shape): Shape =>
  value =>
    value === null ? 'null' : shape(value)

export const oneOf = (words: readonly string[]): Shape => {
  const texts = new Map<unknown, string>(words.map(word => [word, quote(word)]))
  return value => texts.get(value) ?? null
}

/** An array of at most `most` elements. */
export const listOf =
  (shape: Shape, most: number): Shape =>
  value => {
    if (!Array.isArray(value) || value.length > most) return null
    let text = ''
    for (const element of value) {
      const one = shape(element)
      if (one === null) return null
      text += text === '' ? one : `,${one}`
    }
    return `[${text}]`
  }

export const searched = listOf(searchedType, 64)

/** People, at most `most`. */
export const peopleList =
  (most: number): Shape =>
  value => {
    const people = PeopleText.of(value)
    return people === null || people.count > most ? null : people.json
  }

/** An array of exactly two. */
export const pairOf =
  (shape: Shape): Shape =>
  value => {
    if (!Array.isArray(value) || value.length !== 2) return null
    const [one, other] = [shape(value[0]), shape(value[1])]
    return one === null || other === null ? null : `[${one},${other}]`
  }

/** An object with exactly these keys, in this order. */
export const objectOf = (members: Readonly<Record<string, Shape>>): Shape => {
  const shapes = Object.entries(members)
  return value => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length !== shapes.length) return null
    let text = ''
    for (const [key, shape] of shapes) {
      if (!Object.hasOwn(value, key)) return null
      const one = shape((value as Record<string, unknown>)[key])
      if (one === null) return null
      text += `${text === '' ? '' : ','}"${key}":${one}`
    }
    return `{${text}}`
  }
}
