import { addressGroup } from '../address.ts'
import type { ProblemCode } from '../errors.ts'

/** Refusals of one address, with one code and consumer, within one minute; becomes one entry of kind `refused`. */
export type CountedRefusals = {
  /** The first one seen; of IPv6, one of its /64 network. `::` where there were too many addresses to keep apart. */
  readonly address: string
  readonly code: ProblemCode
  /** Who was held to a limit; null: a caller that is nobody yet. */
  readonly consumer: string | null
  readonly count: number
}

/** Different ones within a minute; beyond, what comes is counted together for each code and consumer. */
const maxKept = 4096
const everyoneElse = '::'
/** Refusals of one address within a minute that have a record of their own, where the caller is anybody at all. */
const ownRecords = 60
/** So many of one within a minute are worth a record before it is over; and how many records of that kind there may be at a time. */
const [many, mostEarly] = [20, 16]

export type RefusalCounter = {
  count(address: string, code: ProblemCode, consumer?: string | null): void
  /** Uses up one record of an anonymous caller's address; false: this minute has had enough of them, so it is to be counted. */
  mayRecord(address: string): boolean
  /** What was counted since the last call, for the entries; counting begins anew. */
  take(): CountedRefusals[]
  /** The same of the largest counts, where they are large: what alerts are to notice does not wait for the minute. */
  takeMany(): CountedRefusals[]
  /** Counts taken but not recorded (records were unusable) go back, so that none is lost. */
  putBack(taken: readonly CountedRefusals[]): void
}

/** Refusals of callers that are nobody yet, or over a limit: recorded by the minute, so that a flood of them cannot fill the disk. */
export function createRefusalCounter(): RefusalCounter {
  let kept = new Map<string, { -readonly [Key in keyof CountedRefusals]: CountedRefusals[Key] }>()
  let recorded = new Map<string, number>()

  const add = (address: string, code: ProblemCode, consumer: string | null, count: number): void => {
    const key = `${addressGroup(address)} ${code} ${consumer ?? ''}`
    const known = kept.get(key)
    if (known !== undefined) known.count += count
    else if (kept.size < maxKept || address === everyoneElse) kept.set(key, { address, code, consumer, count })
    else add(everyoneElse, code, consumer, count)
  }

  return {
    count: (address, code, consumer = null) => add(address, code, consumer, 1),
    mayRecord(address) {
      const group = addressGroup(address)
      const used = recorded.get(group) ?? 0
      if (used >= ownRecords || (used === 0 && recorded.size >= maxKept)) return false
      recorded.set(group, used + 1)
      return true
    },
    take() {
      const taken = [...kept.values()]
      kept = new Map()
      recorded = new Map()
      return taken
    },
    takeMany() {
      const large = [...kept]
        .filter(([, { count }]) => count >= many)
        .sort(([, one], [, other]) => other.count - one.count)
      const taken = large.slice(0, mostEarly)
      for (const [key] of taken) kept.delete(key)
      return taken.map(([, counted]) => counted)
    },
    putBack(taken) {
      for (const { address, code, consumer, count } of taken) add(address, code, consumer, count)
    },
  }
}

export type RefusalFlusher = { close(): Promise<void> }

/**
 * Hands what was counted to `record` once a minute and at close; large counts every two seconds. Where `record` rejects, the counts are kept for the
 * next minute; at close they are lost with the records they could not get into.
 */
export function flushEachMinute(
  counter: RefusalCounter,
  record: (refusals: readonly CountedRefusals[]) => Promise<unknown>,
  period = 60_000,
  early = 2000,
): RefusalFlusher {
  let running: Promise<void> = Promise.resolve()
  const flush = async (take: () => CountedRefusals[] = counter.take): Promise<void> => {
    const taken = take()
    if (taken.length === 0) return
    try {
      await record(taken)
    } catch {
      counter.putBack(taken)
    }
  }
  const timer = setInterval(() => {
    running = running.then(() => flush())
  }, period)
  timer.unref()
  const hurrying = setInterval(() => {
    running = running.then(() => flush(counter.takeMany))
  }, early)
  hurrying.unref()
  return {
    async close() {
      clearInterval(timer)
      clearInterval(hurrying)
      await running.then(() => flush())
    },
  }
}
