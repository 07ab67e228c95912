/** Connections to PostgreSQL: to a copy of the records, to what gateways decide together. */
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type pg from 'pg'
import type { PostgresSettings } from '../../config/config.ts'
import type { Bilingual } from '../../contracts.ts'

/** The database cannot be used as it should be. Says why by a code of its own or of PostgreSQL, never by its message. */
export class DatabaseFault extends Error {
  /** `ECONNREFUSED`, an SQLSTATE such as `28P01`, or a word of ours. */
  readonly code: string
  readonly words: Bilingual

  constructor(code: string, words: Bilingual = wordsOf(code)) {
    super(code)
    this.name = 'DatabaseFault'
    this.code = code
    this.words = words
  }
}

/** Milliseconds. A statement that takes longer is given up: what it was for is tried again. */
export type Patience = {
  readonly connect: number
  readonly statement: number
  /** Beyond `statement`, where the server says nothing at all. */
  readonly silence?: number
}

/** For copying: small pieces, tried again. Questions may take longer. */
export const copying: Patience = { connect: 5_000, statement: 60_000 }
export const asking: Patience = { connect: 10_000, statement: 600_000 }

/** @throws DatabaseFault */
export async function connect(settings: PostgresSettings, patience: Patience): Promise<pg.Client> {
  const { host, port, database, user, password, tls } = settings
  // loaded where there is a database: most gateways have none
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    ...(password !== null && { password }),
    ssl: tls === null ? false : sslFrom(tls),
    connectionTimeoutMillis: patience.connect,
    statement_timeout: patience.statement,
    // the server's own limit counts only while it answers
    query_timeout: patience.statement + (patience.silence ?? 5_000),
    keepAlive: true,
    application_name: 'veilgate',
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(pg.types, oid, format) },
  })
  // a connection that breaks while idle is noticed by the next statement
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw faultOf(error)
  }
}

/** Whom the certificate must name: the host, which pg sees to, or the name that is expected in its place. */
function sslFrom({ ca, serverName, certificate, key }: NonNullable<PostgresSettings['tls']>) {
  return {
    rejectUnauthorized: true,
    ...(serverName !== null && {
      checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(serverName, shown),
    }),
    ...(ca !== null && { ca }),
    ...(certificate !== null && { cert: certificate }),
    ...(key !== null && { key }),
  }
}

/** Numbers of records are safe integers. */
function parserOf(types: typeof pg.types, oid: number, format: 'text' | 'binary' = 'text') {
  return oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format as 'text')
}

/** Anything that a statement or connection throws, as a DatabaseFault: messages of a database quote what was in rows. */
export function faultOf(error: unknown): DatabaseFault {
  if (error instanceof DatabaseFault) return error
  const { code } = (error ?? {}) as { code?: unknown }
  if (typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code)) return new DatabaseFault(code)
  const message = error instanceof Error ? error.message : ''
  if (/not support SSL/.test(message)) return new DatabaseFault('NO_TLS')
  return new DatabaseFault(/time(?:d )?out/i.test(message) ? 'TIMEOUT' : 'CONNECTION')
}

const said: ReadonlyMap<string, Bilingual> = new Map([
  ['28P01', { zh: '用户名或密码不对', en: 'user or password is wrong' }],
  ['28000', { zh: '数据库不接受这一用户或连接方式', en: 'the database does not accept this user or connection' }],
  ['3D000', { zh: '没有这个数据库', en: 'there is no such database' }],
  ['42501', { zh: '该用户没有所需的权限', en: 'the user lacks a permission' }],
  ['42P01', { zh: '其中没有访问记录的副本', en: 'there is no copy of records in it' }],
  ['3F000', { zh: '其中没有访问记录的副本', en: 'there is no copy of records in it' }],
  ['NO_TLS', { zh: '服务器不支持加密连接', en: 'the server offers no encryption' }],
  ['53100', { zh: '数据库磁盘已满', en: "the database's disk is full" }],
  ['53300', { zh: '数据库连接数已满', en: 'the database takes no more connections' }],
])

function wordsOf(code: string): Bilingual {
  const why = said.get(code) ?? { zh: '无法连接或执行', en: 'cannot be reached, or used' }
  return { zh: `PostgreSQL：${why.zh}（${code}）`, en: `PostgreSQL: ${why.en} (${code})` }
}
