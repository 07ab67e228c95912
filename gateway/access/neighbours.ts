import { readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'

/** Milliseconds for which the table is not read again. */
const fresh = 1000

/**
 * The MAC address of a peer on the same link, lower case, as the kernel has resolved it (Linux: /proc/net/arp, IPv4 only);
 * null where it is not known, on any doubt, and on other systems. Any host on the link can take another's.
 */
export type MacOf = (address: string) => string | null

/** `table`: reads the kernel's table; throws where there is none. `now`: milliseconds. */
export function createNeighbours(now: () => number, table: () => string = readArp): MacOf {
  let [read, known]: [number, ReadonlyMap<string, string>] = [Number.NEGATIVE_INFINITY, new Map()]
  return address => {
    if (!isIPv4(address)) return null
    if (Math.abs(now() - read) >= fresh) [read, known] = [now(), parse(table)]
    return known.get(address) ?? null
  }
}

const readArp = (): string => readFileSync('/proc/net/arp', 'utf8')

/** Lines of `address type flags MAC mask device`; flag 2 says that the entry is complete. */
function parse(table: () => string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let text: string
  try {
    text = table()
  } catch {
    return found
  }
  for (const line of text.split('\n')) {
    const [, address, flags, mac] =
      /^(\S+)\s+0x1\s+0x([0-9a-f]+)\s+([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s/i.exec(line) ?? []
    if (address === undefined || (Number.parseInt(flags!, 16) & 2) === 0) continue
    // an address behind two interfaces is nobody's for certain
    found.set(address, found.has(address) ? '' : mac!.toLowerCase())
  }
  return found
}
