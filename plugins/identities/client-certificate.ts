/**
 * Consumers by the certificate their connection was made with (mutual TLS). That it comes from `tls.client_ca` and was not
 * revoked, TLS itself has checked; here is decided whose it is, by subject, alternative names or fingerprint, and that it
 * has not expired since. A proxy in front has a certificate of its own: it says nothing of callers.
 */
import type { X509Certificate } from 'node:crypto'
import type { Bilingual, Caller, Identify, IdentityPlugin } from '../../gateway/contracts.ts'
import { byConsumer } from './by-consumer.ts'

type Declared = {
  readonly subject?: Readonly<Record<string, string>>
  readonly san?: readonly string[]
  readonly fingerprint?: string
  readonly operator?: string
  readonly roles?: string
}
type Options = { readonly consumers: Readonly<Record<string, Declared>> }

const attribute = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9.]{0,63}$' }

export const clientCertificate: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'client_certificate',
  summary: {
    zh: '客户端证书（双向 TLS），按主题、备用名或指纹识别；须配置 tls.client_ca',
    en: 'A client certificate (mutual TLS), by subject, alternative name or fingerprint; needs tls.client_ca',
  },
  options: byConsumer('By consumer: what its certificate holds. All of it must hold.', {
    type: 'object',
    additionalProperties: false,
    properties: {
      subject: {
        type: 'object',
        minProperties: 1,
        propertyNames: attribute,
        additionalProperties: { type: 'string', minLength: 1, maxLength: 256 },
        description: 'Attributes of the subject: { O: Example, CN: portal }. Each stands there once, with this value.',
      },
      san: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: { type: 'string', pattern: '^(?:DNS|URI|email|IP Address):[^\\s",]{1,256}$' },
        'x-words': { zh: '写作 DNS:portal.example.edu.cn', en: 'write it as DNS:portal.example.edu.cn' },
        description: 'Subject alternative names, one of which it has: DNS:…, URI:…, email:….',
      },
      fingerprint: {
        type: 'string',
        pattern: '^sha256:[0-9a-f]{64}$',
        description: 'SHA-256 of the certificate itself.',
      },
      operator: { ...attribute, description: 'The attribute of the subject that is the operator, such as UID.' },
      roles: { ...attribute, description: 'The attribute of the subject that holds roles, such as OU.' },
    },
  }),
  check: ({ consumers }) => unmatched(consumers),
  create: ({ consumers }) => byCertificate(consumers),
}

function unmatched(consumers: Options['consumers']): { consumer: string; words: Bilingual } | null {
  const found = Object.entries(consumers).find(([, { subject, san, fingerprint }]) => !(subject ?? san ?? fingerprint))
  const words = { zh: '须写 subject、san 或 fingerprint', en: 'give it `subject`, `san` or `fingerprint`' }
  return found === undefined ? null : { consumer: found[0], words }
}

type Read = {
  readonly subject: ReadonlyMap<string, readonly string[]>
  readonly names: readonly string[]
  readonly fingerprint: string
  readonly from: number
  readonly to: number
}

function byCertificate(consumers: Options['consumers']): Identify {
  const declared = Object.entries(consumers)
  const known = new WeakMap<X509Certificate, { readonly read: Read; readonly caller: Caller | null }>()
  return (_request, peer) => {
    const certificate = peer.certificate()
    if (certificate === null) return null
    let found = known.get(certificate)
    if (found === undefined) {
      const read = readCertificate(certificate)
      known.set(certificate, (found = { read, caller: callerOf(read, declared) }))
    }
    const now = Date.now()
    if (now < found.read.from || now > found.read.to) throw new Error('the certificate has expired')
    // one that nobody declares may be there for the connection alone
    return found.caller
  }
}

/** Throws where two consumers have the same. */
function callerOf(read: Read, declared: readonly (readonly [string, Declared])[]): Caller | null {
  const matching = declared.filter(([, one]) => matches(read, one))
  if (matching.length > 1) throw new Error('a certificate of two consumers')
  const [found] = matching
  if (found === undefined) return null
  const [consumer, { operator, roles }] = found
  const person = operator === undefined ? [] : (read.subject.get(operator) ?? [])
  if (operator !== undefined && person.length !== 1) throw new Error('not one operator')
  return {
    consumer,
    strong: true,
    ...(operator !== undefined && { operator: person[0]! }),
    ...(roles !== undefined && { roles: read.subject.get(roles) ?? [] }),
  }
}

function matches(read: Read, { subject, san, fingerprint }: Declared): boolean {
  const attributes = Object.entries(subject ?? {})
  const isSubject = attributes.every(([name, value]) => {
    const values = read.subject.get(name) ?? []
    return values.length === 1 && values[0] === value
  })
  const hasName = san === undefined || san.some(name => read.names.includes(name))
  const isItself = fingerprint === undefined || fingerprint === read.fingerprint
  return isSubject && hasName && isItself && (attributes.length > 0 || san !== undefined || fingerprint !== undefined)
}

function readCertificate(certificate: X509Certificate): Read {
  const subject = Object.entries(certificate.toLegacyObject().subject ?? {})
  // names with commas or quotes in them stand in quotes, so no name can pass for two
  const names = certificate.subjectAltName?.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? []
  return {
    subject: new Map(subject.map(([name, value]) => [name, [value].flat() as string[]])),
    names: names.map(name => name.trim()),
    fingerprint: `sha256:${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}`,
    from: certificate.validFromDate.getTime(),
    to: certificate.validToDate.getTime(),
  }
}
