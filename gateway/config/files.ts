/** Files that gateway.yaml names: certificates, keys, secrets. Read at start, so that what is wrong is known at start. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { endOfCrl } from '../crl.ts'
import { codeIn } from '../error-code.ts'
import type { ValuePath } from '../policy/yaml.ts'
import type { Findings } from './findings.ts'

const maxSize = 1024 * 1024

/** The parts of gateway.yaml whose certificates and keys are taken up again when they change. */
const renewed: readonly unknown[] = ['tls', 'admin', 'systems']

function noteRenewable(findings: Findings, at: ValuePath, path: string): void {
  if (renewed.includes(at[0])) findings.renewable.push(findings.absolute(path))
}

/** The text of a file; null, and a fault, where it cannot be read. `secret`: that others can read it is worth a warning. */
function readNamed(findings: Findings, at: ValuePath, path: string, secret: boolean): string | null {
  const file = findings.absolute(path)
  findings.files.push(file)
  let descriptor: number
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return unreadable(findings, at, error)
  }
  try {
    const found = fstatSync(descriptor)
    if (!found.isFile() || found.size > maxSize) {
      findings.wrong(at, 'CONFIG_FILE', { zh: '不是 1 MiB 以内的普通文件', en: 'not a regular file of at most 1 MiB' })
      return null
    }
    if (secret && process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
      findings.wrong(
        at,
        'CONFIG_SECRET_OPEN',
        { zh: '该机密文件可被其他用户读取', en: 'other users can read this secret' },
        { severity: 'warning', hint: { zh: '请运行 chmod 600', en: 'run chmod 600 on it' } },
      )
    }
    return readFileSync(descriptor, 'utf8')
  } catch (error) {
    return unreadable(findings, at, error)
  } finally {
    closeSync(descriptor)
  }
}

/** A secret on one line; what header values cannot hold is a fault. */
export function readSecret(findings: Findings, at: ValuePath, path: string): string | null {
  const text = readNamed(findings, at, path, true)?.replace(/\r?\n$/, '') ?? null
  if (text === null || /^[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?$/.test(text)) return text
  findings.wrong(at, 'CONFIG_SECRET', {
    zh: '文件内容应为一行可打印的 ASCII 字符',
    en: 'the file should hold one line of printable ASCII characters',
  })
  return null
}

/** PEM of one or more certificates; each must parse. One that has expired is worth a warning. */
export function readCertificates(findings: Findings, at: ValuePath, path: string, now: number): string | null {
  noteRenewable(findings, at, path)
  const text = readNamed(findings, at, path, false)
  if (text === null) return null
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  const parsed = blocks.map(block => parseCertificate(block))
  if (blocks.length === 0 || parsed.includes(null)) {
    findings.wrong(at, 'CONFIG_CERTIFICATE', { zh: '文件中没有可用的 PEM 证书', en: 'no usable PEM certificate in it' })
    return null
  }
  if (parsed.some(one => Date.parse(one!.validTo) < now)) {
    const message = { zh: '其中有证书已过期', en: 'a certificate in it has expired' }
    findings.wrong(at, 'CONFIG_CERTIFICATE_EXPIRED', message, { severity: 'warning' })
  }
  return text
}

/** PEM of one or more revocation lists (RFC 5280 5). Each must be one that TLS takes. */
export function readCrl(findings: Findings, at: ValuePath, path: string): string | null {
  const text = readNamed(findings, at, path, false)
  if (text === null) return null
  try {
    endOfCrl(text)
    createSecureContext({ crl: text })
    return text
  } catch {
    findings.wrong(at, 'CONFIG_CRL', { zh: '文件中没有可用的 PEM 吊销列表', en: 'no usable PEM revocation list in it' })
    return null
  }
}

/** PEM of a private key; with `certificate`, the key of its first one. */
export function readPrivateKey(
  findings: Findings,
  at: ValuePath,
  path: string,
  certificate: string | null,
): string | null {
  noteRenewable(findings, at, path)
  const text = readNamed(findings, at, path, true)
  if (text === null) return null
  const key = parseKey(text)
  if (key === null) {
    findings.wrong(at, 'CONFIG_KEY_FILE', {
      zh: '文件中没有可用的 PEM 私钥（不支持带口令的私钥）',
      en: 'no usable PEM private key in it (one with a passphrase is not supported)',
    })
    return null
  }
  if (certificate !== null && parseCertificate(certificate)?.checkPrivateKey(key) === false) {
    findings.wrong(at, 'CONFIG_KEY_FILE', { zh: '私钥与证书不匹配', en: 'the key is not that of the certificate' })
    return null
  }
  if (certificate !== null && !isTakenByTls(certificate, text)) {
    findings.wrong(at, 'CONFIG_KEY_FILE', {
      zh: 'TLS 不接受这对证书与私钥（如密钥过短、签名算法过旧）',
      en: 'TLS does not take this certificate and key: a key too short, or a signature of old',
    })
    return null
  }
  return text
}

function parseCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}

function isTakenByTls(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key })
    return true
  } catch {
    return false
  }
}

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

function unreadable(findings: Findings, at: ValuePath, error: unknown): null {
  const code = codeIn(error) ?? 'unknown'
  findings.wrong(at, 'CONFIG_FILE', { zh: `无法读取该文件（${code}）`, en: `the file cannot be read (${code})` })
  return null
}
