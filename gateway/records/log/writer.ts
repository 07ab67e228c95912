/**
 * The writer of a log. An append resolves only when its records are durable. Batches form by themselves: while one is
 * being written and synced, the next is what queues meanwhile, and what more comes in the turns after. Any fault makes
 * the log unusable at once: everything unacknowledged is rejected, the file is never touched again, and a new one is
 * tried until one can be written.
 */
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { Refusal } from '../../errors.ts'
import type { Draft, GapCause, OwnDraft } from '../entry.ts'
import { fileName, highestNumber } from '../files/files.ts'
import type { Durable } from '../notary/stored-records.ts'
import { EntryFault } from '../shapes.ts'
import { Batch } from './batch.ts'
import { Chain, type Sealed } from './chain.ts'
import { causeOf, DiskFault, disk as realDisk } from './disk.ts'
import { DiskPatience } from './disk-patience.ts'
import { FolderLocks } from './folder-locks.ts'
import { Listeners } from './listeners.ts'
import type { Lock } from './lock.ts'
import type { DurableListener, Health, LogOptions, Receipt, RecordLog } from './log.ts'
import { LogFile } from './log-file.ts'
import { gapOf, Numbering } from './numbering.ts'
import { Outage } from './outage.ts'
import { mostBytes, Queue } from './queue.ts'
import { roomOn, standardMarks } from './space.ts'
import type { Tail } from './tail.ts'

const tickMilliseconds = 250
const idleCheckMilliseconds = 1000
/**
 * Milliseconds that a batch is kept open. Under load a larger one costs less: each is three trips to other threads and a
 * sync, for which a virtual machine is left. As PostgreSQL's `commit_delay`, but over as soon as there is nothing to wait for.
 */
const mostGathering = 4
/** A turn of the event loop that takes longer, in milliseconds, worked on what is likely to end in a record. */
const busyTurn = 0.1

export class Writer implements RecordLog {
  readonly log: string
  health: Health = { usable: false, cause: null, lowSpace: false, clockBehind: 0 }
  beganDamaged = false

  readonly #options: Required<Omit<LogOptions, 'log' | 'clock'>>
  readonly #locks: FolderLocks
  #file: LogFile | null = null

  readonly #chain: Chain
  readonly #numbering: Numbering

  readonly #queue = new Queue()
  readonly #patience: DiskPatience
  readonly #recoveryPatience: DiskPatience
  #checkedAt = 0
  #idle: (() => void)[] = []
  readonly #listeners = new Listeners()
  #openedAt = performance.now()
  readonly #timer: NodeJS.Timeout

  /** The one that is going on. */
  #outage: Outage | null = null
  #recovery: Promise<void> | null = null
  #closing: Promise<void> | null = null

  /** @param reopenLocks takes the locks anew, for a folder that was exchanged. */
  constructor(options: LogOptions, tail: Tail, locks: Lock[], reopenLocks: () => Lock[]) {
    const { fileBytes = 64 * 1024 * 1024, fileTime = Number.POSITIVE_INFINITY, clock = Date.now } = options
    const { directory, holds, marks = standardMarks, deadline = 2000, disk = realDisk } = options
    this.#options = { directory, holds, fileBytes, fileTime, marks, deadline, disk }
    this.log = options.log
    this.#locks = new FolderLocks(disk, directory, locks, reopenLocks)
    this.#chain = new Chain(tail)
    this.#numbering = new Numbering(this.log, clock, tail)
    process.on('SIGXFSZ', ignoreSignal)
    this.#patience = new DiskPatience(deadline, tickMilliseconds)
    this.#recoveryPatience = new DiskPatience(deadline, tickMilliseconds)
    this.#timer = setInterval(() => this.#tick(), tickMilliseconds)
    this.#timer.unref()
  }

  get usable(): boolean {
    return this.health.usable
  }

  get lastTime(): number {
    return this.#numbering.lastTime
  }

  get durable(): Durable {
    const { seq, prev } = this.#chain
    return { file: this.#file?.number ?? 0, size: this.#file?.size ?? 0, seq, prev }
  }

  get counts(): RecordLog['counts'] {
    return { ...this.#chain.written, queued: this.#queue.entries }
  }

  /** Opens the file and writes the `resume` record; after damage a `gap` record too. */
  async begin(tail: Tail): Promise<void> {
    const { directory, disk } = this.#options
    try {
      const room = await roomOn(disk, directory, this.#options.marks)
      if (room === 'none') throw new DiskFault('disk_full')
      await this.#locks.begin()
      const fresh = tail.path === null || tail.damaged || tail.size >= this.#options.fileBytes
      this.#file = fresh
        ? await this.#create(tail.file + 1)
        : await LogFile.resume(disk, tail.path!, tail.file, tail.size, tail.first)
      this.#patience.begin(performance.now())
      const own: OwnDraft[] = []
      this.beganDamaged = tail.damaged
      if (tail.damaged) own.push(gapOf('damage', 0, 0, [], null))
      const cut = fresh ? 0 : tail.torn
      // A command comes and goes many times a day; it says so only where there was something to cut.
      if (this.#options.holds === 'folder' || cut > 0)
        own.push({ kind: 'resume', file: this.#file.number, found: tail.seq, cut })
      if (own.length > 0) this.#count(await this.#commitOwn(this.#file, own))
      this.#rest()
      this.#become({ ...this.health, usable: true, cause: null, lowSpace: room === 'low' })
    } catch (error) {
      clearInterval(this.#timer)
      process.off('SIGXFSZ', ignoreSignal)
      await this.#file?.abandon()
      throw error
    }
  }

  append(drafts: readonly Draft[]): Promise<Receipt[]> {
    if (this.#closing !== null) return Promise.reject(new Refusal('STOPPING', { retryAfter: 1 }))
    if (!this.health.usable) return Promise.reject(unusable())
    if (this.#queue.isFull) return Promise.reject(new Refusal('OVERLOADED', { retryAfter: 1 }))
    if (drafts.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const { text, receipts, next } = this.#numbering.linesOf(drafts, true)
      const entries = next - this.#numbering.seq
      if (text.length > mostBytes / 3 && Buffer.byteLength(text) > mostBytes)
        throw new EntryFault('any', 'the append', 'is over 4 MiB')
      this.#numbering.seq = next
      this.#queue.add(text, { entries, receipts, resolve, reject })
      if (!this.#patience.isWaiting) this.#start()
      this.#lookAtClock()
    })
  }

  /** Tells when the clock has gone back, and when it has caught up; not each second between. */
  #lookAtClock(): void {
    const clockBehind = this.#numbering.secondsBehind
    if (clockBehind > 0 !== this.health.clockBehind > 0) this.#become({ ...this.health, clockBehind })
  }

  onChange(listener: (health: Health) => void): () => void {
    return this.#listeners.onChange(listener)
  }

  onDurable(listener: DurableListener): () => void {
    return this.#listeners.onDurable(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish()
    return this.#closing
  }

  async #finish(): Promise<void> {
    if (this.#patience.isWaiting || !this.#queue.isEmpty) await new Promise<void>(done => this.#idle.push(done))
    clearInterval(this.#timer)
    await this.#recovery
    process.off('SIGXFSZ', ignoreSignal)
    const file = this.#file
    this.#file = null
    await file?.abandon()
    this.#locks.release()
    this.#become({ ...this.health, usable: false, cause: 'closed' })
  }

  // ------------------------------------------------------------------------------------------------------- batches

  #start(): void {
    this.#patience.begin(performance.now())
    void this.#writeBatches()
  }

  async #writeBatches(): Promise<void> {
    const file = this.#file
    try {
      while (file !== null && file === this.#file && !this.#queue.isEmpty) {
        await this.#gather()
        if (file !== this.#file || this.#queue.isEmpty) break
        this.#patience.begin(performance.now())
        const sealed = this.#chain.seal(this.#queue.take())
        await file.commit(sealed.bytes)
        if (file !== this.#file) break
        this.#acknowledge(sealed)
        if (this.#isComplete(file)) return await this.#rotate(file)
      }
    } catch (error) {
      if (file === this.#file) this.#fail(causeOf(error))
    }
    if (file === this.#file) this.#rest()
    else await file?.abandon()
  }

  /**
   * Appends share a sync for as long as each turn of the event loop brings more of them, or works on what will: so that under
   * load all who wait are answered together, and not in two halves that take turns. Who waits alone, as a long answer does
   * that is read meanwhile, waits for nothing.
   */
  async #gather(): Promise<void> {
    const end = performance.now() + mostGathering
    let isBusy = true
    for (let at = performance.now(); isBusy && at < end; ) {
      const before = this.#queue.entries
      await turn()
      const now = performance.now()
      isBusy = this.#queue.entries > before || (before > 1 && now - at > busyTurn)
      at = now
    }
  }

  #rest(): void {
    this.#patience.end()
    for (const done of this.#idle.splice(0)) done()
  }

  #acknowledge(sealed: Sealed): void {
    this.#chain.advance(sealed)
    for (const { resolve, receipts } of this.#queue.settle()) resolve(receipts)
    this.#tellDurable()
  }

  #tellDurable(): void {
    if (this.#file !== null) this.#listeners.tellDurable(this.durable)
  }

  #isComplete(file: LogFile): boolean {
    return file.size >= this.#options.fileBytes || performance.now() - this.#openedAt >= this.#options.fileTime
  }

  async #rotate(full: LogFile): Promise<void> {
    const next = await this.#create(full.number + 1)
    await full.abandon()
    if (this.#file !== full) return next.abandon()
    this.#file = next
    this.#openedAt = performance.now()
    this.#listeners.leave([[full.number, full.size]])
    return this.#writeBatches()
  }

  #create(number: number): Promise<LogFile> {
    const { disk, directory } = this.#options
    return LogFile.create(disk, directory, join(directory, fileName(this.log, number)), number, this.#chain.seq)
  }

  /** Puts records of the writer's own into a file, while nothing else can be written. They are to be `count`ed. */
  async #commitOwn(file: LogFile, drafts: readonly OwnDraft[]): Promise<OwnBatch> {
    this.#numbering.seq = this.#chain.seq
    const { text, next } = this.#numbering.linesOf(drafts)
    const sealed = this.#chain.seal(Batch.of(text, next - this.#numbering.seq))
    await file.commit(sealed.bytes)
    return { ...sealed, next }
  }

  #count(own: OwnBatch): void {
    this.#numbering.seq = own.next
    this.#chain.advance(own)
  }

  // ------------------------------------------------------------------------------------------------ faults, recovery

  #fail(cause: GapCause): void {
    const file = this.#file
    const waiting = this.#queue.drop()
    const dropped = waiting.reduce((sum, one) => sum + one.entries, 0)
    this.#outage = new Outage(cause, dropped, file)
    this.#file = null
    this.#numbering.seq = this.#chain.seq
    // A batch that is still in flight closes its file when the disk lets go of it.
    if (!this.#patience.isWaiting) void file?.abandon()
    this.#rest()
    for (const { reject } of waiting) reject(unusable())
    this.#become({ ...this.health, usable: false, cause })
  }

  #tick(): void {
    const now = performance.now()
    if (this.#closing !== null && !this.#patience.isWaiting) return
    if (this.#file === null) {
      this.#recoveryPatience.isOver(now)
      if (this.#outage !== null) this.#recovery ??= this.#recover(this.#outage)
    } else if (this.#patience.isOver(now)) this.#fail('stalled')
    else if (now - this.#checkedAt >= idleCheckMilliseconds) void this.#watch(this.#file)
  }

  /** What nobody would notice while nothing is written: a file gone, a disk filling up. */
  async #watch(file: LogFile): Promise<void> {
    this.#checkedAt = performance.now()
    const resting = !this.#patience.isWaiting
    if (resting) this.#patience.begin(this.#checkedAt)
    try {
      const room = await roomOn(this.#options.disk, this.#options.directory, this.#options.marks)
      if (room === 'none') throw new DiskFault('disk_full')
      if (resting) {
        this.#patience.begin(performance.now())
        await file.check()
      }
      if (!(await this.#locks.areHeld())) throw new DiskFault('file_replaced')
      if (file === this.#file && this.health.lowSpace !== (room === 'low'))
        this.#become({ ...this.health, lowSpace: room === 'low' })
    } catch (error) {
      if (file === this.#file) this.#fail(causeOf(error))
    }
    if (!resting) return
    if (file !== this.#file) await file.abandon()
    else if (!this.#queue.isEmpty) await this.#writeBatches()
    else this.#rest()
  }

  async #recover(outage: Outage): Promise<void> {
    this.#recoveryPatience.begin(performance.now())
    let made: LogFile | null = null
    try {
      const { disk, directory, marks } = this.#options
      const room = await roomOn(disk, directory, marks)
      if (room === 'none' || outage.isFull) throw new DiskFault('disk_full')
      await this.#locks.keep()
      made = await this.#create(outage.after(await highestNumber(directory, this.log)))
      const gap = await this.#commitOwn(made, [await outage.gap(this.#chain.seq)])
      // that proves at once that the new file can be written, synced and read
      if (!(await made.endsWith(gap.bytes))) throw new DiskFault('io_error')
      if (this.#closing !== null || this.#recoveryPatience.isOver(performance.now())) throw new DiskFault('stalled')
      this.#count(gap)
      this.#listeners.leave(outage.left)
      this.#outage = null
      this.#file = made
      this.#openedAt = performance.now()
      this.#tellDurable()
      this.#become({ ...this.health, usable: true, cause: null, lowSpace: room === 'low' })
    } catch {
      if (made !== null) await outage.discard(made, this.#options.disk)
    } finally {
      this.#recoveryPatience.end()
      this.#recovery = null
    }
  }

  #become(health: Health): void {
    this.health = health
    this.#listeners.tellHealth(health)
  }
}

/** With the number of the entry that comes after it. */
type OwnBatch = Sealed & { readonly next: number }

function unusable(): Refusal {
  return new Refusal('RECORDS_UNUSABLE', { retryAfter: 1 })
}

/** Writing over RLIMIT_FSIZE then fails with EFBIG, instead of ending the process. */
function ignoreSignal(): void {}
