/** The blind-index keys of past months, for who may open them: by the trace authority's secret key, or the keys folder. */
import { readdirSync } from 'node:fs'
import { readKeyFile } from '../../access/key-files.ts'
import { destroyedText, forgottenText, monthFile, storedMonths } from '../../access/monthly-keys.ts'
import { sealedMonths } from '../../access/sealed-months.ts'
import { openMonth, parseAuthoritySecret } from '../../access/trace-authority.ts'
import { indexUnder } from '../../records/blind-index/blind-index.ts'
import type { PeopleByMonth } from '../../records/query/source.ts'
import { shortIndex } from '../../subject.ts'
import type { Listed } from './trace-list.ts'

/** `personOf`: places on the list, from 1, by blind index. `wanted`: the indexes of each month. */
export type Wanted = { readonly personOf: ReadonlyMap<string, number>; readonly wanted: PeopleByMonth }

/** The blind indexes of a list under the keys of months. */
export function peopleUnder(people: readonly Listed[], { opened }: MonthKeys, months: readonly string[]): Wanted {
  const personOf = new Map<string, number>()
  const wanted = new Map<string, Set<string>>()
  for (const month of months) {
    const ofMonth = new Set<string>()
    for (const key of opened.get(month) ?? []) {
      const index = indexUnder(key)
      for (const [nth, person] of people.entries())
        for (const { type, value } of person) {
          const short = shortIndex(index(type, value))
          personOf.set(short, nth + 1)
          ofMonth.add(short)
        }
    }
    wanted.set(month, ofMonth)
  }
  return { personOf, wanted }
}

export type MonthKeys = {
  /** By month, oldest first; a month can have several, of several gateways. */
  readonly opened: ReadonlyMap<string, readonly Uint8Array[]>
  /** Months whose key is there, and does not open. */
  readonly closed: readonly string[]
}

/** Of the keys that are sealed beside the records. null: `secretText` is no secret key of an authority. */
export async function keysOfAuthority(records: string, secretText: string): Promise<MonthKeys | null> {
  const secret = parseAuthoritySecret(secretText)
  if (secret === null) return null
  const opened = new Map<string, Uint8Array[]>()
  const closed: string[] = []
  for (const sealed of await sealedMonths(records)) {
    const key = openMonth(secret.key, sealed)
    if (key === null) closed.push(sealed.month)
    else opened.set(sealed.month, [key])
  }
  return { opened, closed }
}

/** Of the keys folder: all months where there is no authority, else the current one. Throws KeyFault. */
export async function keysOfFolder(keys: string): Promise<MonthKeys> {
  const opened = new Map<string, Uint8Array[]>()
  const closed: string[] = []
  readdirSync(keys)
  for (const month of storedMonths(keys)) {
    const text = await readKeyFile(monthFile(keys, month))
    if (text === null || text === destroyedText) continue
    if (text === forgottenText) closed.push(month)
    else opened.set(month, [Buffer.from(text, 'base64url')])
  }
  return { opened, closed }
}
