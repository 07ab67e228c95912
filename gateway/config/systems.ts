import type { ValuePath } from '../policy/yaml.ts'
import type { SystemSettings, Upstream, UpstreamTls } from './config.ts'
import { readCertificates, readPrivateKey, readSecret } from './files.ts'
import type { Findings } from './findings.ts'
import { limitsFrom, poolRules, timeoutRules } from './limits.ts'
import { periodFrom } from './period.ts'

/** A system as gateway.yaml writes it; its shape has been checked against the schema. */
export type WrittenSystem = {
  readonly upstream: string
  readonly prefix?: string
  readonly host?: string
  readonly proof_header?: string
  readonly request_headers?: readonly string[]
  readonly credentials?: {
    readonly header?: { readonly name: string; readonly value_file: string }
    readonly basic?: { readonly user: string; readonly password_file: string }
    readonly client_certificate?: { readonly certificate: string; readonly key: string }
  }
  readonly ca?: string
  readonly server_name?: string
  readonly policy?: 'shipped'
  readonly compress?: boolean
  readonly watermark?: boolean
  readonly from?: string
  readonly until?: string
  readonly timeouts?: Readonly<Record<string, string>>
  readonly pool?: Readonly<Record<string, string | number>>
}

/** Headers that decide framing, routing or who the gateway is; no setting puts them in or lets them through. */
const reserved =
  /^(?:accept-encoding|connection|content-length|cookie|expect|forwarded|host|http2-settings|if-.*|keep-alive|proxy-.*|range|te|trailer|transfer-encoding|upgrade|veilgate-.*|via|x-forwarded-.*|x-http-method.*|x-method-override|x-original-url|x-rewrite-url)$/

/** The settings of all systems; faults where they contradict themselves or each other. */
export function systemsFrom(
  findings: Findings,
  written: Readonly<Record<string, WrittenSystem>>,
  now: number,
  timezone: string,
): ReadonlyMap<string, SystemSettings> {
  const systems = new Map<string, SystemSettings>()
  const claims = new Map<string, string>()
  for (const [name, system] of Object.entries(written)) {
    const at = ['systems', name]
    const prefix = system.prefix ?? null
    const host = system.host?.toLowerCase() ?? null
    const claim = `${host ?? ''} ${prefix ?? ''}`
    const other = claims.get(claim)
    if (other !== undefined) ambiguous(findings, at, other, prefix, host)
    claims.set(claim, name)
    const upstream = upstreamFrom(findings, at, system, now)
    const proofHeader = headerName(findings, [...at, 'proof_header'], system.proof_header)
    const requestHeaders = (system.request_headers ?? []).map((header, index) =>
      headerName(findings, [...at, 'request_headers', index], header),
    )
    requireOwnHeaders(findings, at, [proofHeader, ...(upstream?.headers.keys() ?? [])], requestHeaders)
    if (upstream === null) continue
    systems.set(name, {
      name,
      upstream,
      prefix,
      host,
      proofHeader,
      requestHeaders: requestHeaders.filter(header => header !== null),
      shippedPolicy: system.policy === 'shipped',
      compress: system.compress ?? false,
      watermark: system.watermark ?? false,
      ...periodFrom(findings, at, system, timezone),
    })
  }
  return systems
}

/** Reads an upstream's URL: origin and base path; null where it is not one the gateway can call. */
export function parseUpstream(text: string): { readonly origin: string; readonly basePath: string } | null {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  const bare = url.username === '' && url.password === '' && !/[?#]/.test(text)
  if (!bare || url.hostname === '' || url.pathname.includes('//') || /[%;]/.test(url.pathname)) return null
  return { origin: url.origin, basePath: url.pathname.replace(/\/$/, '') }
}

function upstreamFrom(findings: Findings, at: ValuePath, system: WrittenSystem, now: number): Upstream | null {
  const url = parseUpstream(system.upstream)
  if (url === null) {
    findings.wrong(
      [...at, 'upstream'],
      'CONFIG_UPSTREAM',
      { zh: '不是可调用的上游地址', en: 'not an upstream the gateway can call' },
      {
        hint: {
          zh: '写作 http://主机:端口 或 https://主机/路径，不含用户名、查询与片段',
          en: 'write http://host:port or https://host/path, without user, query or fragment',
        },
      },
    )
  }
  const headers = upstreamHeaders(findings, at, system)
  const tls = upstreamTls(findings, at, system, url?.origin.startsWith('https:') ?? true, now)
  if (url === null) return null
  const timeouts = limitsFrom(timeoutRules, system.timeouts)
  const pool = limitsFrom(poolRules, system.pool)
  return { ...url, tls, headers, timeouts, pool }
}

function upstreamHeaders(findings: Findings, at: ValuePath, system: WrittenSystem): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  const { header, basic } = system.credentials ?? {}
  if (header !== undefined) {
    const path = [...at, 'credentials', 'header']
    const name = headerName(findings, [...path, 'name'], header.name, true)
    const value = readSecret(findings, [...path, 'value_file'], header.value_file)
    if (name !== null && value !== null) headers.set(name, value)
  }
  if (basic !== undefined) {
    const path = [...at, 'credentials', 'basic']
    const password = readSecret(findings, [...path, 'password_file'], basic.password_file)
    if (basic.user.includes(':') || headers.has('authorization')) {
      findings.wrong(path, 'CONFIG_CREDENTIALS', {
        zh: '用户名不能含“:”，且不能与 Authorization 请求头并用',
        en: 'a user name has no colon, and basic does not go with an Authorization header',
      })
    } else if (password !== null) {
      headers.set('authorization', `Basic ${Buffer.from(`${basic.user}:${password}`).toString('base64')}`)
    }
  }
  return headers
}

function upstreamTls(
  findings: Findings,
  at: ValuePath,
  system: WrittenSystem,
  isTls: boolean,
  now: number,
): UpstreamTls | null {
  const client = system.credentials?.client_certificate
  if (!isTls) {
    for (const [key, given] of Object.entries({
      ca: system.ca,
      server_name: system.server_name,
      credentials: client,
    })) {
      if (given === undefined) continue
      const message = { zh: '只对 https 上游有意义', en: 'this means something for an https upstream only' }
      findings.wrong([...at, key], 'CONFIG_UPSTREAM_TLS', message, { at: 'key' })
    }
    return null
  }
  const path = [...at, 'credentials', 'client_certificate']
  const certificate =
    client === undefined ? null : readCertificates(findings, [...path, 'certificate'], client.certificate, now)
  return {
    ca: system.ca === undefined ? null : readCertificates(findings, [...at, 'ca'], system.ca, now),
    serverName: system.server_name ?? null,
    certificate,
    key: client === undefined ? null : readPrivateKey(findings, [...path, 'key'], client.key, certificate),
  }
}

/** In lower case; `Authorization` is the caller's word to the gateway, so only upstream credentials may be named so. */
function headerName(findings: Findings, at: ValuePath, name: string | undefined, credential = false): string | null {
  if (name === undefined) return null
  const lower = name.toLowerCase()
  if (!reserved.test(lower) && (credential || lower !== 'authorization')) return lower
  findings.wrong(at, 'CONFIG_HEADER', {
    zh: '该请求头由网关自己决定',
    en: 'this header is decided by the gateway itself',
  })
  return null
}

/** What the gateway itself says to a system must not be what a caller can say, nor said twice. */
function requireOwnHeaders(
  findings: Findings,
  at: ValuePath,
  own: readonly (string | null)[],
  forwarded: readonly (string | null)[],
): void {
  const said = own.filter(header => header !== null)
  for (const [index, header] of forwarded.entries()) {
    if (header === null || !said.includes(header)) continue
    const message = { zh: '该请求头由网关设置，不能由调用方给出', en: 'the gateway sets this header; callers may not' }
    findings.wrong([...at, 'request_headers', index], 'CONFIG_HEADER', message)
  }
  if (new Set(said).size === said.length) return
  const message = { zh: '与 credentials 使用了同一请求头', en: 'the same header as under `credentials`' }
  findings.wrong([...at, 'proof_header'], 'CONFIG_HEADER', message)
}

function ambiguous(findings: Findings, at: ValuePath, other: string, prefix: string | null, host: string | null): void {
  const key = prefix !== null ? 'prefix' : host !== null ? 'host' : null
  findings.wrong(
    key === null ? at : [...at, key],
    'CONFIG_SYSTEM_AMBIGUOUS',
    { zh: `与系统“${other}”占用相同的主机与前缀`, en: `takes the same host and prefix as system '${other}'` },
    { hint: { zh: '给其中之一另设 prefix 或 host', en: 'give one of them another prefix or host' } },
  )
}
