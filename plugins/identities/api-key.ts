/**
 * Consumers by API key: `Authorization: Bearer vg_…` (RFC 6750). A key is `vg_`, 256 random bits and a CRC-32 of what
 * stands before it, all in base64url; the CRC tells a mistyped or cut key, and lets scanners of source code know
 * one. gateway.yaml holds only `sha256:` and the hash of the whole key: as keys are random, that needs no salt.
 */
import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Identify, IdentityPlugin } from '../../gateway/contracts.ts'
import { byConsumer } from './by-consumer.ts'

type Options = { readonly consumers: Readonly<Record<string, string | readonly string[]>> }

const hashShape = {
  pattern: '^sha256:[0-9a-f]{64}$',
  'x-words': {
    zh: '应为 "sha256:" 加 64 位十六进制；运行 veilgate keys api-key NAME 生成密钥及其哈希',
    en: 'write "sha256:" and 64 hexadecimal digits; `veilgate keys api-key NAME` makes a key and its hash',
  },
}

export const apiKey: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'api_key',
  summary: {
    zh: 'API 密钥：Authorization: Bearer vg_…；配置中只保存其 SHA-256',
    en: 'An API key: Authorization: Bearer vg_…; the configuration holds only its SHA-256',
  },
  options: byConsumer('By consumer: the hash of its key, or a list of hashes while keys are being changed.', {
    description: 'sha256:… as printed by `veilgate keys api-key NAME`; a list while a key is being replaced.',
    type: ['string', 'array'],
    ...hashShape,
    minItems: 1,
    maxItems: 8,
    uniqueItems: true,
    items: { type: 'string', ...hashShape },
  }),
  create: ({ consumers }) => byKey(consumers),
}

const challenge = { challenge: 'Bearer realm="veilgate"' }
const prefix = 'sha256:'
const keyLength = 52
const usual = 'Bearer '
const keyShape = /^vg_[A-Za-z0-9_-]{49}$/
/** A scheme is compared without regard to case (RFC 9110 11.1); what follows is one token. */
const bearer = /^bearer +(\S+)$/i

function byKey(consumers: Options['consumers']): Identify {
  const byHash = new Map<string, { readonly consumer: string }>()
  /** Hashes that were met in a request with a whole key: what has the same hash is the same key. */
  const whole = new Map<string, { readonly consumer: string }>()
  for (const [consumer, hashes] of Object.entries(consumers)) {
    const caller = { consumer }
    for (const declared of [hashes].flat()) {
      const hash = declared.slice(prefix.length)
      if ((byHash.get(hash) ?? caller) !== caller) throw new Error('two consumers have the same API key')
      byHash.set(hash, caller)
    }
  }
  return request => {
    const values = request.headers['authorization'] ?? []
    if (values.length === 0) return challenge
    if (values.length > 1) throw new Error('more than one Authorization header')
    const likely = usualKey(values[0]!)
    const again = likely === null ? undefined : whole.get(sha256(likely))
    if (again !== undefined) return again
    const key = values[0]!.length > 4096 ? null : bearer.exec(values[0]!)?.[1]
    // Another scheme, or a token of another kind: for another identity to know, or for the core to refuse.
    if (key === undefined || !key?.startsWith('vg_')) return null
    // Looking up a hash takes no time that depends on how near a guess came.
    const hash = isApiKey(key) ? sha256(key) : ''
    const caller = byHash.get(hash)
    if (caller === undefined) throw new Error('unknown API key')
    whole.set(hash, caller)
    return caller
  }
}

/** What may be a key, where the header is written as nearly all are: such a one is hashed before anything is made of it. */
function usualKey(header: string): string | null {
  return header.length === usual.length + keyLength && header.startsWith(usual) ? header.slice(usual.length) : null
}

/** Whether a text is a whole API key without a slip. */
export function isApiKey(text: string): boolean {
  return keyShape.test(text) && text.slice(46) === checksum(text.slice(0, 46))
}

/** A new key: 52 characters, of which 256 bits are random. */
export function makeApiKey(random: Uint8Array = randomBytes(32)): string {
  const start = `vg_${Buffer.from(random).toString('base64url')}`
  return start + checksum(start)
}

/** What gateway.yaml holds of a key: `sha256:` and 64 hexadecimal digits. */
export function hashApiKey(key: string): string {
  return prefix + sha256(key)
}

/** In 64 hexadecimal digits. */
function sha256(text: string): string {
  return hash('sha256', text)
}

function checksum(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return bytes.toString('base64url')
}
