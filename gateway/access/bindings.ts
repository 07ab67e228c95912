import { type Networks, networksOf } from '../address.ts'
import type { Consumer } from '../config/config.ts'
import type { Peer } from '../contracts.ts'
import { Refusal } from '../errors.ts'
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
  const localTime = clockOf(parts)
  const isFrom = (consumer: Consumer, peer: Peer) => networks.get(consumer.name)?.has(peer.address) ?? false
  return {
    isFrom,
    hold(consumer, peer) {
      if (consumer.addresses.length > 0 && !isFrom(consumer, peer)) throw new Refusal('ADDRESS_NOT_ALLOWED')
      if (consumer.ports.length > 0 && !isAtPort(consumer, peer)) throw new Refusal('ADDRESS_NOT_ALLOWED')
      if (consumer.macs.length > 0 && !hasMac(consumer, peer, macOf)) throw new Refusal('ADDRESS_NOT_ALLOWED')
      if (consumer.from !== null && now() < consumer.from) throw new Refusal('CONSUMER_EXPIRED')
      if (consumer.until !== null && now() >= consumer.until) throw new Refusal('CONSUMER_EXPIRED')
      if (consumer.hours.length > 0 && !isInTime(consumer, localTime())) throw new Refusal('TIME_NOT_ALLOWED')
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

type LocalTime = { readonly day: number; readonly minute: number }

/** Hours that go past midnight are of the day they begin on. */
function isInTime({ hours }: Consumer, { day, minute }: LocalTime): boolean {
  return hours.some(({ days, from, to }) => {
    if (from < to) return days.includes(day) && minute >= from && minute < to
    return (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to)
  })
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Day of the week and minute in a timezone; formatted once a minute. */
function clockOf({ timezone, now }: BindingParts): () => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  let [at, time]: [number, LocalTime] = [Number.NaN, { day: 0, minute: 0 }]
  return () => {
    const minute = Math.floor(now() / 60_000)
    if (minute === at) return time
    const parts = new Map(format.formatToParts(minute * 60_000).map(({ type, value }) => [type, value]))
    const sinceMidnight = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
    time = { day: dayNames.indexOf(parts.get('weekday')!), minute: sinceMidnight }
    at = minute
    return time
  }
}
