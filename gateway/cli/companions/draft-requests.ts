/** Full log files that somebody is asked to compress: a process beside the gateway, or beside a worker's primary. */
import type { AskDraft, DraftAnswer, DraftRequest } from '../../records/sealing/sealer.ts'

/**
 * What was asked and not answered yet, of each log the newest: whoever asks again has given up what it asked before. Kept here,
 * so that a process that is started later, or again, takes it up.
 */
export class DraftRequests {
  readonly #waiting = new Map<string, { request: DraftRequest; resolve: (answer: DraftAnswer) => void }>()
  #tell: (request: DraftRequest) => void = () => {}

  readonly ask: AskDraft = request =>
    new Promise(resolve => {
      this.#waiting.set(request.log, { request, resolve })
      this.#tell(request)
    })

  get waiting(): DraftRequest[] {
    return [...this.#waiting.values()].map(({ request }) => request)
  }

  /** From now on each request is told at once, too. */
  tellBy(tell: (request: DraftRequest) => void): void {
    this.#tell = tell
  }

  answered(answer: DraftAnswer): void {
    for (const [log, { request, resolve }] of this.#waiting) {
      if (request.id !== answer.id) continue
      this.#waiting.delete(log)
      resolve(answer)
    }
  }
}
