import { setTimeout as sleep } from 'node:timers/promises'

/** How long a machine with other things to do may take for what a quiet one does at once. */
const patience = 60_000

/**
 * Resolves with what `look` gives as soon as that is something: neither false, null, undefined, 0 nor ''. Rejects after a
 * minute without it, with `what` was waited for. An error of `look` is passed on at once.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const end = performance.now() + patience
  for (;;) {
    const found = await look()
    if (found) return found as Exclude<T, false | null | undefined | 0 | ''>
    if (performance.now() > end) throw new Error(`this was waited for and did not happen: ${what}`)
    await sleep(20)
  }
}
