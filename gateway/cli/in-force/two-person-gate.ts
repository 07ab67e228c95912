/**
 * What one person may change alone, and what takes a second: something that lets through no more than what is in force is
 * taken up at once; what lets through more is held until an approver has signed it. Both go on record.
 */

/** What goes on record with what is taken up. */
export type TakenUp = { readonly wider?: readonly string[]; readonly approvers?: readonly string[] }

/** What is let through that was not: in how many places, and as records say it. */
export type More = { readonly count: number; readonly words: readonly string[] }

type Use<Ruled> = (ruled: Ruled, told: TakenUp) => Promise<void>

export type TwoPersonGate<Ruled> = {
  readonly inForce: Ruled
  /** Calls `use` where this may be in force; else holds it until it may. Rejects where that cannot be recorded or kept. */
  offer(ruled: Ruled, use: Use<Ruled>): Promise<void>
  close(): Promise<void>
}

export type GateOf<Ruled> = {
  readonly inForce: Ruled
  /** Keeps it as what is in force, for the next start. Throws where that cannot be. */
  readonly keep: (ruled: Ruled) => void
  readonly more: (before: Ruled, after: Ruled) => More
  /** Who has signed that one may take the other's place, since that came to be in force. */
  readonly approvers: (digest: string, previous: string, since: number) => string[]
  /** Since when what was kept last is in force: milliseconds since 1970. */
  readonly since: () => number
  /** On record, before anything else is done about it; rejects where that fails. */
  readonly recordHeld: (digest: string, previous: string, wider: readonly string[]) => Promise<unknown>
  readonly onHeld: (digest: string, count: number) => void
}

/** Milliseconds between two looks for signatures. */
const interval = 1000

export function openTwoPersonGate<Ruled extends { readonly digest: string }>(
  parts: GateOf<Ruled>,
): TwoPersonGate<Ruled> {
  let { inForce } = parts
  let since = parts.since()
  let held: { readonly digest: string; readonly timer: NodeJS.Timeout } | null = null

  const release = (): void => {
    clearInterval(held?.timer)
    held = null
  }
  const take = async (ruled: Ruled, told: TakenUp, use: Use<Ruled>): Promise<void> => {
    parts.keep(ruled)
    await use(ruled, told)
    inForce = ruled
    since = parts.since()
  }
  const hold = async (ruled: Ruled, { count, words }: More, use: Use<Ruled>): Promise<void> => {
    if (held?.digest === ruled.digest) return
    const [previous, digest] = [inForce.digest, ruled.digest]
    await parts.recordHeld(digest, previous, words)
    release()
    parts.onHeld(digest, count)
    let taking = false
    const look = async (): Promise<void> => {
      const approvers = parts.approvers(digest, previous, since)
      if (taking || held?.digest !== digest || approvers.length === 0) return
      taking = true
      const isTaken = await take(ruled, { wider: words, approvers }, use).then(
        () => true,
        // what cannot be kept or recorded now is tried again at the next look
        () => false,
      )
      taking = false
      if (isTaken && held?.digest === digest) release()
    }
    const timer = setInterval(() => void look(), interval)
    timer.unref()
    held = { digest, timer }
  }
  return {
    get inForce() {
      return inForce
    },
    async offer(ruled, use) {
      if (ruled.digest === inForce.digest) return release()
      const more = parts.more(inForce, ruled)
      const approvers = more.count === 0 ? [] : parts.approvers(ruled.digest, inForce.digest, since)
      if (more.count > 0 && approvers.length === 0) return hold(ruled, more, use)
      release()
      return more.count === 0 ? take(ruled, {}, use) : take(ruled, { wider: more.words, approvers }, use)
    },
    async close() {
      release()
    },
  }
}
