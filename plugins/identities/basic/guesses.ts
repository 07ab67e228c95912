/** Wrong passwords by where they come from, within a minute. */
import { isIP } from 'node:net'

/** Of one address, or one /64 of IPv6, before it waits; milliseconds until it is forgotten; how many are kept apart. */
const [most, within, mostKept] = [10, 60_000, 10_000]

export type Guesses = {
  /** Seconds for which nothing more of this address is looked at; 0: it may try. */
  wait(address: string): number
  /** One more; what is returned takes it back. */
  count(address: string): () => void
}

/** `now`: milliseconds since 1970. */
export function createGuesses(now: () => number): Guesses {
  const counted = new Map<string, { times: number; readonly since: number }>()
  const current = (key: string) => {
    const found = counted.get(key)
    return found !== undefined && Math.abs(now() - found.since) < within ? found : undefined
  }
  return {
    wait(address) {
      const found = current(groupOf(address))
      return found === undefined || found.times < most ? 0 : Math.ceil((found.since + within - now()) / 1000)
    },
    count(address) {
      const key = groupOf(address)
      const found = current(key) ?? { times: 0, since: now() }
      found.times++
      counted.delete(key)
      for (const old of counted.keys()) {
        if (counted.size < mostKept) break
        counted.delete(old)
      }
      counted.set(key, found)
      return () => {
        found.times--
      }
    },
  }
}

/** The /64 of an IPv6 address, in normal form, as one subscriber has all of it. */
function groupOf(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail = ''] = address.split('::')
  const [front, back] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)]
  const zeros = new Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0')
  return [...front, ...zeros, ...back].slice(0, 4).join(':')
}
