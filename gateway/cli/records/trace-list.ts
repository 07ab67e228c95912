/** A leaked list as it comes: lines of text, CSV or a workbook, in UTF-8 or GB18030. Nothing of it is kept or printed. */
import { createHash, randomBytes } from 'node:crypto'
import { normalized } from '../../masking/normalized.ts'
import { normalizeName } from '../../policy/names.ts'
import type { DataType, Policy } from '../../policy/policy.ts'
import { readRows } from './sheet-rows.ts'

/** Values that say who one person is: normalised, by data type. */
export type Listed = readonly { readonly type: string; readonly value: string }[]

export type ListOptions = {
  /** The type of all values, where the list has one column without a name. */
  readonly type: string | null
  /** Types of columns, by name or by number from 1. */
  readonly columns: ReadonlyMap<string, string>
}

/**
 * The people of a list, each once. A row is one person; its columns have the types that are said, else those the
 * catalogue has for their names, else what a detector finds a whole value to be. Throws what a malformed workbook throws.
 */
export async function readList(bytes: Buffer, policy: Policy, { type, columns }: ListOptions): Promise<Listed[]> {
  const rows = await readRows(bytes)
  const types = [...policy.catalogue.values()].filter(one => one.identifies !== null)
  const header = (rows[0] ?? []).map(name => columns.get(name.trim()) ?? typeByName(types, name))
  const isHeader = header.some(name => name !== undefined)
  const people = new Map<string, Listed>()
  for (const row of isHeader ? rows.slice(1) : rows) {
    const person = row.flatMap((text, at) => {
      const named = type ?? columns.get(String(at + 1)) ?? (isHeader ? header[at] : undefined)
      const found = named === undefined ? typeByValue(types, text) : policy.catalogue.get(named)
      const value = found === undefined ? '' : valueIn(found, text.trim())
      return value === '' ? [] : [{ type: found!.name, value }]
    })
    if (person.length > 0) people.set(JSON.stringify(person), person)
  }
  return [...people.values()]
}

/** What binds an approval to a list: a hash over its values and a salt, so that no value can be guessed from it. */
export function commitment(
  people: readonly Listed[],
  salt: string = randomBytes(16).toString('hex'),
): { readonly list: string; readonly salt: string } {
  const lines = people.flatMap(person => person.map(({ type, value }) => `${type}\0${value}`)).sort()
  return {
    list: createHash('sha256')
      .update(`${salt}\n${lines.join('\n')}`)
      .digest('hex'),
    salt,
  }
}

function typeByName(types: readonly DataType[], text: string): string | undefined {
  const name = normalizeName(text)
  if (name === '') return undefined
  return types.find(one => one.names.some(known => normalizeName(known.name) === name))?.name
}

/** Normalised; empty where the type has a detector that finds none of it in the text: a heading, or something else. */
function valueIn({ detector }: DataType, text: string): string {
  if (detector !== null && detector.detector.find(text).length === 0) return ''
  return normalized(detector?.detector ?? null, text)
}

/** The strongest type whose detector takes all of a text for one value. */
function typeByValue(types: readonly DataType[], text: string): DataType | undefined {
  const whole = text.trim()
  const isAll = ({ detector }: DataType) =>
    detector?.detector.find(whole).some(({ start, end }) => start === 0 && end === whole.length) === true
  return types.filter(isAll).sort((one, other) => one.identifies! - other.identifies!)[0]
}
