/**
 * The other logs of a folder, as the gateway's own log names them: how many records each has and the hash of its last
 * batch. What is named there is under the gateway's checkpoints, so that a command's log cannot be cut or taken away.
 */
import { stat } from 'node:fs/promises'
import type { RosterDraft } from '../drafts.ts'
import { filesOf } from '../files/files.ts'
import { findTail } from '../log/tail.ts'

const most = 256

export class Roster {
  readonly #directory: string
  readonly #own: string
  readonly #known = new Map<string, { mark: string; next: number; head: string }>()
  #isFirst = true

  constructor(directory: string, own: string) {
    this.#directory = directory
    this.#own = own
  }

  /** All other logs, where one of them has changed since it was last asked for, and the first time; else null. */
  async changed(): Promise<RosterDraft | null> {
    const logs = Map.groupBy(await filesOf(this.#directory), file => file.log)
    logs.delete(this.#own)
    let isNew = this.#isFirst
    this.#isFirst = false
    for (const [log, files] of logs) {
      const last = files.at(-1)!
      const { size, ino } = await stat(last.path)
      const mark = `${last.number} ${size} ${ino}`
      if (this.#known.get(log)?.mark === mark) continue
      const { seq, prev } = await findTail(this.#directory, log)
      this.#known.set(log, { mark, next: seq, head: prev })
      isNew = true
    }
    if (!isNew) return null
    const listed = [...this.#known].slice(0, most).map(([log, { next, head }]) => ({ log, next, head }))
    return { kind: 'roster', logs: listed }
  }
}
