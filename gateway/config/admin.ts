/** Who signs in at the admin listener: by accounts of its own, or by an OpenID provider. */
import { type AdminOidc, type AdminSignIn, type Duty, duties, type ListenAddress } from './config.ts'
import { readCertificates, readPrivateKey, readSecret } from './files.ts'
import type { Findings } from './findings.ts'
import { originOf } from './origin.ts'
import { proxiesFrom, type WrittenProxies } from './proxies.ts'
import { isOfThisMachine } from './quantities.ts'

export type WrittenAdmin = WrittenProxies & {
  readonly listen?: string
  readonly tls?: { readonly certificate: string; readonly key: string }
  readonly public_url?: string
  readonly accounts?: string
  readonly oidc?: WrittenOidc
}

type WrittenOidc = {
  readonly issuer: string
  readonly client_id: string
  readonly client_secret_file?: string
  readonly scope?: string
  readonly account?: string
  readonly roles: string
  readonly duties: Readonly<Partial<Record<Duty, readonly string[]>>>
  readonly strong?: { readonly acr?: readonly string[]; readonly amr?: readonly string[] }
}

export function signInFrom(
  findings: Findings,
  written: string | boolean | WrittenAdmin | undefined,
  now: number,
): AdminSignIn {
  const given = typeof written === 'object' ? written : {}
  const { tls, public_url: url, accounts, oidc } = given
  if (oidc !== undefined && accounts !== undefined) findings.wrong(['admin', 'accounts'], 'CONFIG_ADMIN', words.either)
  if (oidc !== undefined && url === undefined) findings.wrong(['admin', 'oidc'], 'CONFIG_ADMIN', words.noUrl)
  return {
    tls: tls === undefined ? null : tlsFrom(findings, tls, now),
    publicUrl: originOf(findings, ['admin', 'public_url'], url),
    proxies: proxiesFrom(findings, given, ['admin']),
    accounts: findings.absolute(accounts ?? 'accounts.yaml'),
    oidc: oidc === undefined ? null : oidcFrom(findings, oidc),
  }
}

/** The token of the API, and what metrics tell, can be read by all on the way; a proxy in front may do the encrypting. */
export function warnOpenAdmin(findings: Findings, listen: ListenAddress | null, { tls, publicUrl }: AdminSignIn): void {
  if (listen === null || isOfThisMachine(listen) || tls !== null || publicUrl?.startsWith('https:') === true) return
  if (findings.faults.some(({ code }) => code.startsWith('CONFIG_CERT'))) return
  findings.wrong(['admin'], 'CONFIG_NO_TLS', words.open, { severity: 'warning', hint: words.openHint })
}

function tlsFrom(findings: Findings, tls: NonNullable<WrittenAdmin['tls']>, now: number): AdminSignIn['tls'] {
  const certificate = readCertificates(findings, ['admin', 'tls', 'certificate'], tls.certificate, now)
  const key = readPrivateKey(findings, ['admin', 'tls', 'key'], tls.key, certificate)
  // where one is null there is a fault, and no configuration comes of this
  return certificate === null || key === null ? null : { certificate, key }
}

/** Nobody of two duties: a role that stands for two would make one of each who has it. */
function oidcFrom(findings: Findings, written: WrittenOidc): AdminOidc {
  const at = ['admin', 'oidc']
  const byRole = new Map<string, Duty>()
  for (const duty of duties)
    for (const [nth, role] of (written.duties[duty] ?? []).entries()) {
      if (byRole.has(role)) findings.wrong([...at, 'duties', duty, nth], 'CONFIG_ADMIN', words.twoDuties)
      byRole.set(role, duty)
    }
  const secret = written.client_secret_file
  if (secret !== undefined) readSecret(findings, [...at, 'client_secret_file'], secret)
  return {
    issuer: written.issuer,
    clientId: written.client_id,
    clientSecretFile: secret === undefined ? null : findings.absolute(secret),
    scope: written.scope ?? 'openid',
    account: written.account ?? 'sub',
    roles: written.roles,
    duties: byRole,
    strong: { acr: written.strong?.acr ?? [], amr: written.strong?.amr ?? [] },
  }
}

const words = {
  open: {
    zh: '管理接口对外监听而未加密，令牌可在途中被读取',
    en: 'the admin listener is open to the network without encryption, and its token can be read on the way',
  },
  openHint: {
    zh: '请只监听 127.0.0.1，或设 admin.tls；由代理加密时写 admin.public_url: https://主机',
    en: 'listen on 127.0.0.1 only, or set `admin.tls`; where a proxy encrypts, `admin.public_url: https://host`',
  },
  either: {
    zh: '设了 oidc 就没有本地账户，两者只能选一个',
    en: 'with `oidc` there are no accounts here; give one of the two',
  },
  noUrl: {
    zh: '使用 oidc 须写 admin.public_url：登录后浏览器回到那里',
    en: 'needs admin.public_url, where browsers come back to',
  },
  twoDuties: {
    zh: '同一角色不能对应两种职责（三员分立）',
    en: 'this role stands for another duty already; nobody has two',
  },
}
