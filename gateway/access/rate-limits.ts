import { BurstyRateLimiter, RateLimiterCluster, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { addressGroup } from '../address.ts'
import type { Consumer, Rate } from '../config/config.ts'
import { Refusal } from '../errors.ts'

/** Counts what a key used up. Rejects with a RateLimiterRes where nothing is left: the seam for a store that nodes share. */
export type Limiter = { consume(key: string): Promise<unknown> }
export type MakeLimiter = (name: string, points: number, seconds: number) => Limiter

/** A limiter in this process. Entries leave it when their period ends. */
const inMemory: MakeLimiter = (name, points, seconds) =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: seconds })

/** A limiter for all workers of one primary, which does the counting. One that gets no answer in time refuses. */
export const inPrimary: MakeLimiter = (name, points, seconds) =>
  new RateLimiterCluster({ keyPrefix: name, points, duration: seconds, timeoutMs: 2000 })

export type RateLimits = {
  /**
   * Uses up one request of the consumer; of one address of it, where `address` is given: callers that are anonymous
   * have nothing in common. undefined: it has no limit. Rejects with Refusal RATE_LIMITED and `retryAfter`.
   */
  take(consumer: Consumer, address: string | null): Promise<void> | undefined
  /**
   * Counts one failed authentication of an address, and throws Refusal RATE_LIMITED once there were too many within a
   * minute. Right credentials are never held up by it: many callers may share an address.
   */
  failed(address: string): Promise<void>
  /** Uses up one request under a lockdown that lets so many through in a minute. Rejects with Refusal SLOWED_DOWN and `retryAfter`. */
  slowed(lockdown: string, rate: number): Promise<void>
  /** Whether a consumer shows a word for the first time in ten minutes. A store that fails says no. */
  isFirst(consumer: Consumer, word: string): Promise<boolean>
}

/** `failedAuthentications`: for each address and minute. */
export function createRateLimits(failedAuthentications: number, makeLimiter: MakeLimiter = inMemory): RateLimits {
  const failures = makeLimiter('failed', failedAuthentications, 60)
  const shown = makeLimiter('once', 1, 600)
  const byRate = new Map<string, Limiter>()

  const slowing = new Map<number, Limiter>()

  const limiterOf = (name: string, rate: Rate): Limiter => {
    // The rate is part of the name: after a reload with another rate, counting begins anew under it.
    const key = `${name}/${rate.requests}/${rate.seconds}/${rate.burst}`
    let limiter = byRate.get(key)
    if (limiter === undefined) byRate.set(key, (limiter = bursty(key, rate, makeLimiter)))
    return limiter
  }

  return {
    take(consumer, address) {
      if (consumer.rate === null) return
      return use(limiterOf(consumer.name, consumer.rate), address === null ? 'all' : addressGroup(address))
    },
    async failed(address) {
      await use(failures, addressGroup(address))
    },
    async slowed(lockdown, rate) {
      let limiter = slowing.get(rate)
      if (limiter === undefined) slowing.set(rate, (limiter = makeLimiter(`slowed/${rate}`, rate, 60)))
      await use(limiter, lockdown, 'SLOWED_DOWN')
    },
    isFirst: (consumer, word) =>
      shown.consume(`${consumer.name} ${word}`).then(
        () => true,
        () => false,
      ),
  }
}

function bursty(name: string, rate: Rate, makeLimiter: MakeLimiter): Limiter {
  const steady = makeLimiter(name, rate.requests, rate.seconds)
  if (rate.burst === 0) return steady
  const extra = makeLimiter(`${name}/burst`, rate.burst, rate.seconds * 10)
  return new BurstyRateLimiter(steady as RateLimiterMemory, extra as RateLimiterMemory)
}

/** A store that fails refuses: without a count there is no limit. */
async function use(
  limiter: Limiter,
  key: string,
  code: 'RATE_LIMITED' | 'SLOWED_DOWN' = 'RATE_LIMITED',
): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (rejected) {
    const wait = rejected instanceof RateLimiterRes ? rejected.msBeforeNext : 1000
    throw new Refusal(code, { retryAfter: Math.max(1, Math.ceil(wait / 1000)) })
  }
}
