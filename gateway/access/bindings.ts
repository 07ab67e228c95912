import { type Networks, networksOf } from '../address.ts'
import type { Consumer } from '../config/config.ts'
import type { Peer } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import { clockIn, isWithin } from './clock.ts'
import { createNeighbours, type MacOf } from './neighbours.ts'

/** From where and when a consumer may call. */
export type Bindings = {
  /** Whether the address is one of the consumer's; false where it declares none. */
  isFrom(consumer: Consumer, peer: Peer): boolean
  /** Throws Refusal ADDRESS_NOT_ALLOWED (address, port, MAC), CONSUMER_EXPIRED, TIME_NOT_ALLOWED. */
  hold(consumer: Consumer, peer: Peer): void
}

export type BindingParts = {
  readonly timezone: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly macOf?: MacOf
}

export function createBindings(consumers: readonly Consumer[], parts: BindingParts): Bindings {
  const { now, macOf = createNeighbours(now) } = parts
  const networks = new Map<string, Networks>()
  for (const { name, addresses } of consumers) if (addresses.length > 0) networks.set(name, networksOf(addresses))
  const localTime = clockIn(parts.timezone)
  const isFrom = (consumer: Consumer, peer: Peer) => networks.get(consumer.name)?.has(peer.address) ?? false
  return {
    isFrom,
    hold(consumer, peer) {
      if (consumer.addresses.length > 0 && !isFrom(consumer, peer)) throw new Refusal('ADDRESS_NOT_ALLOWED')
      if (consumer.ports.length > 0 && !isAtPort(consumer, peer)) throw new Refusal('ADDRESS_NOT_ALLOWED')
      if (consumer.macs.length > 0 && !hasMac(consumer, peer, macOf)) throw new Refusal('ADDRESS_NOT_ALLOWED')
      if (consumer.from !== null && now() < consumer.from) throw new Refusal('CONSUMER_EXPIRED')
      if (consumer.until !== null && now() >= consumer.until) throw new Refusal('CONSUMER_EXPIRED')
      if (consumer.hours.length > 0 && !isWithin(consumer.hours, localTime(now())))
        throw new Refusal('TIME_NOT_ALLOWED')
    },
  }
}

/** Behind a proxy nobody knows the caller's port. */
function isAtPort({ ports }: Consumer, { port }: Peer): boolean {
  return port !== null && ports.some(({ first, last }) => port >= first && port <= last)
}

/** Behind a proxy the neighbour is the proxy. */
function hasMac({ macs }: Consumer, { address, socket }: Peer, macOf: MacOf): boolean {
  const mac = address === socket ? macOf(address) : null
  return mac !== null && macs.includes(mac)
}
