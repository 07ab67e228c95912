import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds within which a test is done that has to begin and end in one day or month. */
const enough = 30_000

/**
 * Waits, where one is about to end, until the next day or month has begun: for what reads the clock of the machine by itself.
 *
 * @param east hours that the clock of the place is ahead of UTC
 */
export async function awayFromBorder(of: 'day' | 'month', east = 0): Promise<void> {
  const nameAt = (time: number) => new Date(time + east * 3_600_000).toISOString().slice(0, of === 'day' ? 10 : 7)
  while (nameAt(Date.now()) !== nameAt(Date.now() + enough)) await sleep(100)
}
