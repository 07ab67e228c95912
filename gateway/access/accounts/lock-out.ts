/**
 * Guessing is slow: after five failures an account, and an address, wait; longer with each failure after that. An attempt
 * is counted before the password is looked at, so that a hundred at the same moment are not a hundred guesses.
 * Names that are nobody's are counted as well, so that being locked out says nothing of who is there.
 */
import { createHash } from 'node:crypto'
import { addressGroup } from '../../address.ts'

/** Failures before waiting begins. */
const freeFailures = 5
/** Milliseconds: the first wait, the longest, and after how long without any failures are forgotten. */
const [firstWait, longestWait, forgotten] = [60_000, 3_600_000, 86_400_000]
/** Addresses, and names that are nobody's; the oldest go first. */
const mostKept = 10_000

type Counter = {
  failures: number
  until: number
  last: number /** Addresses that failed on an account. */
  from: Set<string>
}

export type Attempt = {
  /** The failures of the account are over. */
  succeeded(): void
  /** Not looked at: as if it had not been. */
  withdrawn(): void
  /** Whether this was the failure that made somebody wait. */
  readonly locks: boolean
}

export type Tried = {
  readonly name: string
  /** Whether there is an account of that name. */
  readonly known: boolean
  readonly address: string
  readonly now: number
}

export type LockOut = {
  /** Counts an attempt as failed; or says how many seconds to wait, and counts nothing. */
  begin(tried: Tried): Attempt | { readonly wait: number }
  /** An account's failures, and those of the addresses they came from, do not count any more up to this moment. */
  forgive(name: string, until: number): void
}

export function createLockOut(): LockOut {
  const accounts = new Map<string, Counter>()
  const nobodies = new Map<string, Counter>()
  const addresses = new Map<string, Counter>()
  const counterIn = (map: Map<string, Counter>, key: string, bound: boolean): Counter => {
    const found = map.get(key)
    if (found !== undefined) return found
    for (const old of map.keys()) if (bound && map.size >= mostKept) map.delete(old)
    const made = { failures: 0, until: 0, last: 0, from: new Set<string>() }
    map.set(key, made)
    return made
  }
  return {
    begin({ name, known, address, now }) {
      const group = addressGroup(address)
      const byName = known ? counterIn(accounts, name, false) : counterIn(nobodies, hashOf(name), true)
      const byAddress = counterIn(addresses, group, true)
      const wait = Math.max(byName.until, byAddress.until) - now
      if (wait > 0) return { wait: Math.ceil(wait / 1000) }
      const both = [byName, byAddress]
      for (const counter of both) charge(counter, now)
      if (byName.from.size < 16) byName.from.add(group)
      return {
        locks: both.some(counter => counter.until > now),
        succeeded() {
          clear(byName)
          discharge(byAddress)
        },
        withdrawn() {
          for (const counter of both) discharge(counter)
        },
      }
    },
    forgive(name, until) {
      const counter = accounts.get(name)
      if (counter === undefined || counter.last > until) return
      for (const group of counter.from) {
        const there = addresses.get(group)
        if (there !== undefined && there.last <= until) clear(there)
      }
      clear(counter)
    },
  }
}

function charge(counter: Counter, now: number): void {
  if (now - counter.last > forgotten) clear(counter)
  counter.failures++
  counter.last = now
  counter.until = untilOf(counter)
}

function discharge(counter: Counter): void {
  counter.failures = Math.max(0, counter.failures - 1)
  counter.until = untilOf(counter)
}

function untilOf({ failures, last }: Counter): number {
  return failures < freeFailures ? 0 : last + Math.min(firstWait * 2 ** (failures - freeFailures), longestWait)
}

function clear(counter: Counter): void {
  counter.failures = 0
  counter.until = 0
  counter.from.clear()
}

/** Somebody may have typed a password in the place of a name. */
function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url')
}
