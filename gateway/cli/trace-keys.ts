/** The blind-index keys of past months, for who may open them: by the trace authority's secret key, or the keys folder. */
import { readdirSync } from 'node:fs'
import { readKeyFile } from '../access/key-files.ts'
import { destroyedText, forgottenText, monthFile, storedMonths } from '../access/monthly-keys.ts'
import { sealedMonths } from '../access/sealed-months.ts'
import { openMonth, parseAuthoritySecret } from '../access/trace-authority.ts'

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
