/** A leaked list as it comes: lines of text, CSV or a workbook, in UTF-8 or GB18030. Nothing of it is kept or printed. */
import { createHash, randomBytes } from 'node:crypto'
import type { Bilingual } from '../../contracts.ts'
import { normalized } from '../../masking/normalized.ts'
import { normalizeName } from '../../policy/names.ts'
import type { DataType, Policy } from '../../policy/policy.ts'
import { readRows } from './sheet-rows.ts'
import { peopleIn } from './trace-sentences.ts'

/** Values that say who one person is: normalised, by data type. */
export type Listed = readonly { readonly type: string; readonly value: string }[]

export type ReadList = {
  readonly people: readonly Listed[]
  /** Rows in which nothing says who somebody is. */
  readonly blank: number
}

export type ListOptions = {
  /** The type of all values, where the list has one column without a name. */
  readonly type: string | null
  /** Types of columns, by name or by number from 1. */
  readonly columns: ReadonlyMap<string, string>
}

/**
 * The people of a list, each once. A row is one person; its columns have the types that are said, else those the
 * catalogue has for their names, else what a detector finds a whole value to be. A row that has none of this is read as running
 * text. Throws what a malformed workbook throws.
 */
export async function readList(bytes: Buffer, policy: Policy, { type, columns }: ListOptions): Promise<ReadList> {
  const rows = await readRows(bytes)
  const types = [...policy.catalogue.values()]
    .filter(one => one.identifies !== null)
    .sort((one, other) => one.identifies! - other.identifies!)
  const header = (rows[0] ?? []).map(name => columns.get(name.trim()) ?? typeByName(types, name))
  const isHeader = header.some(name => name !== undefined)
  const people = new Map<string, Listed>()
  let blank = 0
  for (const row of isHeader ? rows.slice(1) : rows) {
    const person = row.flatMap((text, at) => {
      const named = type ?? columns.get(String(at + 1)) ?? (isHeader ? header[at] : undefined)
      const found = named === undefined ? typeByValue(types, text) : policy.catalogue.get(named)
      const value = found === undefined ? '' : valueIn(found, text.trim())
      return value === '' ? [] : [{ type: found!.name, value }]
    })
    const found = person.length > 0 ? [person] : row.flatMap(text => peopleIn(text, types))
    for (const one of found) people.set(JSON.stringify(one), one)
    if (found.length === 0 && row.some(text => text.trim() !== '')) blank++
  }
  return { people: [...people.values()], blank }
}

/**
 * How a list was read, so that nobody takes for an answer that what was looked for could not be found: values that are masked are
 * none, and what many share, as names, is in the records only where its row had nothing stronger.
 */
export function tellOf({ people, blank }: ReadList, { catalogue }: Policy): Bilingual[] {
  const counts = new Map<string, number>()
  for (const { type } of people.flat()) counts.set(type, (counts.get(type) ?? 0) + 1)
  const isWeak = ({ type }: Listed[number]) => catalogue.get(type)!.identifies! >= sharedByMany
  const weak = people.filter(person => person.every(isWeak)).length
  const told = [words.read(people.length, [...counts], type => catalogue.get(type)!.title.zh)]
  if (blank > 0) told.push(words.blank(blank))
  if (weak > 0) told.push(words.weak(weak))
  return told
}

/** What identifies by so much is shared by many: see `identifies` in the catalogue. */
const sharedByMany = 9

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

/**
 * Normalised; empty where the type has a detector that finds none of it in the text: a heading, or something else. Of names,
 * which a detector tells from other words by what stands around them, each counts that nothing covers.
 */
function valueIn({ detector, identifies }: DataType, text: string): string {
  const isFound = detector === null || detector.detector.find(text).length > 0
  if (!isFound && (identifies! < sharedByMany || /[*＊]/.test(text))) return ''
  return normalized(detector?.detector ?? null, text)
}

/** The strongest type whose detector takes all of a text for one value; `types` come strongest first. */
function typeByValue(types: readonly DataType[], text: string): DataType | undefined {
  const whole = text.trim()
  const isAll = ({ detector }: DataType) =>
    detector?.detector.find(whole).some(({ start, end }) => start === 0 && end === whole.length) === true
  return types.find(isAll)
}

const words = {
  read: (
    people: number,
    counts: readonly (readonly [type: string, count: number])[],
    titled: (type: string) => string,
  ): Bilingual => ({
    zh: `名单读作 ${people} 人，其中的值：${counts.map(([type, count]) => `${titled(type)} ${count}`).join('、')}`,
    en: `The list was read as ${people} ${people === 1 ? 'person' : 'people'}, by: ${counts.map(one => one.join(' ')).join(', ')}`,
  }),
  blank: (rows: number): Bilingual => ({
    zh: `${rows} 行没有可供查找的值。已遮盖的值查不到人；列名认不出的请用 --column 名称=类型 指明`,
    en: `Nothing can be looked for in ${rows} ${rows === 1 ? 'row' : 'rows'}. Masked values find nobody; where a column's name is not known, say --column NAME=TYPE`,
  }),
  weak: (people: number): Bilingual => ({
    zh: `${people} 人只有姓名一类许多人相同的值：只有所在行没有更强的值时，它们才写入记录，因此没有找到不等于没有人看过`,
    en: `Of ${people} there ${people === 1 ? 'is' : 'are'} only what many share, as names: it is in the records only where its row had nothing stronger, so finding nothing does not mean that nobody saw them`,
  }),
}
