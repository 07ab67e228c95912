/**
 * Signed notes (c2sp.org/signed-note): text, a blank line, and a line for each signature. Ed25519 (type 1) and, for
 * witnesses, timestamped Ed25519 (type 4, c2sp.org/tlog-cosignature). Pure: keys and times come as arguments.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** One who can be checked: name, key and what kind of signature it makes. */
export type Verifier = {
  readonly name: string
  readonly id: Buffer
  readonly type: SignatureType
  readonly key: KeyObject
  /** As c2sp.org/signed-note writes it: `NAME+ID+BASE64`. */
  readonly text: string
}

/** 1: signs the text. 4: a witness; signs the text with the time at which it saw it. */
export type SignatureType = 1 | 4

export type Signer = { readonly verifier: Verifier; sign(text: string, seconds?: number): string }

export type Signature = { readonly name: string; readonly id: Buffer; readonly bytes: Buffer; readonly line: string }

export type Note = { readonly text: string; readonly signatures: readonly Signature[] }

/** By whom a note is verified, and of witnesses when they saw it, in seconds since 1970. */
export type Verified = { readonly by: Verifier; readonly seconds: number | null }

export const mostNoteBytes = 64 * 1024
const mostSignatures = 100
const namePattern = /^[^\s\p{Z}\p{C}+]+$/u
const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const dash = '\u2014 '

/** Exact base64 of RFC 4648 section 4, or null. */
export function fromBase64(text: string): Buffer | null {
  if (!base64Pattern.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** The parts of a note, or null where it is none. Says nothing of whether a signature is right. */
export function parseNote(bytes: Uint8Array): Note | null {
  if (bytes.length > mostNoteBytes) return null
  let whole: string
  try {
    whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
  const end = whole.lastIndexOf('\n\n')
  if (end < 0 || !whole.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(whole)) return null
  const lines = whole.slice(end + 2, -1).split('\n')
  if (lines.length > mostSignatures) return null
  const signatures = lines.map(parseSignature)
  return signatures.every(one => one !== null) ? { text: whole.slice(0, end + 1), signatures } : null
}

/** One signature line, without its line feed. */
export function parseSignature(line: string): Signature | null {
  const [name, encoded, ...more] = line.startsWith(dash) ? line.slice(dash.length).split(' ') : []
  const bytes = encoded === undefined ? null : fromBase64(encoded)
  if (!name || !namePattern.test(name) || more.length > 0 || bytes === null || bytes.length < 5) return null
  return { name, id: bytes.subarray(0, 4), bytes: bytes.subarray(4), line }
}

/**
 * By which of these a note is signed. Signatures of others do not count; a wrong one of a known key, or no known key
 * at all, makes the note worthless: null.
 */
export function openNote(bytes: Uint8Array, verifiers: readonly Verifier[]): (Note & { by: Verified[] }) | null {
  const note = parseNote(bytes)
  if (note === null) return null
  const by: Verified[] = []
  for (const signature of note.signatures) {
    const known = verifiers.filter(one => one.name === signature.name && one.id.equals(signature.id))
    if (known.length > 1) return null
    if (known.length === 0 || by.some(one => one.by === known[0])) continue
    const verified = verifySignature(note.text, signature, known[0]!)
    if (verified === null) return null
    by.push(verified)
  }
  return by.length === 0 ? null : { ...note, by }
}

function verifySignature(text: string, { bytes }: Signature, by: Verifier): Verified | null {
  if (by.type === 1)
    return bytes.length === 64 && verify(null, Buffer.from(text), by.key, bytes) ? { by, seconds: null } : null
  if (bytes.length !== 72) return null
  const seconds = bytes.readBigUInt64BE()
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) return null
  const signed = verify(null, Buffer.from(cosigned(text, Number(seconds))), by.key, bytes.subarray(8))
  return signed ? { by, seconds: Number(seconds) } : null
}

function cosigned(text: string, seconds: number): string {
  return `cosignature/v1\ntime ${seconds}\n${text}`
}

/** `NAME+ID+BASE64` as a verifier, or null where it is none, or of an unknown kind. */
export function parseVerifier(text: string): Verifier | null {
  const [, name, hex, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text) ?? []
  const bytes = encoded === undefined ? null : fromBase64(encoded)
  const type = bytes?.[0]
  if (name === undefined || bytes === null || bytes.length !== 33 || (type !== 1 && type !== 4)) return null
  const made = namePattern.test(name) ? verifierOf(name, type, bytes.subarray(1)) : null
  return made?.id.toString('hex') === hex ? made : null
}

function verifierOf(name: string, type: SignatureType, raw: Buffer): Verifier {
  const typed = Buffer.concat([Buffer.from([type]), raw])
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4)
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') } })
  return { name, id, type, key, text: `${name}+${id.toString('hex')}+${typed.toString('base64')}` }
}

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A signer from 32 secret bytes. The name is of no spaces and no `+`. */
export function signerOf(name: string, seed: Uint8Array, type: SignatureType = 1): Signer {
  if (!namePattern.test(name) || seed.length !== 32) throw new TypeError('not a name or a seed of a signer')
  const secret = createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([pkcs8, seed]) })
  const raw = Buffer.from(createPublicKey(secret).export({ format: 'jwk' }).x!, 'base64url')
  const verifier = verifierOf(name, type, raw)
  return {
    verifier,
    sign(text, seconds = 0) {
      const message = type === 1 ? text : cosigned(text, seconds)
      const time = Buffer.alloc(type === 1 ? 0 : 8)
      if (type === 4) time.writeBigUInt64BE(BigInt(seconds))
      const bytes = Buffer.concat([verifier.id, time, sign(null, Buffer.from(message), secret)])
      return `${dash}${name} ${bytes.toString('base64')}\n`
    },
  }
}

/** `PRIVATE+KEY+NAME+ID+BASE64`, the form in which golang.org/x/mod/sumdb/note keeps a signer. */
export function writeSigner(name: string, seed: Uint8Array, type: SignatureType = 1): string {
  const id = signerOf(name, seed, type).verifier.id.toString('hex')
  return `PRIVATE+KEY+${name}+${id}+${Buffer.concat([Buffer.from([type]), seed]).toString('base64')}`
}

/** The signer, or null where the text is none. */
export function parseSigner(text: string): Signer | null {
  const [, name, hex, encoded] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? []
  const bytes = encoded === undefined ? null : fromBase64(encoded)
  const type = bytes?.[0]
  if (name === undefined || bytes === null || bytes.length !== 33 || (type !== 1 && type !== 4)) return null
  const signer = namePattern.test(name) ? signerOf(name, bytes.subarray(1), type) : null
  return signer?.verifier.id.toString('hex') === hex ? signer : null
}
