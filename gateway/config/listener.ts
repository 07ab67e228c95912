/** Where the gateway listens. */
import type { WrittenAdmin } from './admin.ts'
import type { Config, ListenAddress, ListenerTls } from './config.ts'
import { readCertificates, readCrl, readPrivateKey } from './files.ts'
import type { Findings } from './findings.ts'
import type { WrittenProxies } from './proxies.ts'
import { isOfThisMachine, parseListen } from './quantities.ts'

/** The keys of gateway.yaml that say so; their shape has been checked against the schema. */
export type WrittenListener = WrittenProxies & {
  readonly listen?: string
  readonly tls?: {
    readonly certificate: string
    readonly key: string
    readonly client_ca?: string
    readonly client_certificates?: ListenerTls['clientCertificates']
    readonly client_crl?: string
  }
  readonly public_url?: string
  readonly admin?: string | boolean | WrittenAdmin
}

export function listenFrom(findings: Findings, written: WrittenListener): Pick<Config, 'listen' | 'admin'> {
  const within = typeof written.admin === 'object' ? written.admin.listen : written.admin
  const read = (key: 'listen' | 'admin', preset: string): ListenAddress => {
    const given = key === 'admin' ? within : written.listen
    const address = parseListen(typeof given === 'string' ? given : preset)
    if (address === null)
      findings.wrong([key], 'CONFIG_LISTEN', { zh: '端口至多 65535', en: 'a port is at most 65535' })
    return address ?? parseListen(preset)!
  }
  const listen = read('listen', '127.0.0.1:8080')
  if (written.admin === true) {
    findings.wrong(['admin'], 'CONFIG_LISTEN', { zh: '写作 主机:端口 或 false', en: 'write host:port, or false' })
  }
  const admin = written.admin === false ? null : read('admin', '127.0.0.1:8081')
  if (admin !== null && admin.port === listen.port && listen.port !== 0 && sameHost(listen.host, admin.host)) {
    const message = {
      zh: '与 listen 占用同一端口；请换一个端口',
      en: 'takes the same port as `listen`; give it another',
    }
    findings.wrong(['admin'], 'CONFIG_LISTEN_CLASH', message)
  }
  return { listen, admin }
}

function sameHost(one: string, other: string): boolean {
  const everywhere = ['0.0.0.0', '::']
  return one.toLowerCase() === other.toLowerCase() || everywhere.includes(one) || everywhere.includes(other)
}

export function tlsFrom(findings: Findings, { tls }: WrittenListener, now: number): ListenerTls | null {
  if (tls === undefined) return null
  const certificate = readCertificates(findings, ['tls', 'certificate'], tls.certificate, now)
  const key = readPrivateKey(findings, ['tls', 'key'], tls.key, certificate)
  const clientCa =
    tls.client_ca === undefined ? null : readCertificates(findings, ['tls', 'client_ca'], tls.client_ca, now)
  const clientCrl = tls.client_crl === undefined ? null : readCrl(findings, ['tls', 'client_crl'], tls.client_crl)
  if (tls.client_ca === undefined && (tls.client_crl ?? tls.client_certificates) !== undefined) {
    findings.wrong(['tls', tls.client_crl === undefined ? 'client_certificates' : 'client_crl'], 'CONFIG_CLIENT_CA', {
      zh: '没有 client_ca 就不会要求客户端证书',
      en: 'without client_ca no client is asked for a certificate',
    })
  }
  // Where one is null there is a fault, and no configuration comes of this.
  if (certificate === null || key === null) return null
  const file = clientCrl === null ? {} : { clientCrlFile: findings.absolute(tls.client_crl!) }
  return { certificate, key, clientCa, clientCertificates: tls.client_certificates ?? 'required', clientCrl, ...file }
}

/** API keys that pass in the clear can be read by all on the way; a proxy in front may do the encrypting. */
export function warnOpenListener(findings: Findings, listen: ListenAddress, isEncrypted: boolean): void {
  if (isEncrypted || isOfThisMachine(listen) || findings.faults.some(({ code }) => code.startsWith('CONFIG_CERT')))
    return
  findings.wrong(
    ['listen'],
    'CONFIG_NO_TLS',
    { zh: '对外监听而未加密，密钥与个人信息可在途中被读取', en: 'open to the network without encryption' },
    {
      severity: 'warning',
      hint: {
        zh: '请设 tls，或在前面放一个加密的代理并设 trusted_hops',
        en: 'set `tls`, or put a proxy that encrypts in front and set `trusted_hops`',
      },
    },
  )
}
