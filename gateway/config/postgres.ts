/** Databases: `records.postgres` in gateway.yaml gets a copy of all records, `control.postgres` is what gateways share; `--postgres` of commands. */
import type { ControlSettings, PostgresAddress, PostgresSettings, UpstreamTls } from './config.ts'
import { readCertificates, readPrivateKey, readSecret } from './files.ts'
import type { Findings } from './findings.ts'

export type WrittenPostgres = {
  readonly url_file?: string
  readonly url_env?: string
  readonly name?: string
  readonly tls?:
    | boolean
    | {
        readonly ca?: string
        readonly server_name?: string
        readonly certificate?: string
        readonly key?: string
      }
}

type Environment = Readonly<Record<string, string | undefined>>

/** `at`: where it is written. null: there is none; or, with a fault, it is wrongly written. */
export function postgresFrom(
  findings: Findings,
  at: readonly string[],
  written: WrittenPostgres | undefined,
  now: number,
  env: Environment,
): PostgresSettings | null {
  if (written === undefined) return null
  const { url_file: file, url_env: variable } = written
  if ((file === undefined) === (variable === undefined)) {
    findings.wrong(at, 'CONFIG_POSTGRES', words.either)
    return null
  }
  const path = [...at, file === undefined ? 'url_env' : 'url_file']
  const text = file === undefined ? (env[variable!] ?? null) : readSecret(findings, path, file)
  if (text === null && file === undefined) findings.wrong(path, 'CONFIG_POSTGRES', words.unset)
  const address = text === null ? null : parsePostgresUrl(text)
  if (text !== null && address === null) findings.wrong(path, 'CONFIG_POSTGRES', words.url)
  if (address === null) return null
  const tls = tlsFrom(findings, [...at, 'tls'], written.tls, address, now)
  return { ...address, tls, prefix: written.name === undefined ? '' : `${written.name}-` }
}

export type WrittenControl = { readonly postgres?: WrittenPostgres; readonly gateways?: readonly string[] }

/** What this gateway decides together with others; null: it decides alone. */
export function controlFrom(
  findings: Findings,
  written: WrittenControl | undefined,
  approvers: readonly unknown[],
  now: number,
  env: Environment,
): ControlSettings | null {
  const at = ['control', 'postgres']
  const database = postgresFrom(findings, at, written?.postgres, now, env)
  const name = written?.postgres?.name
  if (written?.postgres !== undefined && name === undefined) findings.wrong(at, 'CONFIG_POSTGRES', words.name)
  if (written?.postgres !== undefined && approvers.length === 0) findings.wrong(at, 'CONFIG_POSTGRES', words.nobody)
  const gateways = written?.gateways ?? null
  if (gateways !== null && name !== undefined && !gateways.includes(name))
    findings.wrong(['control', 'gateways'], 'CONFIG_POSTGRES', words.self)
  return database === null || name === undefined ? null : { database, name, gateways }
}

/**
 * `postgres://USER[:PASSWORD]@HOST[:PORT]/DATABASE`, percent-encoded where need be; null where it is not that. Options
 * after a `?` are none of it: libraries differ in what they make of them, and with them encryption can be turned off.
 */
export function parsePostgresUrl(text: string): PostgresAddress | null {
  if (!/^postgres(?:ql)?:\/\/[^\s?#\\]+$/.test(text) || !URL.canParse(text)) return null
  const { hostname, port, username, password, pathname } = new URL(text)
  const [host, user, secret, database] = [hostname, username, password, pathname.slice(1)].map(decoded)
  if (!host || !user || !database || secret === null || secret === undefined || database.includes('/')) return null
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  return { host: bare, port: Number(port || 5432), database, user, password: secret === '' ? null : secret }
}

/** Encrypted and checked, unless it does not leave this machine. */
export function tlsByDefault({ host }: PostgresAddress): UpstreamTls | null {
  return isHere(host) ? null : { ca: null, serverName: null, certificate: null, key: null }
}

function tlsFrom(
  findings: Findings,
  path: readonly string[],
  written: WrittenPostgres['tls'],
  address: PostgresAddress,
  now: number,
): UpstreamTls | null {
  if (written === undefined || written === true) return tlsByDefault(address)
  if (written === false) {
    if (!isHere(address.host)) findings.wrong(path, 'CONFIG_POSTGRES_OPEN', words.open, { severity: 'warning' })
    return null
  }
  const { ca, server_name: serverName = null, certificate: own, key } = written
  if ((own === undefined) !== (key === undefined)) findings.wrong(path, 'CONFIG_POSTGRES', words.pair)
  const certificate = own === undefined ? null : readCertificates(findings, [...path, 'certificate'], own, now)
  return {
    ca: ca === undefined ? null : readCertificates(findings, [...path, 'ca'], ca, now),
    serverName,
    certificate,
    key: key === undefined ? null : readPrivateKey(findings, [...path, 'key'], key, certificate),
  }
}

function isHere(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const words = {
  either: {
    zh: '用 url_file 或 url_env 之一给出数据库地址（其中含密码，不写在本文件里）',
    en: 'give the address by url_file or by url_env: it holds a password, and does not belong in this file',
  },
  unset: { zh: '没有这个环境变量', en: 'this environment variable is not set' },
  url: {
    zh: '地址应写作 postgres://用户:密码@主机:端口/数据库，不带“?”之后的选项',
    en: 'an address is postgres://USER:PASSWORD@HOST:PORT/DATABASE, without options after a `?`',
  },
  open: {
    zh: '到另一台机器的连接未加密：访问记录与密码可被旁听',
    en: 'the connection to another machine is not encrypted: records and password can be overheard',
  },
  self: { zh: '其中没有本网关的 name', en: 'the name of this gateway is not among them' },
  nobody: {
    zh: '没有 approvers 就没有授权和封锁可裁定',
    en: 'without `approvers` there are no grants and lockdowns to decide',
  },
  name: {
    zh: '用 name 给出本网关在共用此数据库的各网关中的名称',
    en: 'give this gateway a name among those that share the database',
  },
  pair: { zh: 'certificate 与 key 应同时给出', en: 'certificate and key go together' },
}
