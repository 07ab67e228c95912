import { type Access, type AccessParts, createAccess } from '../../gateway/access/access.ts'
import type { Identified } from '../../gateway/access/identify.ts'
import { keyRing } from '../../gateway/access/keys.ts'
import type { Consumer } from '../../gateway/config/config.ts'
import type { Detector, Peer, RequestHead } from '../../gateway/contracts.ts'
import { Refusal } from '../../gateway/errors.ts'
import { apiKey, makeApiKey } from '../../plugins/identities/api-key.ts'
import { consumer, withKey } from '../support/consumer.ts'

export const keys = { portal: makeApiKey(), oa: makeApiKey() }

export const portal = consumer('portal', { credentials: withKey(keys.portal) })
export const oa = consumer('oa', {
  audience: 'staff',
  credentials: withKey(keys.oa),
  addresses: ['10.1.0.0/16'],
  namesOperators: true,
  purposes: ['enrolment'],
  bases: ['work_order', 'official_doc', 'consent'],
})

export function accessFor(consumers: readonly Consumer[], given: Partial<AccessParts> = {}): Access {
  return createAccess({
    consumers: new Map(consumers.map(one => [one.name, one])),
    anonymous: null,
    proxies: { hops: 0, networks: [] },
    bases: new Map(),
    failedAuthentications: 1000,
    identities: [apiKey],
    keys: keyRing(new Uint8Array(32)),
    timezone: 'Asia/Shanghai',
    now: Date.now,
    ...given,
  })
}

export function head(headers: Readonly<Record<string, string | readonly string[]>> = {}): RequestHead {
  const all = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat()] as const)
  return { method: 'GET', target: '/', headers: Object.assign(Object.create(null), Object.fromEntries(all)) }
}

/** A caller that has connected itself, without TLS. */
export function peer(address = '192.0.2.1', given: Partial<Peer> = {}): Peer {
  return { address, socket: address, port: 40_000, secure: false, certificate: () => null, ...given }
}

/** A consumer of whom nothing more is known. */
export function plain(one: Consumer, given: Partial<Identified> = {}): Identified {
  return { consumer: one, operator: null, strong: false, bodyDigest: null, once: null, ...given }
}

/** What the exchange would be refused with; the result itself where it is not. */
export async function outcome<T>(work: () => T | Promise<T>): Promise<T | string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

/** Finds runs of eleven digits that begin with 1. */
export const mobile: Detector = {
  triggers: { digits: 11 },
  checked: true,
  find: text =>
    [...text.matchAll(/(?<!\d)1\d{10}(?!\d)/g)].map(({ index, 0: found }) => ({
      start: index,
      end: index + found.length,
    })),
  normalize: value => value.replace(/\D/g, ''),
}
