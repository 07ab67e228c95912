import { isIP } from 'node:net'
import { networksOf, normalizeAddress } from '../address.ts'
import type { TrustedProxies } from '../config/config.ts'
import { Refusal } from '../errors.ts'

/** More than any chain of proxies writes; what is longer is not read. */
const maxForwardedLength = 4096

/**
 * Finds the caller's address. Each trusted proxy appends the address it was called from to `X-Forwarded-For`, so the
 * list is walked from its right end, one entry for each trusted hop, and only while the address it has come to is
 * itself a trusted proxy: what a caller wrote into the header is never reached, and a caller that goes around the
 * proxies is known by its own address.
 *
 * The function returned takes the socket's address and all values of `X-Forwarded-For` in the order they came, and
 * gives the address in normal form. Throws Refusal HEADER_MALFORMED where an entry it needs is no address.
 */
export function callerAddress(proxies: TrustedProxies): (socket: string, forwarded: readonly string[]) => string {
  const trusted = networksOf(proxies.networks)
  return (socket, forwarded) => {
    let address = normalizeAddress(socket)
    if (address === null) throw new Refusal('HEADER_MALFORMED')
    if (proxies.hops === 0 || forwarded.length === 0 || !trusted.has(address)) return address
    const joined = forwarded.join(',')
    if (joined.length > maxForwardedLength) throw new Refusal('HEADER_MALFORMED')
    const entries = joined.split(',')
    for (let hop = 0; hop < proxies.hops && entries.length > 0 && trusted.has(address); hop++) {
      address = entryAddress(entries.pop()!.trim())
      if (address === null) throw new Refusal('HEADER_MALFORMED')
    }
    return address
  }
}

/** Proxies write an address, and some a port behind it: `10.1.2.3:4711`, `[2001:db8::1]:4711`. */
function entryAddress(entry: string): string | null {
  const bracketed = /^\[([^\]]{2,64})\](?::\d{1,5})?$/.exec(entry)
  if (bracketed !== null) return isIP(bracketed[1]!) === 6 ? normalizeAddress(bracketed[1]!) : null
  const ported = /^([\d.]{7,15}):\d{1,5}$/.exec(entry)
  return normalizeAddress(ported === null ? entry : ported[1]!)
}
