/** Terminals: the places from which more may be seen, as networks and client certificates. */
import { networksOf } from '../address.ts'
import type { Peer } from '../contracts.ts'

/** `address` in normal form. `certificate`: SHA-256 of the client's, in lower hexadecimal digits; null: the connection has none. */
export type Place = { readonly address: string; readonly certificate: () => string | null }

type Read = { readonly networks: ReturnType<typeof networksOf> | null; readonly certificates: readonly string[] }

const certificatePrefix = 'cert:'
/** Lists of grants and consumers, which are asked about again. */
const read = new WeakMap<readonly string[], Read>()

/** Whether a place is one of these: networks in CIDR, and `cert:` with a SHA-256. Of each kind that is named one must fit; where none is named, nothing is. */
export function isTerminal(terminals: readonly string[], { address, certificate }: Place): boolean {
  if (terminals.length === 0) return false
  const { networks, certificates } = readOnce(terminals)
  if (networks !== null && !networks.has(address)) return false
  if (certificates.length === 0) return true
  const shown = certificate()
  return shown !== null && certificates.includes(certificatePrefix + shown)
}

/** The SHA-256 of the certificate that a caller has shown. */
export function fingerprintOf(peer: Peer): string | null {
  return peer.certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? null
}

function readOnce(terminals: readonly string[]): Read {
  const known = read.get(terminals)
  if (known !== undefined) return known
  const certificates = terminals.filter(one => one.startsWith(certificatePrefix))
  const networks = terminals.filter(one => !one.startsWith(certificatePrefix))
  const made = { networks: networks.length === 0 ? null : networksOf(networks), certificates }
  read.set(terminals, made)
  return made
}
