/**
 * Signed calls count once: what somebody has read on the way, or in the log of a proxy, is of no use to them. The gateway
 * has one admin listener, however many processes serve, so that it remembers for all of them.
 */
import { createHash } from 'node:crypto'
import { signatureAge } from '../access/grants/desk.ts'

/** Of one person at one time, so that nobody takes the room of others. */
const mostOfOne = 5000

export type CallsSeen = {
  /** Whether this text, signed by that person at that time, counts: not where it came before, nor where nobody can know whether it did. */
  take(person: string, text: string, time: number): 'first' | 'again' | 'full'
}

/** `now`: milliseconds since 1970. */
export function createCallsSeen(now: () => number): CallsSeen {
  /** By person: when each was signed, oldest seen first. */
  const seen = new Map<string, Map<string, number>>()
  /** Up to here nobody remembers: what the gateway before this one was shown, or what was forgotten, should the clock go back. */
  let forgotten = now() - 1
  const forget = (own: Map<string, number>): void => {
    const old = now() - signatureAge
    for (const [hash, time] of own)
      if (time < old) {
        own.delete(hash)
        forgotten = Math.max(forgotten, time)
      }
  }
  return {
    take(person, text, time) {
      const own = seen.get(person) ?? new Map<string, number>()
      seen.set(person, own)
      const hash = createHash('sha256').update(text).digest('base64url')
      // one that came again does not show that by being old
      if (time <= forgotten || own.has(hash)) return 'again'
      if (own.size >= mostOfOne) forget(own)
      if (own.size >= mostOfOne) return 'full'
      own.set(hash, time)
      return 'first'
    },
  }
}
