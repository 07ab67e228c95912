/**
 * Consumers by HTTP message signatures (RFC 9421): each request is signed by the consumer's own key. What must be covered:
 * method, whole target, authority, every `Veilgate-*` header, and with a body its Content-Digest (RFC 9530), which the core
 * holds the body to. Each has a time and a nonce, and counts once. An operator that is stated and covered is a signed one.
 *
 * Nonces are forgotten when the gateway ends, so one made before it began counts for nothing; and none counts before its
 * time has come, else one made by a clock that is ahead could be shown once more to the gateway's successor.
 */
import type { KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type InnerList, isInnerList, parseDictionary } from 'structured-headers'
import type { Bilingual, BodyDigest, Caller, Identify, IdentityPlugin, RequestHead } from '../../gateway/contracts.ts'
import { byConsumer } from './by-consumer.ts'
import { type Algorithm, algorithms, isSigned, publicKey } from './http-signature/algorithms.ts'
import { covered, signatureBase } from './http-signature/message.ts'

type Declared = {
  readonly key_id: string
  readonly algorithm: Algorithm
  readonly public_key: string
  readonly max_age?: number
}
type Options = { readonly consumers: Readonly<Record<string, Declared>> }

export const httpSignature: IdentityPlugin<Options> = {
  kind: 'identity',
  name: 'http_signature',
  summary: {
    zh: '逐个签名的请求（RFC 9421）：Signature-Input 与 Signature，每个只认一次',
    en: 'Requests signed one by one (RFC 9421): Signature-Input and Signature, each of which counts once',
  },
  options: byConsumer('By consumer: the key its requests are signed with.', {
    type: 'object',
    additionalProperties: false,
    required: ['key_id', 'algorithm', 'public_key'],
    properties: {
      key_id: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$', description: 'The `keyid` of signatures.' },
      algorithm: { enum: algorithms, description: 'The only one that counts, whatever a signature says.' },
      public_key: { type: 'string', minLength: 40, maxLength: 4000, description: 'PEM, or base64 of its SPKI.' },
      max_age: {
        type: 'integer',
        minimum: 5,
        maximum: 300,
        description: 'Seconds a signature counts. Default 60.',
      },
    },
  }),
  headers: () => ['signature', 'signature-input', 'content-digest'],
  check: ({ consumers }) => wrongKey(consumers),
  create: ({ consumers }) => bySignature(consumers),
}

function wrongKey(consumers: Options['consumers']): { consumer: string; words: Bilingual } | null {
  const words = {
    zh: '不是该算法可用的公钥，或 key_id 重复',
    en: 'no public key for this algorithm, or its key_id is taken',
  }
  const taken = new Set<string>()
  for (const [consumer, { key_id: id, algorithm, public_key: text }] of Object.entries(consumers)) {
    if (taken.has(id) || publicKey(text, algorithm) === null) return { consumer, words }
    taken.add(id)
  }
  return null
}

type Signer = {
  readonly consumer: string
  readonly algorithm: Algorithm
  readonly key: KeyObject
  readonly maxAge: number
}

/** Seconds by which a signer's clock may be ahead: its requests wait until then. */
const ahead = 5
const longest = 8192
const nonceShape = /^[\x21-\x7e]{8,128}$/

function bySignature(consumers: Options['consumers']): Identify {
  const signers = new Map<string, Signer>()
  for (const [consumer, { key_id: id, algorithm, public_key: text, max_age: maxAge = 60 }] of Object.entries(
    consumers,
  )) {
    const key = publicKey(text, algorithm)
    if (key === null || signers.has(id)) throw new Error('no public key for this algorithm')
    signers.set(id, { consumer, algorithm, key, maxAge })
  }
  const began = Math.floor(Date.now() / 1000)
  return (request, peer) => {
    const { 'signature-input': inputs, signature: signatures } = request.headers
    if (inputs === undefined && signatures === undefined) return null
    const [input, signature, ...more] = [...(inputs ?? []), ...(signatures ?? [])]
    if (input === undefined || signature === undefined || more.length > 0) throw new Error('not one of both')
    if (input.length > longest || signature.length > longest) throw new Error('too long')
    const { signer, list, bytes } = oursAmong(input, signature, signers)
    const created = checkTime(list, signer)
    checkCoverage(request, covered(list))
    if (!isSigned(signatureBase(request, peer.secure, list), bytes, signer.key, signer.algorithm))
      throw new Error('the signature is wrong')
    // of that second nobody knows what the gateway before this one was shown
    if (created <= began) return { unavailable: 1 }
    const caller = callerOf(request, signer, list)
    const early = created * 1000 - Date.now()
    return early > 0 ? sleep(early, caller, { ref: false }) : caller
  }
}

/** The one signature by a key of ours; those of others (a proxy's, say) are not looked at. */
function oursAmong(input: string, signature: string, signers: ReadonlyMap<string, Signer>) {
  const values = parseDictionary(signature)
  const ours = [...parseDictionary(input)].flatMap(([label, list]) => {
    const signer = isInnerList(list) ? signers.get(String(list[1].get('keyid'))) : undefined
    return signer === undefined ? [] : [{ label, list: list as InnerList, signer }]
  })
  const [found, ...others] = ours
  if (found === undefined || others.length > 0) throw new Error('not one signature by a key that is known')
  const value = values.get(found.label)
  if (value === undefined || isInnerList(value) || !(value[0] instanceof ArrayBuffer)) throw new Error('no signature')
  const algorithm = found.list[1].get('alg')
  if (algorithm !== undefined && algorithm !== found.signer.algorithm) throw new Error('another algorithm')
  return { ...found, bytes: new Uint8Array(value[0]) }
}

/** Seconds since 1970 at which it was made. Throws where that is too long ago, or too far ahead. */
function checkTime([, parameters]: InnerList, { maxAge }: Signer): number {
  const now = Date.now() / 1000
  const [created, expires] = [parameters.get('created'), parameters.get('expires')]
  if (typeof created !== 'number' || created > now + ahead || created < now - maxAge) throw new Error('too old')
  if (expires !== undefined && !(typeof expires === 'number' && expires > now)) throw new Error('expired')
  return created
}

function checkCoverage({ headers, target }: RequestHead, names: ReadonlySet<string>): void {
  const isWhole = names.has('@target-uri')
  const isTarget =
    isWhole || names.has('@request-target') || (names.has('@path') && (names.has('@query') || !target.includes('?')))
  const isAuthority = isWhole || names.has('@authority')
  const stated = Object.keys(headers).filter(name => name.startsWith('veilgate-') || name === 'prefer')
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? ['0'])[0] !== '0'
  const must = ['@method', ...stated, ...(hasBody ? ['content-digest'] : [])]
  if (!isTarget || !isAuthority || !must.every(name => names.has(name))) throw new Error('too little is covered')
}

function callerOf({ headers }: RequestHead, { consumer }: Signer, [, parameters]: InnerList): Caller {
  const nonce = parameters.get('nonce')
  if (typeof nonce !== 'string' || !nonceShape.test(nonce)) throw new Error('no nonce')
  const [operator] = headers['veilgate-operator'] ?? []
  const digest = headers['content-digest']?.[0]
  return {
    consumer,
    strong: true,
    once: nonce,
    ...(operator !== undefined && { operator }),
    ...(digest !== undefined && { bodyDigest: digestOf(digest) }),
  }
}

/** The strongest digest that is known (RFC 9530 2). Throws where there is none. */
function digestOf(text: string): BodyDigest {
  const values = parseDictionary(text)
  for (const [name, algorithm, length] of [['sha-512', 'sha512', 64] as const, ['sha-256', 'sha256', 32] as const]) {
    const value = values.get(name)
    if (value === undefined || isInnerList(value) || !(value[0] instanceof ArrayBuffer)) continue
    if (value[0].byteLength === length) return { algorithm, value: new Uint8Array(value[0]) }
  }
  throw new Error('no digest that is known')
}
