import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { type Config, leastRetentionDays, usualExpiryNotice, usualKeyOverlap } from './config.ts'
import { anonymous } from './consumers.ts'
import { limitRules, limitsFrom, poolRules, timeoutRules } from './limits.ts'
import { parseListen } from './quantities.ts'
import { parseUpstream } from './systems.ts'

export type UpstreamOnly = {
  /** What paths are relative to. */
  readonly directory: string
  /** `host:port` on the loopback interface. */
  readonly listen?: string
  readonly admin?: string
}

/** The one system of `serve --upstream`. */
export const onlySystem = 'upstream'

const loopback = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/

/**
 * The configuration of `serve --upstream URL`: one system, the shipped policies, everyone on this machine as `public`,
 * nobody else. null where the URL is no upstream, or an address is not on the loopback interface.
 */
export function upstreamOnly(url: string, options: UpstreamOnly): Config | null {
  const upstream = parseUpstream(url)
  const listen = parseListen(options.listen ?? '127.0.0.1:8080')
  const admin = parseListen(options.admin ?? '127.0.0.1:8081')
  if (upstream === null || listen === null || admin === null) return null
  if (!loopback.test(listen.host) || !loopback.test(admin.host)) return null
  const tls = upstream.origin.startsWith('https:') ? { ca: null, serverName: null, certificate: null, key: null } : null
  const system = {
    name: onlySystem,
    upstream: {
      ...upstream,
      tls,
      headers: new Map<string, string>(),
      timeouts: limitsFrom(timeoutRules),
      pool: limitsFrom(poolRules),
    },
    prefix: null,
    host: null,
    proofHeader: null,
    requestHeaders: [],
    shippedPolicy: true,
    compress: false,
    watermark: false,
    from: null,
    until: null,
  }
  return {
    file: null,
    namedFiles: [],
    renewableFiles: [],
    digest: `sha256:${createHash('sha256')
      .update(upstream.origin + upstream.basePath)
      .digest('hex')}`,
    listen,
    tls: null,
    publicUrl: null,
    admin,
    signIn: {
      tls: null,
      publicUrl: null,
      proxies: { hops: 0, networks: [] },
      accounts: resolve(options.directory, 'accounts.yaml'),
      oidc: null,
    },
    policies: null,
    records: resolve(options.directory, 'records'),
    postgres: null,
    control: null,
    keys: resolve(options.directory, 'keys'),
    contact: null,
    workers: null,
    witnesses: [],
    approvers: [],
    requesters: [],
    reviews: null,
    bases: new Map(),
    traceAuthority: null,
    retentionDays: leastRetentionDays,
    expiryNoticeDays: usualExpiryNotice,
    keyOverlapDays: usualKeyOverlap,
    timezone: 'Asia/Shanghai',
    proxies: { hops: 0, networks: [] },
    limits: limitsFrom(limitRules),
    systems: new Map([[onlySystem, system]]),
    consumers: new Map(),
    anonymous: anonymous('public', [], null),
  }
}
