/** What the records of a log say of the log itself: sealed files, the other logs, and whether the gateway lived. Pure. */
import type { Seen } from './entry.ts'
import { type Found, found } from './report.ts'

/** What was found of a file: of its bytes that count, and of the file as it is stored where it is sealed. */
export type FileSeen = {
  readonly bytes: number
  readonly sha256: string
  readonly stored: { readonly bytes: number; readonly sha256: string } | null
}

/**
 * Another log, as it was found: how many records, and the hash after each batch by the number that follows it; null where
 * its own checkpoints say more.
 */
export type LogSeen = { readonly next: number; readonly heads: ReadonlyMap<number, string> | null }

/** A heartbeat may be late by so many times its interval. */
const patience = 3

export class LifeVerifier {
  readonly problems: Found[] = []
  readonly notes: Found[] = []
  readonly #seals = new Map<number, Seen>()
  readonly #rosters = new Map<string, { next: number; head: string; seq: number }[]>()
  #every: number | null = null
  #last: { time: number; seq: number } | null = null
  /** Records under a checkpoint, as the gateway itself said. */
  signed = 0
  isGateway = false

  entry(entry: Seen): void {
    const time = Date.parse(entry.time)
    if (this.#every !== null && this.#last !== null && time - this.#last.time > patience * this.#every * 1000)
      if (entry.kind !== 'gap')
        this.notes.push(
          found(entry.kind === 'resume' ? 'STOPPED_NOTED' : 'SILENCE', { records: [this.#last.seq, entry.seq] }),
        )
    this.#last = { time, seq: entry.seq }
    if (entry.kind === 'heartbeat') {
      this.isGateway = true
      this.#every = Number(entry['every']) || null
      this.signed = Math.max(this.signed, Number(entry['signed'] ?? 0))
    } else if (entry.kind === 'seal') this.#seals.set(Number(entry['file']), entry)
    else if (entry.kind === 'roster' && Array.isArray(entry['logs'])) this.#roster(entry, entry['logs'])
  }

  #roster(entry: Seen, logs: readonly unknown[]): void {
    for (const one of logs as { log?: unknown; next?: unknown; head?: unknown }[]) {
      if (typeof one?.log !== 'string' || !Number.isSafeInteger(one.next) || typeof one.head !== 'string') continue
      const list = this.#rosters.get(one.log)
      const named = { next: Number(one.next), head: one.head, seq: entry.seq }
      if (list === undefined) this.#rosters.set(one.log, [named])
      else if (list.at(-1)!.next !== named.next || list.at(-1)!.head !== named.head) list.push(named)
    }
  }

  /** @param now milliseconds since 1970. */
  end(now: number): void {
    if (this.#every === null || this.#last === null) return
    if (now - this.#last.time > patience * this.#every * 1000)
      this.notes.push(found('SILENT_SINCE', { records: [this.#last.seq, this.#last.seq] }))
  }

  checkFile(number: number, file: FileSeen): void {
    const seal = this.#seals.get(number)
    if (seal === undefined) {
      if (file.stored !== null) this.problems.push(found('SEAL_MISSING', { file: number, offset: 0 }))
      return
    }
    const records: [number, number] = [Number(seal['first']), Number(seal['last'])]
    const isSame = seal['bytes'] === file.bytes && seal['sha256'] === file.sha256
    const isStored =
      file.stored === null || (seal['stored'] === file.stored.bytes && seal['stored_sha256'] === file.stored.sha256)
    if (!isSame || !isStored) this.problems.push(found('SEAL_WRONG', { file: number, offset: 0, records }))
  }

  /** Logs that seem cut: or they have grown since they were read. */
  outrun(others: ReadonlyMap<string, LogSeen>): string[] {
    return [...this.#rosters].flatMap(([log, named]) => {
      const next = others.get(log)?.next
      return next !== undefined && named.some(one => one.next > next) ? [log] : []
    })
  }

  checkOthers(others: ReadonlyMap<string, LogSeen>): void {
    for (const [log, named] of this.#rosters) {
      const other = others.get(log)
      for (const { next, head, seq } of named) {
        const place = { at: log, records: [seq, seq] as const }
        if (next === 0) continue
        if (other === undefined) this.problems.push(found('LOG_MISSING', place))
        else if (other.next < next) this.problems.push(found('LOG_CUT', place))
        else if (other.heads !== null && other.heads.get(next) !== head) this.problems.push(found('LOG_CHANGED', place))
        else continue
        break
      }
    }
  }
}
