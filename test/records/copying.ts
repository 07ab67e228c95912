/** What the tests of the copy in PostgreSQL have in common. */
import type { TestContext } from 'node:test'
import type { PostgresSettings } from '../../gateway/config/config.ts'
import { bytesOf } from '../../gateway/records/files/file-bytes.ts'
import { filesOf } from '../../gateway/records/files/files.ts'
import { isFrameLine, Lines } from '../../gateway/records/files/lines.ts'
import { voidAfter } from '../../gateway/records/files/read.ts'
import { asking, connect } from '../../gateway/records/postgres/connect.ts'
import { FolderCopy } from '../../gateway/records/postgres/copy.ts'
import { PostgresSource } from '../../gateway/records/postgres/source.ts'
import { makeTables } from '../../gateway/records/postgres/tables.ts'
import { atEnd } from './folder.ts'

export function settingsOf(url: string, changes: Partial<PostgresSettings> = {}): PostgresSettings {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  return { host, port: Number(port), user, password, database: pathname.slice(1), tls: null, prefix: '', ...changes }
}

/** An empty database of its own on a server. */
export async function databaseOn(url: string, name: string): Promise<PostgresSettings> {
  const client = await connect(settingsOf(url), asking)
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return settingsOf(url, { database: name })
}

/** Copies what there is. */
export async function copyNow(directory: string, settings: PostgresSettings, copy?: FolderCopy): Promise<number> {
  const client = await connect(settings, asking)
  try {
    await makeTables(client)
    return await (copy ?? new FolderCopy(directory, settings.prefix)).run(client)
  } finally {
    await client.end()
  }
}

export async function sourceIn(t: TestContext, settings: PostgresSettings): Promise<PostgresSource> {
  const source = new PostgresSource(await connect(settings, asking))
  atEnd(t, () => source.close())
  return source
}

/** `LOG LINE` of each record that counts, log by log, in their order. */
export async function linesIn(directory: string): Promise<string[]> {
  const found: string[] = []
  for (const [log, files] of Map.groupBy(await filesOf(directory), file => file.log)) {
    const ends = await voidAfter(files)
    for (const { path, number } of files) {
      if (ends.get(number) === 0) continue
      const lines = new Lines()
      for await (const chunk of bytesOf(path, ends.get(number) ?? Number.POSITIVE_INFINITY))
        for (const { line } of lines.push(chunk)) if (!isFrameLine(line)) found.push(`${log} ${line}`)
    }
  }
  return found
}

/** The same of the copy. */
export async function linesCopied(settings: PostgresSettings): Promise<string[]> {
  const client = await connect(settings, asking)
  try {
    const { rows } = await client.query('SELECT log, line FROM veilgate.records ORDER BY log, seq')
    return (rows as { log: string; line: string }[]).map(({ log, line }) => `${log} ${line}`)
  } finally {
    await client.end()
  }
}
