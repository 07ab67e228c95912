/**
 * Keys that are rotated. Each generation is a file of its own, `NAME.GENERATION.key`, made once; the newest is current. A
 * new generation says for how many days the one before it is still read. Nothing is derived from the master key here,
 * so that a generation that is destroyed is gone.
 */
import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyFault, keyWords, makeKeyFile, overwriteKeyFile, readKeyFile, replaceKeyFile } from './key-files.ts'

/** The purposes (see KeyRing) whose keys are rotated, by the name of their files. Those of all others come from the master key. */
export const rotated: ReadonlyMap<string, string> = new Map([
  ['mask-token', 'mask:token'],
  ['mask-ff1', 'mask:ff1'],
  ['mask-hmac', 'mask:hmac'],
  ['mask-fake-name', 'mask:fake_name'],
  ['cookie-seal', 'cookie seal'],
])

export type Generation = {
  readonly name: string
  /** From 1. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly made: number
  /** For how many days from then the generation before it is read. */
  readonly overlapDays: number
  /** Since when it is read no more, whatever the overlap; and since when it is gone. */
  readonly ended: number | null
  readonly destroyed: number | null
  /** 32 bytes; null where it is destroyed. */
  readonly secret: Uint8Array | null
}

/** `readable`: not used for anything new, but what it made comes back. `retired`: nothing does. */
export type KeyState = 'current' | 'readable' | 'retired' | 'destroyed'

const day = 86_400_000
const nameOfFile = /^([a-z0-9-]{1,32})\.([1-9]\d{0,5})\.key$/

/** All generations of all keys, by name, newest first. Throws KeyFault on a file that is damaged or open to others. */
export async function readGenerations(directory: string): Promise<ReadonlyMap<string, readonly Generation[]>> {
  const found = new Map<string, Generation[]>([...rotated.keys()].map(name => [name, []]))
  for (const file of await readdir(directory)) {
    const match = nameOfFile.exec(file)
    const list = match === null ? undefined : found.get(match[1]!)
    if (list === undefined) continue
    const path = join(directory, file)
    const text = await readKeyFile(path)
    if (text !== null) list.push(parse(path, text, match![1]!, Number(match![2])))
  }
  for (const list of found.values()) list.sort((a, b) => b.number - a.number)
  return found
}

/**
 * Until when a generation is read, in milliseconds since 1970; null: it is current. `granted`: days at most, whatever a new
 * generation says (`key_overlap_days`).
 */
export function readUntil(
  newestFirst: readonly Generation[],
  one: Generation,
  granted = Number.POSITIVE_INFINITY,
): number | null {
  const next = newestFirst[newestFirst.indexOf(one) - 1]
  if (next === undefined) return null
  const overlap = next.made + Math.min(next.overlapDays, granted) * day
  return one.ended === null ? overlap : Math.min(overlap, one.ended)
}

/** What it is good for at `now`; `granted` as `readUntil` takes it. */
export function stateOf(newestFirst: readonly Generation[], one: Generation, now: number, granted?: number): KeyState {
  if (one.secret === null) return 'destroyed'
  const until = readUntil(newestFirst, one, granted)
  return until === null ? 'current' : now < until ? 'readable' : 'retired'
}

/** Makes the next generation, or the first. Null: somebody else made it at the same moment. */
export async function makeGeneration(
  directory: string,
  name: string,
  { number, overlapDays, now }: { number: number; overlapDays: number; now: number },
): Promise<Generation | null> {
  const secret = new Uint8Array(randomBytes(32))
  const made = { name, number, made: now, overlapDays, ended: null, destroyed: null, secret }
  return (await makeKeyFile(pathOf(directory, made), render(made))) ? made : null
}

/** Ends the overlap of a generation that is not current. */
export async function endGeneration(directory: string, one: Generation, now: number): Promise<void> {
  await replaceKeyFile(pathOf(directory, one), render({ ...one, ended: now }))
}

/** Takes the secret away for good; the file stays to say so. */
export async function destroyGeneration(directory: string, one: Generation, now: number): Promise<void> {
  const gone = { ...one, ended: one.ended ?? now, destroyed: now, secret: null }
  await overwriteKeyFile(pathOf(directory, one), render(gone))
}

function pathOf(directory: string, { name, number }: Pick<Generation, 'name' | 'number'>): string {
  return join(directory, `${name}.${number}.key`)
}

function render({ name, number, made, overlapDays, ended, destroyed, secret }: Generation): string {
  return JSON.stringify({
    v: 1,
    key: name,
    generation: number,
    made: new Date(made).toISOString(),
    overlap_days: overlapDays,
    ended: ended === null ? null : new Date(ended).toISOString(),
    destroyed: destroyed === null ? null : new Date(destroyed).toISOString(),
    secret: secret === null ? null : Buffer.from(secret).toString('base64url'),
  })
}

function parse(path: string, text: string, name: string, number: number): Generation {
  const damaged = new KeyFault(keyWords.damaged(path))
  let read: Record<string, unknown>
  try {
    read = JSON.parse(text)
  } catch {
    // the parser's own words quote what it was given
    throw damaged
  }
  if (typeof read !== 'object' || read === null || read['v'] !== 1) throw damaged
  if (read['key'] !== name || read['generation'] !== number) throw damaged
  const [made, ended, destroyed] = [read['made'], read['ended'], read['destroyed']].map(timeOf)
  const secret = typeof read['secret'] === 'string' ? Buffer.from(read['secret'], 'base64url') : null
  const overlapDays = read['overlap_days']
  if (made === undefined || made === null || ended === undefined || destroyed === undefined) throw damaged
  if (typeof overlapDays !== 'number' || !(overlapDays >= 0 && overlapDays <= 36_500)) throw damaged
  if (secret === null ? destroyed === null : secret.length !== 32 || destroyed !== null) throw damaged
  return { name, number, made, overlapDays, ended, destroyed, secret: secret === null ? null : new Uint8Array(secret) }
}

/** undefined: it is no time. */
function timeOf(value: unknown): number | null | undefined {
  if (value === null) return null
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
