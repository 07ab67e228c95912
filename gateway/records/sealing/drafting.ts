/** Makes drafts of sealed files for who asks, one after the other, and gives way between two pieces of a file. */
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileName } from '../files/files.ts'
import type { DraftAnswer, DraftRequest } from './sealer.ts'
import { drafting } from './sealing.ts'

export class Drafting {
  readonly #directory: string
  readonly #answer: (answer: DraftAnswer) => void
  /** By log: who asks again has given up what it asked before. */
  readonly #wanted = new Map<string, DraftRequest>()
  #steps: ReturnType<typeof drafting> | null = null
  #isStopped = false

  constructor(directory: string, answer: (answer: DraftAnswer) => void) {
    this.#directory = directory
    this.#answer = answer
  }

  ask(request: DraftRequest): void {
    const isIdle = this.#wanted.size === 0
    this.#wanted.set(request.log, request)
    if (isIdle) void this.#work()
  }

  /** Takes away what is half done; nothing is begun after it. */
  stop(): void {
    this.#isStopped = true
    this.#steps?.return(null)
  }

  async #work(): Promise<void> {
    for (let next = this.#first(); next !== undefined; next = this.#first()) {
      const answer = await this.#draft(next)
      if (this.#wanted.get(next.log) !== next) continue
      this.#wanted.delete(next.log)
      this.#answer(answer)
    }
  }

  #first(): DraftRequest | undefined {
    return this.#isStopped ? undefined : this.#wanted.values().next().value
  }

  async #draft(request: DraftRequest): Promise<DraftAnswer> {
    const { id, log, file: number, end } = request
    const path = join(this.#directory, fileName(log, number))
    const steps = drafting({ log, number, path, sealed: false }, id, end ?? undefined)
    this.#steps = steps
    try {
      for (let step = steps.next(); ; step = steps.next()) {
        if (step.done) return { id, draft: step.value }
        await setImmediate()
        if (this.#wanted.get(log) !== request) steps.return(null)
      }
    } catch {
      return { id, failed: true }
    } finally {
      this.#steps = null
    }
  }
}
