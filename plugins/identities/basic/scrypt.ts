/** Passwords at rest: scrypt (RFC 7914), as `$scrypt$ln=15,r=8,p=1$SALT$HASH`. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt)

type Hash = { readonly cost: number; readonly salt: Uint8Array; readonly value: Uint8Array }

/** What a hash looks like. */
export const hashPattern = '^\\$scrypt\\$ln=(?:1[4-9]|20),r=8,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}$'

/** Throws where the text is none. */
export function parseHash(text: string): Hash {
  const [, cost, salt, value] = /^\$scrypt\$ln=(\d{1,2}),r=8,p=1\$([^$]+)\$([^$]+)$/.exec(text) ?? []
  if (cost === undefined) throw new Error('not a hash')
  return { cost: Number(cost), salt: Buffer.from(salt!, 'base64'), value: Buffer.from(value!, 'base64') }
}

/** A hash that no password has, and that takes as long to find wrong. */
export function nobodysHash(cost: number): Hash {
  return { cost, salt: randomBytes(16), value: randomBytes(32) }
}

export async function isPassword(password: string, { cost, salt, value }: Hash): Promise<boolean> {
  const made = await deriveAt(cost, password, salt)
  return made.length === value.length && timingSafeEqual(made, value)
}

/** What is kept of a password. `cost`: the binary logarithm of scrypt's N. */
export async function hashPassword(password: string, cost = 15): Promise<string> {
  const salt = randomBytes(16)
  return writeHash({ cost, salt, value: await deriveAt(cost, password, salt) })
}

export function writeHash({ cost, salt, value }: Hash): string {
  const bare = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '')
  return `$scrypt$ln=${cost},r=8,p=1$${bare(salt)}$${bare(value)}`
}

function deriveAt(cost: number, password: string, salt: Uint8Array): Promise<Buffer> {
  return derive(password.normalize('NFC'), salt, 32, { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** (cost + 11) })
}
