/**
 * The processes of a gateway (node:cluster): started, told which policy is in force, started again where one ended,
 * stopped. Connections are accepted here and handed round; what is limited is counted here.
 */
import cluster, { type Worker } from 'node:cluster'
import { extname, join } from 'node:path'
import { RateLimiterClusterMaster } from 'rate-limiter-flexible'
import type { GrantUses } from '../../access/grants/desk.ts'
import type { Restraint } from '../../access/lockdown/scope.ts'
import type { Reviewing } from '../../access/reviews/desk.ts'
import type { Config, ListenAddress } from '../../config/config.ts'
import { renewed } from '../../config/renewed.ts'
import type { Bilingual } from '../../contracts.ts'
import { Refusal } from '../../errors.ts'
import type { AskDraft, DraftRequest } from '../../records/sealing/sealer.ts'
import type { Language } from '../command.ts'
import { type FromWorker, isFromWorker, type ToWorker } from './messages.ts'

/** A worker could not start; the words say why. */
export class WorkerFault extends Error {
  readonly words: Bilingual

  constructor(words: Bilingual) {
    super(words.en)
    this.name = 'WorkerFault'
    this.words = words
  }
}

/** Milliseconds before a worker that ended is started again: at first, and at most where it keeps ending. */
const [soon, late] = [100, 10_000]
/** One that served so long was no failed start. */
const settled = 30_000
/** Milliseconds that taking up a policy may take one worker. */
const takingTime = 30_000

/** Milliseconds within which every worker has taken up what is locked down. */
const lockTime = 1000

/** The entry of a worker, as a source or as built. */
const workerFile = join(import.meta.dirname, `worker${extname(import.meta.filename)}`)

type Slot = {
  worker: Worker
  began: number
  /** Milliseconds to wait if it ends. */
  wait: number
  address: ListenAddress | null
  /** Of its records; null: it does not serve yet, or any more. */
  health: { usable: boolean; cause: string | null } | null
  /** The policy it is known to serve under. */
  digest: string | null
}

export type WorkersOptions = {
  readonly count: number
  readonly lang: Language
  readonly digest: string
  readonly onEnded: () => void
  /** Decided here for all of them; null: there are none. */
  readonly grants: GrantUses | null
  readonly reviews: Reviewing | null
  /** What is in force from the start. */
  readonly restraints: readonly Restraint[]
  readonly askDraft: AskDraft
}

export class Workers {
  /** Of the policy that workers are to serve under. */
  digest: string
  stopping = false
  readonly #name: string
  #config: Config
  readonly #lang: Language
  readonly #slots: Slot[] = []
  readonly #onEnded: () => void
  readonly #grants: GrantUses | null
  #restraints: readonly Restraint[]
  readonly #reviews: Reviewing | null
  readonly #askDraft: AskDraft
  #lastLock = 0
  readonly #restarts = new Set<NodeJS.Timeout>()
  /** Called with whatever a worker says, and with null when one ends. */
  readonly #listeners = new Set<(slot: Slot, message: FromWorker | null) => void>()
  readonly #onMessage: (worker: Worker, message: unknown) => void
  #isUp = false

  /** `name`: their logs are called after it, `gw1-0`, `gw1-1` and so on. */
  constructor(
    name: string,
    config: Config,
    { count, lang, digest, onEnded, grants, reviews, restraints, askDraft }: WorkersOptions,
  ) {
    this.#name = name
    this.#config = config
    this.#lang = lang
    this.digest = digest
    this.#onEnded = onEnded
    this.#grants = grants
    this.#restraints = restraints
    this.#reviews = reviews
    this.#askDraft = askDraft
    cluster.setupPrimary({ exec: workerFile, args: [], serialization: 'advanced' })
    new RateLimiterClusterMaster()
    this.#onMessage = (worker, message) => this.#heard(worker, message)
    cluster.on('message', this.#onMessage)
    for (let slot = 0; slot < count; slot++) this.#fork(slot, soon)
  }

  /** Of those that serve: one that is being started again is not waited for, as the others take its part. */
  get recordsUsable(): boolean {
    const serving = this.#slots.filter(({ health }) => health !== null)
    return serving.length > 0 && serving.every(({ health }) => health!.usable)
  }

  get recordsCause(): string | null {
    return this.#slots.find(({ health }) => health?.usable === false)?.health?.cause ?? null
  }

  /** Resolves when all serve; rejects with a WorkerFault when the first cannot. */
  serving(): Promise<ListenAddress> {
    return new Promise((resolve, reject) => {
      const listener = (slot: Slot, message: FromWorker | null): void => {
        const unable = message?.from === 'unable' ? message : null
        if (message === null || unable !== null) {
          this.#listeners.delete(listener)
          reject(new WorkerFault(unable ?? { zh: '工作进程未能启动。', en: 'A worker did not start.' }))
        } else if (this.#slots.every(({ address }) => address !== null)) {
          this.#listeners.delete(listener)
          this.#isUp = true
          resolve(slot.address!)
        }
      }
      this.#listeners.add(listener)
    })
  }

  /** Resolves when every worker serves under this policy; rejects when one does not, to be tried again. */
  async take(digest: string): Promise<void> {
    this.digest = digest
    await Promise.all(this.#slots.map(slot => this.#takeIn(slot, digest)))
  }

  #takeIn(slot: Slot, digest: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (well: boolean): void => {
        clearTimeout(timer)
        this.#listeners.delete(listener)
        if (well) resolve()
        else reject(new Error('a worker does not have the policy yet'))
      }
      const timer = setTimeout(done, takingTime, false)
      const listener = (from: Slot, message: FromWorker | null): void => {
        if (from !== slot) return
        if (message === null) done(false)
        else if (message.from === 'took' && message.digest === digest) done(message.done)
      }
      this.#listeners.add(listener)
      this.#tell(slot, { to: 'take', digest })
    })
  }

  /**
   * Has every worker take up these, and those that start later. Resolves to how many milliseconds each took; null: it
   * has not said so within a second.
   */
  lock(restraints: readonly Restraint[]): Promise<(number | null)[]> {
    this.#restraints = restraints
    const nth = ++this.#lastLock
    const began = performance.now()
    return Promise.all(
      this.#slots.map(
        slot =>
          new Promise<number | null>(resolve => {
            const done = (took: number | null): void => {
              clearTimeout(timer)
              this.#listeners.delete(listener)
              resolve(took)
            }
            const timer = setTimeout(done, lockTime, null)
            const listener = (from: Slot, message: FromWorker | null): void => {
              if (from === slot && message?.from === 'locked' && message.nth === nth) done(performance.now() - began)
            }
            this.#listeners.add(listener)
            this.#tell(slot, { to: 'lock', nth, restraints })
          }),
      ),
    )
  }

  /** Has every worker take up the certificates and keys of this configuration, and those that start later. */
  renew(config: Config): void {
    this.#config = renewed(this.#config, config)
    for (const slot of this.#slots) this.#tell(slot, { to: 'renew', config: this.#config })
  }

  tellOne(message: ToWorker): void {
    const slot = this.#slots.find(({ worker }) => worker.isConnected())
    if (slot !== undefined) this.#tell(slot, message)
  }

  cut(): void {
    for (const slot of this.#slots) this.#tell(slot, { to: 'cut' })
  }

  async close(): Promise<void> {
    this.stopping = true
    for (const timer of this.#restarts) clearTimeout(timer)
    const ended = this.#slots.map(({ worker }) =>
      worker.isDead() ? null : new Promise<void>(resolve => worker.once('exit', () => resolve())),
    )
    for (const slot of this.#slots) this.#tell(slot, { to: 'stop' })
    // what a worker waits for is bounded by its own limits; beyond them it is held up by something that will not end
    const kill = setTimeout(() => this.#kill(), this.#config.limits.drain + 15_000)
    await Promise.all(ended)
    clearTimeout(kill)
    cluster.off('message', this.#onMessage)
  }

  #kill(): void {
    for (const { worker } of this.#slots) if (!worker.isDead()) worker.process.kill('SIGKILL')
  }

  #fork(slot: number, wait: number): void {
    const worker = cluster.fork()
    const began = performance.now()
    const made: Slot = { worker, began, wait, address: null, health: null, digest: null }
    this.#slots[slot] = made
    worker.on('error', () => {})
    worker.once('exit', () => {
      for (const listener of [...this.#listeners]) listener(made, null)
      made.health = null
      if (this.stopping || !this.#isUp) return
      this.#onEnded()
      const next = performance.now() - began > settled ? soon : Math.min(late, wait * 2)
      const timer = setTimeout(() => {
        this.#restarts.delete(timer)
        this.#fork(slot, next)
      }, wait)
      this.#restarts.add(timer)
    })
  }

  #heard(worker: Worker, message: unknown): void {
    const at = this.#slots.findIndex(slot => slot.worker === worker)
    const slot = this.#slots[at]
    if (slot === undefined || !isFromWorker(message)) return
    if (message.from === 'ready')
      this.#tell(slot, {
        to: 'start',
        config: this.#config,
        log: `${this.#name}-${at}`,
        lang: this.#lang,
        restraints: this.#restraints,
      })
    else if (message.from === 'grant') void this.#decide(slot, message)
    else if (message.from === 'review') void this.#review(slot, message)
    else if (message.from === 'draft') void this.#draft(slot, message.request)
    else if (message.from === 'health') slot.health = { usable: message.usable, cause: message.cause }
    else if (message.from === 'serving') {
      slot.address = message.address
      slot.digest = message.policy
      // one that was started again read the folder as it is now: the primary decides what is in force
      if (message.policy !== this.digest) this.#tell(slot, { to: 'take', digest: this.digest })
    } else if (message.from === 'took' && message.done) slot.digest = message.digest
    for (const listener of [...this.#listeners]) listener(slot, message)
  }

  async #decide(slot: Slot, { nth, use, attempt }: FromWorker & { from: 'grant' }): Promise<void> {
    const failed = (error: unknown) => ({
      failed: error instanceof Refusal && error.code === 'GRANTS_UNUSABLE' ? error.code : ('RECORDS_UNUSABLE' as const),
    })
    const asked = this.#grants?.[use ? 'use' : 'look'](attempt) ?? Promise.resolve({ why: 'unknown' } as const)
    this.#tell(slot, { to: 'grant', nth, answer: await asked.catch(failed) })
  }

  async #review(slot: Slot, { nth, question }: FromWorker & { from: 'review' }): Promise<void> {
    const desk = this.#reviews
    const asked =
      desk === null
        ? null
        : question.act === 'hold'
          ? desk.hold(question.with)
          : question.act === 'look'
            ? desk.look(question.with)
            : desk.fetch(question.with)
    this.#tell(slot, { to: 'review', nth, answer: asked === null ? null : await asked.catch(() => null) })
  }

  async #draft(slot: Slot, request: DraftRequest): Promise<void> {
    this.#tell(slot, { to: 'drafted', answer: await this.#askDraft(request) })
  }

  #tell({ worker }: Slot, message: ToWorker): void {
    if (worker.isConnected()) worker.send(message, () => {})
  }
}
