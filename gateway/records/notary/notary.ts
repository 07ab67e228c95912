/**
 * Beside the writer: has each second, or each thousand records, signed; files sealed; witnesses told; and says on record
 * that the gateway lives. Nothing waits for it. The work is done in a thread of its own.
 */
import { Worker } from 'node:worker_threads'
import type { Draft, HeartbeatDraft, SealDraft } from '../drafts.ts'
import { filesOf } from '../files/files.ts'
import { voidAfter } from '../files/read.ts'
import type { RecordLog } from '../log/log.ts'
import type { AskDraft, SealBacklog, SealerState } from '../sealing/sealer.ts'
import type { WitnessFault, WitnessSettings } from '../witness/client.ts'
import type { Pace, WitnessState } from '../witness/witnesses.ts'
import type { FromNotary, NotaryData, NotaryFault, ToNotary } from './notary-thread.ts'
import { Roster } from './roster.ts'
import type { Durable } from './stored-records.ts'

export type NotaryOptions = {
  readonly directory: string
  /** `PRIVATE+KEY+...`, as `writeSigner` makes it; its name is the origin of the checkpoints. */
  readonly signer: string
  readonly witnesses?: readonly WitnessSettings[]
  /** A folder apart from the records that remembers how far they went: it is no witness, as who runs the gateway writes there. */
  readonly memory?: string
  /** Milliseconds between heartbeats. */
  readonly heartbeat?: number
  readonly pace?: Pace
  /** Who compresses complete files, for them to be sealed; left out: the notary's own thread. */
  readonly askDraft?: AskDraft
  /** Something is wrong that somebody should look at; null: the disk takes checkpoints again. */
  readonly onFault?: (fault: NotaryFault | 'THREAD' | null) => void
  readonly onWitnesses?: (states: readonly WitnessState[]) => void
  /** What came of remembering. */
  readonly onMemory?: (fault: WitnessFault | null) => void
  readonly onSealer?: (state: SealerState) => void
}

export type Notary = {
  /** Records under the last checkpoint; 0 before the first. */
  readonly signed: number
  readonly witnesses: readonly WitnessState[]
  readonly fault: NotaryFault | 'THREAD' | null
  /** As of the last signing. */
  readonly backlog: SealBacklog
  /** Resolves when all that is durable by now is signed, or cannot be. */
  settle(): Promise<void>
  /** Signs what is left, tells the witnesses, ends the thread. Before the log is closed. */
  close(): Promise<void>
}

const tick = 1000
const batch = 1000
/** Milliseconds: each checkpoint takes four syncs and a millisecond, and the disk is the writer's. */
const leastApart = 250
const stopWithin = 3000

export async function startNotary(log: RecordLog, options: NotaryOptions): Promise<Notary> {
  const ends = await voidAfter(await filesOf(options.directory, log.log))
  return new RunningNotary(log, options, [...ends])
}

class RunningNotary implements Notary {
  signed = 0
  witnesses: readonly WitnessState[] = []
  fault: NotaryFault | 'THREAD' | null = null
  backlog: SealBacklog = { files: 0, isBehind: false }

  readonly #log: RecordLog
  readonly #options: NotaryOptions
  readonly #thread: Worker
  readonly #roster: Roster
  readonly #timers: NodeJS.Timeout[]
  readonly #ends: (readonly [number, number])[] = []
  readonly #stopListening: () => void
  #wanted: Durable
  #sent: Durable | null = null
  #sentAt = 0
  #busy = false
  #recording: Promise<unknown> = Promise.resolve()
  #isOver = false
  #isClosing = false
  #waiting: (() => void)[] = []
  #stopped: (() => void) | null = null

  constructor(log: RecordLog, options: NotaryOptions, ends: NotaryData['ends']) {
    this.#log = log
    this.#options = options
    this.#wanted = log.durable
    this.#roster = new Roster(options.directory, log.log)
    const { directory, signer, witnesses = [], pace = { every: 10_000, most: 300_000 } } = options
    const asksDrafts = options.askDraft !== undefined
    const memory =
      options.memory === undefined ? null : { name: 'memory', folder: options.memory, onlyLatest: true as const }
    const workerData: NotaryData = { directory, log: log.log, signer, ends, witnesses, memory, pace, asksDrafts }
    this.#thread = new Worker(threadFile, { workerData, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 4 } })
    this.#thread.on('message', (message: FromNotary) => this.#told(message))
    this.#thread.on('error', () => this.#turn('THREAD'))
    this.#thread.on('exit', () => this.#ended())
    this.#thread.unref()
    this.#stopListening = log.onDurable((durable, left) => {
      this.#wanted = durable
      this.#ends.push(...left)
      const isDue = durable.seq - (this.#sent?.seq ?? 0) >= batch
      if (isDue && performance.now() - this.#sentAt >= leastApart) this.#send()
    })
    const { heartbeat = 60_000 } = options
    this.#timers = [setInterval(() => this.#send(), tick), setInterval(() => void this.#beat(), heartbeat)]
    for (const timer of this.#timers) timer.unref()
    this.#send()
    void this.#beat()
  }

  settle(): Promise<void> {
    this.#send()
    if (this.#isOver || (!this.#busy && this.#sent?.seq === this.#wanted.seq)) return Promise.resolve()
    this.#thread.ref()
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  async close(): Promise<void> {
    this.#isClosing = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#recording
    await within(this.settle(), stopWithin)
    this.#thread.ref()
    this.#stopListening()
    if (!this.#isOver) {
      const stopped = new Promise<void>(resolve => {
        this.#stopped = resolve
      })
      this.#post({ is: 'stop', most: stopWithin })
      await within(stopped, 2 * stopWithin)
    }
    await this.#thread.terminate()
  }

  #send(): void {
    if (this.#isOver || this.#busy || this.#stopped !== null) return
    this.#busy = true
    this.#sent = this.#wanted
    this.#sentAt = performance.now()
    this.#post({ is: 'durable', durable: this.#wanted, ends: this.#ends.splice(0) })
  }

  #told(message: FromNotary): void {
    if (message.is === 'signed') this.#grown(message.size)
    else if (message.is === 'fault') this.#turn(message.fault)
    else if (message.is === 'seal') this.#seal(message.draft)
    else if (message.is === 'ask')
      void this.#options.askDraft?.(message.request).then(answer => this.#post({ is: 'drafted', answer }))
    else if (message.is === 'sealer') this.#options.onSealer?.(message.state)
    else if (message.is === 'backlog') this.backlog = message.backlog
    else if (message.is === 'witnesses') {
      this.witnesses = message.states
      this.#options.onWitnesses?.(message.states)
    } else if (message.is === 'memory') this.#options.onMemory?.(message.states[0]?.fault ?? null)
    else if (message.is === 'stopped') this.#stopped?.()
    else if (message.is === 'idle') this.#rested()
  }

  #seal(draft: SealDraft): void {
    if (this.#isClosing) return
    void this.#record([draft]).then(isRecorded => this.#post({ is: 'recorded', file: draft.file, isRecorded }))
  }

  #rested(): void {
    this.#busy = false
    if (this.#waiting.length > 0 && this.#sent!.seq < this.#wanted.seq && this.fault === null) this.#send()
    else {
      if (this.#stopped === null) this.#thread.unref()
      for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  #grown(size: number): void {
    this.signed = size
    this.#turn(null)
  }

  #turn(fault: NotaryFault | 'THREAD' | null): void {
    if (fault === this.fault) return
    this.fault = fault
    this.#options.onFault?.(fault)
  }

  #ended(): void {
    this.#isOver = true
    this.#stopped?.()
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async #beat(): Promise<void> {
    const { heartbeat = 60_000 } = this.#options
    const seen = this.witnesses.filter(({ seen }) => seen > 0).map(({ seen }) => seen)
    const beat: HeartbeatDraft = {
      kind: 'heartbeat',
      every: Math.round(heartbeat / 1000),
      signed: this.signed > 0 ? this.signed : null,
      witnessed: seen.length > 0 ? Math.max(...seen) : null,
    }
    const roster = await this.#roster.changed().catch(() => null)
    await this.#record(roster === null ? [beat] : [roster, beat])
  }

  /** Resolves with whether they are on record: while nothing can be written, the writer tells of it. */
  #record(drafts: readonly Draft[]): Promise<boolean> {
    const recorded = this.#log.append(drafts).then(
      () => true,
      () => false,
    )
    this.#recording = recorded
    return recorded
  }

  #post(message: ToNotary): void {
    this.#thread.postMessage(message)
  }
}

/** Built, the thread is a script; unbuilt, it is this language. */
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? './notary-thread.ts' : './notary-thread.js',
  import.meta.url,
)

function within(done: Promise<void>, most: number): Promise<void> {
  return Promise.race([done, new Promise<void>(resolve => setTimeout(resolve, most).unref())])
}
