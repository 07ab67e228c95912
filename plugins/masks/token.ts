import { createHash } from 'node:crypto'
import { aessiv } from '@noble/ciphers/aes.js'
import type { KeyRing, MaskPlugin, Scope } from '../../gateway/contracts.ts'
import { scopeText } from './scoped.ts'
import { Siv } from './siv.ts'

/** What every token looks like; the gateway looks for this in what callers send. */
const shape = /^vg1\.([\w-]{8})\.([\w-]{43,8192})$/
/** UTF-8 bytes of a value; a longer one is no identifier, and takes the stricter form. */
const longest = 4096
/** Values are padded to a multiple of this, so that a token does not tell a short name from a long one. */
const block = 16

/**
 * Tokens: deterministic authenticated encryption (AES-SIV, RFC 5297, with two keys of 256 bits), so that the gateway can
 * give the value back without a store. Consumer, purpose, data type and the key's own name are authenticated along: a
 * token from another scope does not open, and no two scopes have a token in common. Made by `siv.ts`, about 3 µs a value; opened
 * by the library that its tests hold it against.
 */
export const token: MaskPlugin<object> = {
  kind: 'mask',
  name: 'token',
  summary: {
    zh: '可还原的令牌（AES-SIV）：同一调用方、用途、类型下同值同令牌，只有网关能还原，伪造或他人的令牌无效',
    en: 'A token that the gateway can turn back (AES-SIV): equal for equal values within one consumer, purpose and data type; forged ones and those of others do not open',
  },
  options: { type: 'object', additionalProperties: false, properties: {} },
  examples: [],
  create(_options, keys) {
    const current = keysOf(keys.secret('mask:token'))
    const siv = new Siv(current.secret)
    // The engine hands the same scope for all values of a type in a body.
    const known = new WeakMap<Scope, Buffer>()
    return {
      isMasked: text => shape.test(text),
      mask(value, scope) {
        if (!value.isWellFormed() || value.length > longest) return null
        const bytes = padded(Buffer.from(value, 'utf8'))
        if (bytes.length > longest) return null
        let about = known.get(scope)
        if (about === undefined) known.set(scope, (about = siv.about(...aboutOf(current, scope))))
        return `vg1.${current.id}.${siv.seal(bytes, about).toString('base64url')}`
      },
      restore(text, scope) {
        const read = shape.exec(text)
        const key = read === null ? undefined : readable(keys).find(({ id }) => id === read[1])
        if (key === undefined) throw new Error('not a token of this gateway')
        const sealed = Buffer.from(read![2]!, 'base64url')
        // Base64 has several spellings of some bytes; a token has one.
        if (sealed.toString('base64url') !== read![2]) throw new Error('not a token of this gateway')
        return unpadded(cipher(key, scope).decrypt(sealed)).toString('utf8')
      },
    }
  },
}

type TokenKey = { readonly id: string; readonly secret: Uint8Array }

/** The name of a key says which it is, and nothing about it. */
function keysOf(secret: Uint8Array): TokenKey {
  const digest = (use: string) => createHash('sha512').update(`veilgate token ${use}\0`).update(secret).digest()
  return { id: digest('key id').subarray(0, 6).toString('base64url'), secret: new Uint8Array(digest('keys')) }
}

function readable(keys: KeyRing): readonly TokenKey[] {
  return (keys.readable?.('mask:token') ?? [keys.secret('mask:token')]).map(keysOf)
}

function cipher(key: TokenKey, scope: Scope) {
  return aessiv(key.secret, ...aboutOf(key, scope))
}

/** What is authenticated along. */
function aboutOf({ id }: TokenKey, scope: Scope): readonly [Uint8Array, Uint8Array] {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'))
  return [bytes(`vg1.${id}`), bytes(scopeText(scope))]
}

/** ISO/IEC 9797-1 padding method 2: a one bit, then zeros. */
function padded(bytes: Buffer): Uint8Array {
  const all = new Uint8Array((Math.floor(bytes.length / block) + 1) * block)
  all.set(bytes)
  all[bytes.length] = 0x80
  return all
}

function unpadded(bytes: Uint8Array): Buffer {
  const end = bytes.lastIndexOf(0x80)
  if (end < 0) throw new Error('not a token of this gateway')
  return Buffer.from(bytes.subarray(0, end))
}
