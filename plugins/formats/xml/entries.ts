/**
 * Maps as libraries write them without a word that labels: the first of two elements is the key of the second, as in XStream's
 * `<entry><string>xm</string><string>张三</string></entry>` and Java's `<void method="put">`; in property lists each `key` of a `dict` is that of what comes next.
 * And columns with another name than their attributes have: `<s:AttributeType name="c0" rs:name="姓名"/>` of ADO's recordsets.
 */
import { longestLabel } from '../roles.ts'
import { type StartTag, valueIn } from './tag.ts'

const entries: ReadonlySet<string> = new Set(['entry', 'void'])

/** Whether elements of this name hold keys and what they are of. */
export function holdsEntries(local: string): boolean {
  return local === 'dict' || entries.has(local)
}

/** Whether an element is the key of the next, by what it is in, and how many elements stand there before it. */
export function isKey(local: string, around: string, before: number): boolean {
  // An entry of a feed begins with its title, an id or an address.
  return around === 'dict' ? local === 'key' : local === 'string' && before === 0 && entries.has(around)
}

/** What the attributes of rows stand for that have a column's own name, and what the column is called. */
export type Aliases = Map<string, string>

const mostAliases = 1024

/** Takes up what the tag at `start` says of a column. */
export function takeAlias({ local, attributes }: StartTag, bytes: Buffer, start: number, aliases: Aliases): void {
  if (local !== 'AttributeType' || attributes.length < 2 || aliases.size >= mostAliases) return
  const named = attributes.filter(one => one.local === 'name')
  const own = named.find(({ prefix }) => prefix === '')
  const shown = named.find(({ prefix }) => prefix !== '')
  if (own === undefined || shown === undefined) return
  const called = valueIn(bytes, start, shown)
  if (called.length <= longestLabel) aliases.set(valueIn(bytes, start, own), called)
}
