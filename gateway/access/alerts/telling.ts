/**
 * Tells whoever is to know of alerts: each notifier in its own order, with time for each attempt and attempts for each
 * notice. What cannot be told is given up and said; nothing waits for it, and nothing piles up.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Notice, Notify } from '../../contracts.ts'

export type TellingParts = {
  /** By their names in alerts.yaml. */
  readonly notifiers: ReadonlyMap<string, Notify>
  /** A notice was given up: not taken in all attempts, or there were too many. */
  readonly onGivenUp: (notifier: string, notice: Notice) => void
  /** Milliseconds for one attempt, and before each of the next ones. */
  readonly patience?: number
  readonly pauses?: readonly number[]
}

/** Notices that wait for one notifier. */
const mostWaiting = 100
const usualPauses = [1000, 5000, 30_000, 120_000]

export type Telling = {
  /** Never throws, and returns at once. */
  tell(notice: Notice): void
  /** Resolves when nothing waits. */
  idle(): Promise<void>
  /** Gives up what still waits. */
  close(): Promise<void>
}

export function createTelling(parts: TellingParts): Telling {
  const closing = new AbortController()
  const queues = [...parts.notifiers].map(([name, notify]) => new Queue(name, notify, parts, closing.signal))
  return {
    tell(notice) {
      for (const queue of queues) queue.add(notice)
    },
    async idle() {
      await Promise.all(queues.map(queue => queue.idle))
    },
    async close() {
      closing.abort()
      await Promise.all(queues.map(queue => queue.idle))
    },
  }
}

class Queue {
  readonly #name: string
  readonly #notify: Notify
  readonly #parts: TellingParts
  readonly #closing: AbortSignal
  readonly #waiting: Notice[] = []
  #working: Promise<void> | null = null

  constructor(name: string, notify: Notify, parts: TellingParts, closing: AbortSignal) {
    this.#name = name
    this.#notify = notify
    this.#parts = parts
    this.#closing = closing
  }

  get idle(): Promise<void> {
    return this.#working ?? Promise.resolve()
  }

  add(notice: Notice): void {
    if (this.#waiting.length >= mostWaiting) {
      this.#parts.onGivenUp(this.#name, notice)
      return
    }
    this.#waiting.push(notice)
    this.#working ??= this.#work().finally(() => {
      this.#working = null
    })
  }

  async #work(): Promise<void> {
    for (let notice = this.#waiting.shift(); notice !== undefined; notice = this.#waiting.shift())
      if (this.#closing.aborted || !(await this.#told(notice))) this.#parts.onGivenUp(this.#name, notice)
  }

  async #told(notice: Notice): Promise<boolean> {
    const { patience = 10_000, pauses = usualPauses } = this.#parts
    for (let attempt = 0; ; attempt++) {
      try {
        const signal = AbortSignal.any([this.#closing, AbortSignal.timeout(patience)])
        await Promise.race([this.#notify(notice, signal), refusedBy(signal)])
        return true
      } catch {
        // why is theirs to say, and can quote what it likes: it is not repeated
      }
      const pause = pauses[attempt]
      if (pause === undefined || this.#closing.aborted) return false
      await sleep(pause, undefined, { signal: this.#closing, ref: false }).catch(() => {})
    }
  }
}

function refusedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
