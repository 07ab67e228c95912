/** Names of fields in what is asked: values that sort, filter and select, in the languages of queries that frameworks read. */

import { asksByValue, spellingsOf, tellsPart } from './spellings.ts'
import { nameLimit } from './target.ts'
import { decodings, encodedIn } from './texts-in-value.ts'

/** What in a value could be the name of a field. `mayList`: also where it is no more than a list of names, as of modules for a page. */
export function namesIn(name: string, value: string, mayList = true): string[] {
  const found: string[] = []
  for (const reading of [value, ...decodings(value)]) {
    const text = reading.trim()
    if (/^[[{"]/.test(text)) found.push(...namesInJson(text))
    found.push(...comparedIn(text))
    if (!mayList) continue
    for (const [, inside, first] of text.matchAll(inQueryLanguage)) found.push((inside ?? first)!)
    if (path.test(text) || sortsGrid.test(text)) found.push(...wordsOf(text))
    if (asksByValue.test(name) || (isList(text) && !tellsPart.test(name))) found.push(...wordsOf(text))
  }
  found.push(...membersEncodedIn(value))
  // longer than any field's name, and a cost that grows with its square
  return found.filter(word => word.length <= nameLimit).flatMap(spellingsOf)
}

/** What stands in a text where a query compares a field: `tel:138*`, `/Students(tel='139')`. */
export function comparedIn(text: string): string[] {
  return Array.from(text.matchAll(compared), ([, asked]) => asked!)
}

/** `tel:138*`, `tel=138`, `(tel>1)`: queries in a value. */
const compared =
  /(?<![\p{L}\p{N}_.[\]-])([\p{L}_][\p{L}\p{N}_.[\]-]*)['"\s]*(?:[=!~:<>]|\s(?:eq|ne|gt|lt|like|in)\s)/giu

/** `eq(tel,138)`, `lower(tel)`, `(tel.eq.138)`: as RQL, SQL and PostgREST have them. */
const inQueryLanguage =
  /(?:\(\s*|,\s*)['"]?([\p{L}_][\p{L}\p{N}_.[\]-]*)['"]?(?=\s*[,)]|\.(?:n?eq|[gl]te?|i?like|i?match|in|is|not|cs|cd|fts)\.)|^([\p{L}_][\p{L}\p{N}_]*)(?=\.(?:n?eq|[gl]te?|i?like|i?match|in|is|not|cs|cd|fts)\.)/giu

/** `$.rows[?(@.tel)]`, `//tel`: JSONPath and XPath. */
const path = /^\s*(?:\$(?:\.|\[)|\/\/)/

/** How a grid of ASP.NET is told by which column to sort. */
const sortsGrid = /^sort\$/i

/** A value that is nothing but names: `tel`, `-tel,name`, `tel desc`. */
function isList(text: string): boolean {
  return text.length <= 512 && /^[-+!~]?[\p{L}_][\p{L}\p{N}_.[\]-]*(?:[\s:.]+(?:asc|desc))?(?:,|$)/iu.test(text)
    ? text.split(',').every(part => /^\s*[-+!~]?[\p{L}_][\p{L}\p{N}_.[\]-]*(?:[\s:.]+(?:asc|desc))?\s*$/iu.test(part))
    : false
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}_][\p{L}\p{N}_.[\]-]*/gu) ?? []
}

/** Keys and strings at any depth; where it only looks like JSON, all its words. */
function namesInJson(text: string): string[] {
  const found = inJson(text)
  return found === null ? wordsOf(text) : [...found.keys, ...found.strings.flatMap(wordsOf)]
}

export function membersIn(text: string): readonly string[] {
  return /^\s*[[{]/.test(text) ? (inJson(text)?.keys ?? []) : []
}

/** Keys alone: programs hand on in base64 in what order rows come as well, which asks for nobody. */
export function membersEncodedIn(text: string): readonly string[] {
  return (encodedIn(text) ?? []).flatMap(membersIn)
}

/** Keys and strings at any depth; null: it only looks like JSON. */
function inJson(text: string): { readonly keys: readonly string[]; readonly strings: readonly string[] } | null {
  const keys: string[] = []
  const strings: string[] = []
  const waiting: unknown[] = []
  try {
    waiting.push(JSON.parse(text))
  } catch {
    return null
  }
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (typeof next === 'string') strings.push(next)
    else if (typeof next === 'object' && next !== null) {
      keys.push(...Object.keys(next))
      waiting.push(...Object.values(next))
    }
  }
  return { keys, strings }
}
