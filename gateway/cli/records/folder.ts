/** What the `records` commands have in common: their folder, and the record of its being read. */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Bilingual } from '../../contracts.ts'
import type { Draft } from '../../records/entry.ts'
import { filesOf } from '../../records/files/files.ts'
import type { Receipt, RecordLog } from '../../records/log/log.ts'
import { RecordsFault } from '../../records/log/records-fault.ts'
import type { withSource } from '../../records/query/open-source.ts'
import { openReadingLog } from '../../records/reading.ts'
import { zoneIn } from '../../records/zone.ts'
import { isTimezone } from '../../timezone.ts'
import { type Io, say, UsageError, unable } from '../command.ts'

/** Options that each of them takes, for parseArgs. */
export const folderOptions = { records: { type: 'string' }, config: { type: 'string' } } as const
export const folderUsage = `--config FILE   says where the records are; gateway.yaml in this folder if left out
    --records DIR   the folder they are in, whatever gateway.yaml says`

/** For commands that find records by the index. */
export const sourceOptions = { ...folderOptions, scan: { type: 'boolean' } } as const
export const scanUsage =
  '--scan          reads every record instead of asking the index: slow, and certain that none is left out'

/** Entries after which indexing begins to take long enough to be spoken of, and is spoken of again. */
const manyEntries = 500_000

/** How records are read, by the options; says so where the index has much to take in. */
export function sourceBy(scan: boolean, io: Io): Parameters<typeof withSource>[1] {
  let next = manyEntries
  const onProgress = (entries: number): void => {
    if (entries < next) return
    next = entries + manyEntries
    io.stderr(`${say(words.indexing(entries), io.lang)}\n`)
  }
  const onWait = (): void => io.stderr(`${say(words.waiting, io.lang)}\n`)
  return { everything: scan, onProgress, onWait }
}

/**
 * Where the records are: `--records`, or else what gateway.yaml says; or the exit status, with what is wrong there printed.
 * Throws UsageError where neither says it.
 */
export async function recordsOf(
  values: { readonly records?: string; readonly config?: string },
  io: Io,
): Promise<string | number> {
  const places = await placesOf(values, io)
  return typeof places === 'number' ? places : places.records
}

/** The same, with the keys folder of that gateway; null: gateway.yaml was not read. */
export async function placesOf(
  values: Parameters<typeof recordsOf>[0],
  io: Io,
): Promise<{ readonly records: string; readonly keys: string | null } | number> {
  if (values.records !== undefined) return { records: resolve(io.cwd, values.records), keys: null }
  const { installedConfig } = await import('../installed-config.ts')
  const config = await installedConfig(values.config, io, words.nowhere)
  if (typeof config !== 'number') return config
  io.stderr(`${say(words.instead, io.lang)}\n`)
  return config
}

/** The folder as `recordsOf` has it, with logs in it; or the exit status, with what is wrong printed. */
export async function findFolder(values: Parameters<typeof recordsOf>[0], io: Io): Promise<string | number> {
  const directory = await recordsOf(values, io)
  if (typeof directory === 'number') return directory
  const fault = await faultOfFolder(directory)
  return fault === null ? directory : unable(fault, io)
}

/** What is wrong with a folder that should have logs in it; null: it has. */
export async function faultOfFolder(directory: string): Promise<Bilingual | null> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    return { zh: `没有目录 ${directory}。`, en: `There is no folder ${directory}.` }
  try {
    if ((await filesOf(directory)).length > 0) return null
  } catch {
    return { zh: `无权读取目录 ${directory}。`, en: `The folder ${directory} cannot be read.` }
  }
  return {
    zh: `目录 ${directory} 中没有记录文件（*.jsonl）。`,
    en: `The folder ${directory} holds no records (*.jsonl).`,
  }
}

/** `--timezone`; or that of the gateway whose records are in the folder; or the machine's. */
export function timezoneOf(given: string | undefined, folder?: string): string {
  if (given === undefined)
    return (folder === undefined ? null : zoneIn(folder)) ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  if (isTimezone(given)) return given
  throw new UsageError({
    zh: '--timezone 不是时区名；例如 Asia/Shanghai。',
    en: '--timezone is no name of a timezone; for example Asia/Shanghai.',
  })
}

/** Records that somebody reads the records. Where there is nowhere to record it, it says so once, and goes on. */
export type ReadingRecord = { append(draft: Draft): Promise<string | null>; close(): Promise<void> }

/** Opens it; or says why the records must not be read now. */
export async function openReading(directory: string, io: Io): Promise<ReadingRecord | Bilingual> {
  let log: RecordLog | null
  try {
    log = await openReadingLog(directory)
  } catch (error) {
    if (error instanceof RecordsFault) return error.words
    throw error
  }
  const { reader } = io
  // whoever asks from elsewhere cannot copy the files instead
  if (log === null && reader !== undefined) return words.unrecorded
  if (log === null) io.stderr(`${say(words.unrecorded, io.lang)}\n`)
  return {
    append: async draft => {
      const named = reader === undefined || draft.kind !== 'query' ? draft : { ...draft, operator: reader }
      const receipts: Receipt[] | undefined = await log?.append([named])
      return receipts?.[0]?.id ?? null
    },
    close: async () => log?.close(),
  }
}

const words = {
  nowhere: {
    zh: '本目录中没有 gateway.yaml。请用 --config FILE 指明它，或用 --records DIR 指明记录所在的目录。',
    en: 'There is no gateway.yaml in this folder. Name it by --config FILE, or the folder of the records by --records DIR.',
  },
  instead: {
    zh: '用 --records DIR 指明记录所在的目录，则不读取 gateway.yaml。',
    en: 'With --records DIR, the folder of the records, gateway.yaml is not read.',
  },
  waiting: {
    zh: '另一进程正在更新索引，机器较忙；最多等待 30 秒，之后改为逐条读取。结果总是包括最新的记录。',
    en: 'Another process is bringing the index up to date, on a busy machine; after 30 s at most every record is read instead. What is found is up to date in any case.',
  },
  indexing: (entries: number): Bilingual => ({
    zh: `正在建立索引：已读入 ${entries} 条……`,
    en: `Indexing: ${entries} records so far...`,
  }),
  unrecorded: {
    zh: '注意：此目录不可写，本次查阅没有留下记录。',
    en: 'Note: this folder cannot be written to, so that this reading is not on record.',
  },
  damaged: {
    zh: (paths: readonly string[]) =>
      `注意：有内容无法读出，请运行 veilgate records verify。涉及文件：\n  ${paths.join('\n  ')}`,
    en: (paths: readonly string[]) =>
      `Note: some of it cannot be read; run veilgate records verify. In these files:\n  ${paths.join('\n  ')}`,
  },
}

/** What to say of files with lines that are no records. */
export function damagedWords(paths: ReadonlySet<string>, io: Io): string {
  return `${words.damaged[io.lang]([...paths])}\n`
}
