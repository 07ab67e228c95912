/** IP addresses and networks in one spelling each, so that a binding cannot be missed by another spelling of it. */
import { BlockList, isIP, SocketAddress } from 'node:net'

/**
 * An IP address in its one normal form (RFC 5952 for IPv6; an IPv4-mapped address is the IPv4 address; a zone is
 * dropped), or null where the text is no address.
 */
export function normalizeAddress(text: string): string | null {
  if (text.length > 64) return null
  const zone = text.indexOf('%')
  const bare = zone < 0 ? text : text.slice(0, zone)
  const family = isIP(bare)
  if (family === 0 || (family === 4 && zone >= 0)) return null
  if (family === 4) return bare
  const bits = addressBits(bare)
  if (bits >> 32n === 0xffffn) return ipv4Text(bits & 0xffff_ffffn)
  return new SocketAddress({ address: bare, family: 'ipv6' }).address
}

/**
 * What limits and counts hold on to: an IPv4 address, or the /64 network of an IPv6 address, as one subscriber has the
 * whole of it. `address` is in normal form.
 */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6) return address
  const network = (addressBits(address) >> 64n) << 64n
  return `${ipv6Text(network)}/64`
}

export type Network = {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
  /** `10.1.0.0/16`. */
  readonly text: string
}

/** Why a text is no network: not an address, a wrong prefix length, or bits beyond the prefix (then what is meant). */
export type NetworkFault = { readonly fault: 'shape' } | { readonly fault: 'host_bits'; readonly meant: string }

/** Reads `10.1.0.0/16`, `2001:db8::/32` or a single address. Bits beyond the prefix are a fault: the writer erred. */
export function parseNetwork(text: string): Network | NetworkFault {
  const match = /^([0-9a-fA-F.:]{2,45})(?:\/(0|[1-9]\d{0,2}))?$/.exec(text)
  const address = match === null ? null : normalizeAddress(match[1]!)
  if (match === null || address === null) return { fault: 'shape' }
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  // An IPv4-mapped network is written as IPv4: a prefix length counted over 128 bits would mean something else.
  if (family === 'ipv4' && isIP(match[1]!) === 6) return { fault: 'shape' }
  const width = family === 'ipv4' ? 32 : 128
  const prefix = match[2] === undefined ? width : Number(match[2])
  if (prefix > width) return { fault: 'shape' }
  const bits = addressBits(address)
  const rest = BigInt(width - prefix)
  const network = (bits >> rest) << rest
  const start = family === 'ipv4' ? ipv4Text(network) : ipv6Text(network)
  if (network !== bits) return { fault: 'host_bits', meant: `${start}/${prefix}` }
  return { address: start, prefix, family, text: `${start}/${prefix}` }
}

/** Whether two networks have an address in common: then one holds the other. */
export function overlaps(one: Network, other: Network): boolean {
  if (one.family !== other.family) return false
  const rest = BigInt((one.family === 'ipv4' ? 32 : 128) - Math.min(one.prefix, other.prefix))
  return addressBits(one.address) >> rest === addressBits(other.address) >> rest
}

export type Networks = { has(address: string): boolean }

/** A set of networks written in CIDR. Throws a TypeError on text that `parseNetwork` refuses: check it before. */
export function networksOf(texts: readonly string[]): Networks {
  const list = new BlockList()
  for (const text of texts) {
    const network = parseNetwork(text)
    if ('fault' in network) throw new TypeError('not a network')
    list.addSubnet(network.address, network.prefix, network.family)
  }
  return {
    has(address) {
      const family = isIP(address)
      return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
    },
  }
}

function addressBits(address: string): bigint {
  if (isIP(address) === 4) return ipv4Bits(address)
  const [head = '', tail] = address.split('::')
  const front = groups(head)
  const back = tail === undefined ? [] : groups(tail)
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back]
  return all.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n)
}

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap(part => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const bits = Number(ipv4Bits(part))
    return [Math.floor(bits / 65536), bits % 65536]
  })
}

function ipv4Bits(text: string): bigint {
  return text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n)
}

function ipv4Text(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (bits >> shift) & 255n).join('.')
}

function ipv6Text(bits: bigint): string {
  const parts = Array.from({ length: 8 }, (_, at) => ((bits >> BigInt(112 - 16 * at)) & 0xffffn).toString(16))
  return new SocketAddress({ address: parts.join(':'), family: 'ipv6' }).address
}
