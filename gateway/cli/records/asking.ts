/** What commands that ask the records have in common: a folder or a copy in PostgreSQL, and the record of the asking. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PostgresSettings } from '../../config/config.ts'
import { parsePostgresUrl, tlsByDefault } from '../../config/postgres.ts'
import type { Bilingual } from '../../contracts.ts'
import { forgetIndex } from '../../records/index/indexing.ts'
import { asking, connect, DatabaseFault } from '../../records/postgres/connect.ts'
import { readingInPostgres } from '../../records/postgres/reading.ts'
import { PostgresSource } from '../../records/postgres/source.ts'
import { checkVersion } from '../../records/postgres/tables.ts'
import { withSource } from '../../records/query/open-source.ts'
import type { RecordSource } from '../../records/query/source.ts'
import { localTime } from '../../records/query/when.ts'
import { exit, type Io, say, UsageError, unable } from '../command.ts'
import {
  damagedWords,
  faultOfFolder,
  folderUsage,
  openReading,
  type ReadingRecord,
  recordsOf,
  scanUsage,
  sourceBy,
  sourceOptions,
  timezoneOf,
} from './folder.ts'

export const askingOptions = {
  ...sourceOptions,
  postgres: { type: 'string' },
  'postgres-ca': { type: 'string' },
} as const
export const askingUsage = `${folderUsage}
    ${scanUsage}
    --postgres WHAT a copy of the records in its place: postgres://USER@HOST/DATABASE, or a file with such an address
                    and the password; else the password is PGPASSWORD
    --postgres-ca FILE  PEM: authorities that vouch for the database`

type Values = {
  readonly records?: string
  readonly config?: string
  readonly scan?: boolean
  readonly postgres?: string
  readonly 'postgres-ca'?: string
  readonly timezone?: unknown
}

/** What the options name, and the timezone in which it is asked. */
export type Place = { readonly timezone: string } & (
  | { readonly records: string; readonly scan: boolean }
  | { readonly copy: PostgresSettings }
)

/** `folder`: where the files are; null: there are none here. */
export type Asked = {
  readonly source: RecordSource
  readonly reading: ReadingRecord
  readonly folder: string | null
}

/**
 * The folder or copy that the options name; or the exit status, with what is wrong printed. The timezone is `--timezone`; or
 * that of the gateway whose records are asked; or the machine's. What is wrong with a database is left for `askRecords`.
 */
export async function placeOf(values: Values, io: Io): Promise<Place | number> {
  const given = typeof values.timezone === 'string' ? timezoneOf(values.timezone) : undefined
  if (values.postgres !== undefined) {
    if (values.records !== undefined) throw new UsageError(words.either)
    const copy = settingsOf(values.postgres, values['postgres-ca'], io)
    return { copy, timezone: given ?? (await zoneOfCopy(copy)) }
  }
  const records = await recordsOf(values, io)
  if (typeof records === 'number') return records
  return { records, scan: values.scan === true, timezone: given ?? timezoneOf(undefined, records) }
}

async function zoneOfCopy(settings: PostgresSettings): Promise<string> {
  try {
    const source = new PostgresSource(await connect(settings, asking))
    try {
      return (await source.timezone()) ?? timezoneOf(undefined)
    } finally {
      source.close()
    }
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error
    return timezoneOf(undefined)
  }
}

/** The index turned out to be broken when some records had been shown. */
export class IndexCutShort extends Error {}

/**
 * Opens a place, and has it asked; returns the exit status. `work` puts the reading on record before it shows anything. It
 * may be called again where the index was found broken.
 */
export async function askRecords(place: Place, io: Io, work: (asked: Asked) => Promise<number>): Promise<number> {
  if ('records' in place) return askFolder(place, io, work)
  try {
    return await askPostgres(place.copy, place.timezone, io, work)
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error
    return unable(error.words, io)
  }
}

async function askFolder(
  { records, scan }: Extract<Place, { records: string }>,
  io: Io,
  work: (asked: Asked) => Promise<number>,
): Promise<number> {
  const fault = await faultOfFolder(records)
  if (fault !== null) return unable(fault, io)
  const reading = await openReading(records, io)
  if (!('append' in reading)) return unable(reading, io)
  try {
    return await withSource(records, sourceBy(scan, io), async source => {
      const status = await work({ source, reading, folder: records })
      if (source.damaged.size === 0) return status
      io.stderr(damagedWords(source.damaged, io))
      return Math.max(status, exit.wrong)
    })
  } catch (error) {
    if (!(error instanceof IndexCutShort)) throw error
    await forgetIndex(records)
    return unable(words.cutShort, io)
  } finally {
    await reading.close()
  }
}

async function askPostgres(
  settings: PostgresSettings,
  timezone: string,
  io: Io,
  work: (asked: Asked) => Promise<number>,
): Promise<number> {
  const client = await connect(settings, asking)
  const source = new PostgresSource(client)
  try {
    await checkVersion(client)
    const copied = await source.copied()
    if (copied.length === 0) return unable(words.empty, io)
    for (const { log, fault, until } of copied) {
      const at = `${localTime(until, timezone)} (${timezone})`
      const isOld = !ofCommands.test(log) && Date.now() - Date.parse(until) > longAgo
      io.stderr(`${say(words[fault !== null ? 'fault' : isOld ? 'old' : 'copied'](log, at), io.lang)}\n`)
    }
    const reading = readingInPostgres(client, () => io.stderr(`${say(words.unrecorded, io.lang)}\n`))
    const status = await work({ source, reading, folder: null })
    return copied.some(({ fault }) => fault !== null) ? Math.max(status, exit.wrong) : status
  } finally {
    source.close()
  }
}

/** The address itself, or what stands in a file. */
function settingsOf(what: string, ca: string | undefined, io: Io): PostgresSettings {
  const text = /^postgres(?:ql)?:/.test(what) ? what : textIn(what, io)
  const address = text === null ? null : parsePostgresUrl(text.trim())
  if (address === null) throw new UsageError(words.postgres)
  const vouching = ca === undefined ? null : textIn(ca, io)
  if (ca !== undefined && vouching === null) throw new UsageError(words.ca)
  const preset = tlsByDefault(address)
  const tls = vouching === null ? preset : { ca: vouching, serverName: null, certificate: null, key: null }
  return { ...address, password: address.password ?? io.env['PGPASSWORD'] ?? null, tls, prefix: '' }
}

const mostBytes = 256 * 1024
/** Milliseconds. */
const longAgo = 3_600_000
/** Logs without a heartbeat. */
const ofCommands = /(?:^|-)(?:cli-\d+|control)$/

function textIn(path: string, io: Io): string | null {
  const file = resolve(io.cwd, path)
  if (!existsSync(file) || !statSync(file).isFile() || statSync(file).size > mostBytes) return null
  return readFileSync(file, 'utf8')
}

const words = {
  either: { zh: '--records 与 --postgres 只能选一个。', en: 'Give --records or --postgres, not both.' },
  postgres: {
    zh: '--postgres 应为 postgres://用户@主机/数据库，或写有此地址（一行）的文件。',
    en: '--postgres takes postgres://USER@HOST/DATABASE, or a file with such an address on one line.',
  },
  ca: { zh: '--postgres-ca 应为 PEM 文件。', en: '--postgres-ca takes a PEM file.' },
  cutShort: {
    zh: '索引与记录不符，已弃用，以上结果不完整；请再次运行，或加 --scan 逐条读取。',
    en: 'The index did not agree with the records and was discarded: what is above is not all. Run it again, or with --scan.',
  },
  empty: {
    zh: 'PostgreSQL 中还没有复制任何记录。',
    en: 'No record has been copied to this database yet.',
  },
  copied: (log: string, until: string): Bilingual => ({
    zh: `副本 ${log}：最近一次复制于 ${until}`,
    en: `copy of ${log}: last added to at ${until}`,
  }),
  old: (log: string, until: string): Bilingual => ({
    zh: `注意：副本 ${log} 自 ${until} 起没有新记录；网关每分钟至少记录一次，之后的访问不在副本中`,
    en: `Note: nothing was added to the copy of ${log} since ${until}, though a gateway records something each minute: what came after is not in it`,
  }),
  fault: (log: string, until: string): Bilingual => ({
    zh: `注意：副本 ${log} 自 ${until} 起停止复制，因为日志与副本不是同一份（DIVERGED）`,
    en: `Note: the copy of ${log} ends at ${until}: the log is not the one that was copied (DIVERGED)`,
  }),
  unrecorded: {
    zh: '注意：该数据库用户不能写入 veilgate.readings，本次查阅没有留下记录。',
    en: 'Note: this user of the database cannot write to veilgate.readings, so that this reading is not on record.',
  },
}
