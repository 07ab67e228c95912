import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** What leaves the gateway to come back to it, readable and changeable by nobody in between. */
export type Seal = {
  /** `plain` may be any text; `context` says what it is for and must be the same to open it. base64url. */
  seal(plain: string, context: string): string
  /** The text, or null: not sealed by one of these keys, changed, or for another context. */
  open(sealed: string, context: string): string | null
  /** The same of bytes. */
  sealBytes(plain: Uint8Array, context: string): string
  openBytes(sealed: string, context: string): Buffer | null
}

const version = 1
const sizes = { id: 4, salt: 16, tag: 16 }
const head = 1 + sizes.id + sizes.salt
/** Longer than any header that gets here, and than the states of pages. */
const maxSealed = 4 * 1024 * 1024

/**
 * AES-256-GCM under a key and nonce of its own for each message (HKDF-SHA-256 over a random salt, as in RFC 8188), so
 * that no number of messages wears the key out. The first secret seals; all of them open, so that what was sealed before
 * a rotation still opens. Each is 32 random bytes.
 *
 * Layout: version, 4 bytes that name the key, salt, ciphertext, tag. `context` and the head are authenticated.
 */
export function createSeal(secrets: readonly Uint8Array[], random: (size: number) => Uint8Array = randomBytes): Seal {
  const [first] = secrets
  if (first === undefined) throw new TypeError('a seal needs a secret')
  const byId = new Map(secrets.map(secret => [nameOf(secret).toString('hex'), secret]))

  const seal: Seal = {
    seal: (plain, context) => seal.sealBytes(Buffer.from(plain, 'utf8'), context),
    open: (sealed, context) => seal.openBytes(sealed, context)?.toString('utf8') ?? null,
    sealBytes: (plain, context) => sealBytes(first, plain, context, random).toString('base64url'),

    openBytes(sealed, context) {
      if (sealed.length > maxSealed || !/^[A-Za-z0-9_-]+$/.test(sealed)) return null
      const bytes = Buffer.from(sealed, 'base64url')
      // RFC 4648 3.5: bits that decoding drops would let one sealed text be written in several ways
      if (bytes.toString('base64url') !== sealed) return null
      return openWith(byId, bytes, context)
    },
  }
  return seal
}

/** The same for bytes of any number. */
export function sealBytes(
  secret: Uint8Array,
  plain: Uint8Array,
  context: string,
  random: (size: number) => Uint8Array = randomBytes,
): Buffer {
  const start = Buffer.concat([Buffer.of(version), nameOf(secret), random(sizes.salt)])
  const { key, nonce } = derive(secret, start.subarray(1 + sizes.id))
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: sizes.tag })
  cipher.setAAD(Buffer.concat([start, Buffer.from(context, 'utf8')]))
  const body = [cipher.update(plain), cipher.final()]
  return Buffer.concat([start, ...body, cipher.getAuthTag()])
}

/** What `sealBytes` sealed by one of these secrets; null: it did not, or it was changed, or for another context. */
export function openBytes(secrets: readonly Uint8Array[], sealed: Uint8Array, context: string): Buffer | null {
  const byId = new Map(secrets.map(secret => [nameOf(secret).toString('hex'), secret]))
  return openWith(byId, Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length), context)
}

function openWith(byId: ReadonlyMap<string, Uint8Array>, bytes: Buffer, context: string): Buffer | null {
  if (bytes.length < head + sizes.tag || bytes[0] !== version) return null
  const secret = byId.get(bytes.toString('hex', 1, 1 + sizes.id))
  if (secret === undefined) return null
  const { key, nonce } = derive(secret, bytes.subarray(1 + sizes.id, head))
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: sizes.tag })
  decipher.setAAD(Buffer.concat([bytes.subarray(0, head), Buffer.from(context, 'utf8')]))
  decipher.setAuthTag(bytes.subarray(-sizes.tag))
  const body = decipher.update(bytes.subarray(head, -sizes.tag))
  try {
    decipher.final()
  } catch {
    return null
  }
  return body
}

function derive(secret: Uint8Array, salt: Uint8Array): { key: Buffer; nonce: Buffer } {
  const bytes = Buffer.from(hkdfSync('sha256', secret, salt, 'veilgate seal v1', 32 + 12))
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) }
}

/** Says which key, and nothing about it. */
function nameOf(secret: Uint8Array): Buffer {
  return createHash('sha256').update('veilgate seal id\0').update(secret).digest().subarray(0, sizes.id)
}
