/** What the `keys` commands have in common: where keys and records are, and that no key changes unrecorded. */
import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { KeyFault, makeKeyFolder } from '../../access/key-files.ts'
import { type Generation, readGenerations, rotated } from '../../access/key-generations.ts'
import type { Bilingual } from '../../contracts.ts'
import type { KeyDraft } from '../../records/entry.ts'
import { openRecordLog } from '../../records/log/open.ts'
import { exit, type Io, say, UsageError } from '../command.ts'
import { installedConfig } from '../installed-config.ts'
import { parse } from '../options.ts'
import { whoRuns } from '../who-runs.ts'

export type Places = {
  readonly keys: string
  readonly records: string
  /** Days at most that an older key is read, as gateway.yaml grants them; null: no gateway.yaml was read. */
  readonly overlapDays: number | null
}
export type Values = Readonly<Record<string, string | boolean | undefined>>

const placeOptions = { config: { type: 'string' }, keys: { type: 'string' }, records: { type: 'string' } } as const
export const placesUsage = `--config FILE  says where keys and records are; gateway.yaml in this folder if left out
      --keys DIR --records DIR  instead of --config`

const words = {
  where: {
    zh: '请用 --config 指明 gateway.yaml，或同时给出 --keys DIR 与 --records DIR。',
    en: 'Name gateway.yaml by --config, or give both --keys DIR and --records DIR.',
  },
  name: (names: readonly string[]): Bilingual => ({
    zh: `请写出一把可轮换的密钥：${names.join('、')}。`,
    en: `Give the name of one key that is rotated: ${names.join(', ')}.`,
  }),
  generation: {
    zh: '请写出密钥的一代，如 mask-token.1；veilgate keys list 列出全部。',
    en: 'Give one generation of a key, such as mask-token.1; veilgate keys list shows them all.',
  },
  unrecorded: {
    zh: '记录无法写入，因此密钥没有变动。请检查记录文件夹的权限与磁盘空间，或稍后再试。',
    en: 'The records folder cannot be written, so no key was changed. Check its permissions and disk space, or try again.',
  },
}

/** Parses a command line; `options` beside those that say where keys and records are. */
export function readLine(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>> = {},
): { values: Values; positionals: readonly string[] } {
  const all = { ...placeOptions, ...options }
  const { values, positionals } = parse(() => parseArgs({ args: [...args], options: all, allowPositionals: true }))
  return { values: values as Values, positionals }
}

/** Where keys and records are; or the exit status, with what is wrong printed. */
export async function findPlaces(values: Values, io: Io): Promise<Places | number> {
  const { config: file, keys, records } = values
  if (typeof keys === 'string' || typeof records === 'string') {
    if (typeof keys !== 'string' || typeof records !== 'string' || file !== undefined) throw new UsageError(words.where)
    return { keys: resolve(io.cwd, keys), records: resolve(io.cwd, records), overlapDays: null }
  }
  const config = await installedConfig(typeof file === 'string' ? file : undefined, io, words.where)
  if (typeof config === 'number') return config
  return { keys: config.keys, records: config.records, overlapDays: config.keyOverlapDays }
}

/** The one name of a rotated key among the arguments. */
export function keyNamed(positionals: readonly string[]): string {
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0 || !rotated.has(name)) throw new UsageError(words.name([...rotated.keys()]))
  return name
}

/** The generation that `mask-token.1` names, with all of its key, newest first. */
export async function generationNamed(
  directory: string,
  positionals: readonly string[],
): Promise<{ one: Generation; all: readonly Generation[] }> {
  const [named, ...more] = positionals
  const match = /^([a-z0-9-]+)\.(\d+)$/.exec(named ?? '')
  if (match === null || more.length > 0) throw new UsageError(words.generation)
  const all = (await readGenerations(directory)).get(match[1]!) ?? []
  const one = all.find(({ number }) => number === Number(match[2]))
  if (one === undefined) throw new UsageError(words.generation)
  return { one, all }
}

/** What is wrong with the folder itself is said before anything is recorded. */
export async function checkFolder(directory: string): Promise<void> {
  await makeKeyFolder(directory)
}

/** Whether it is durable on record what is about to be done to a key; if not, says so. */
export async function recordKey(
  directory: string,
  io: Io,
  entry: Pick<KeyDraft, 'action' | 'purpose' | 'name'>,
): Promise<boolean> {
  try {
    const log = await openRecordLog({ directory, log: 'cli-keys', holds: 'log' })
    try {
      await log.append([{ kind: 'key', ...entry, operator: whoRuns() }])
    } finally {
      await log.close()
    }
    return true
  } catch {
    io.stderr(`${say(words.unrecorded, io.lang)}\n`)
    return false
  }
}

/** Runs a command's work; a key that cannot be used is said in words. */
export async function orKeyFault(io: Io, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof KeyFault)) throw error
    io.stderr(`${say(error.words, io.lang)}\n`)
    return exit.unable
  }
}

/** A text file of bounded size; null where it cannot be read or is larger. */
export async function readText(path: string, largest: number): Promise<string | null> {
  try {
    const { size } = await stat(path)
    if (size > largest) return null
    const file = await open(path, 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(largest + 1), 0, largest + 1, 0)
      return bytesRead > largest ? null : buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}
