import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509'

/** A certificate and its key, as PEM. */
export type Issued = { readonly certificate: string; readonly key: string; readonly serial: string }

export type CertificateAuthority = {
  readonly certificate: string
  /** `subject` as `CN=portal, O=Example`; `dns`: names it is for. */
  issue(subject: string, given?: { dns?: readonly string[]; until?: Date; server?: boolean }): Promise<Issued>
  /** A list of what it has revoked. */
  revoke(...issued: readonly Issued[]): Promise<string>
  /** The same, which is over at a time. */
  revokeUntil(until: Date, ...issued: readonly Issued[]): Promise<string>
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' }
/** Of the authority: one whose signatures have a fixed length. */
const own = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}
const since = new Date('2020-01-01')
const forLong = new Date('2100-01-01')

/** An authority made for one test. */
export async function certificateAuthority(name = 'CN=Test CA'): Promise<CertificateAuthority> {
  const keys = (await webcrypto.subtle.generateKey(own, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
  const root = await X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    notBefore: since,
    notAfter: forLong,
    signingAlgorithm: own,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  })
  let count = 0
  return {
    certificate: root.toString('pem'),
    async issue(subject, { dns = [], until = forLong, server = false } = {}) {
      const pair = (await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair
      const serial = (0x1000 + ++count).toString(16)
      const made = await X509CertificateGenerator.create({
        subject,
        issuer: root.subject,
        serialNumber: serial,
        notBefore: since,
        notAfter: until,
        publicKey: pair.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: own,
        extensions: [
          new ExtendedKeyUsageExtension([server ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth]),
          ...(dns.length === 0
            ? []
            : [new SubjectAlternativeNameExtension(dns.map(value => ({ type: 'dns', value })))]),
        ],
      })
      const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey), 'PRIVATE KEY')
      return { certificate: made.toString('pem'), key, serial }
    },
    revoke: (...issued) => revokeUntil(forLong, ...issued),
    revokeUntil,
  }

  async function revokeUntil(until: Date, ...issued: readonly Issued[]): Promise<string> {
    const list = await X509CrlGenerator.create({
      issuer: root.subject,
      thisUpdate: since,
      nextUpdate: until,
      entries: issued.map(({ serial }) => ({ serialNumber: serial, revocationDate: since })),
      signingKey: keys.privateKey,
      signingAlgorithm: own,
    })
    // the label of RFC 7468, section 6
    return list.toString('pem').replaceAll(/(BEGIN|END) (?:X509 )?CRL/g, '$1 X509 CRL')
  }
}
