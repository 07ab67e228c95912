/** `records verify` over a folder: feeds files, evidence and the logs' words of one another to what judges them. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { bytesOf, isDamage } from '../files/file-bytes.ts'
import { type FileOfLog, filesOf, ofGateway } from '../files/files.ts'
import { voidAfter } from '../files/read.ts'
import { ProofFolder } from '../notary/proof-folder.ts'
import type { Seen } from './entry.ts'
import { type Brought, type Evidence, evidenceOf, type Vouched } from './evidence.ts'
import { type FileSeen, LifeVerifier, type LogSeen } from './life.ts'
import { missingLogs } from './missing.ts'
import { PruneVerifier } from './prune.ts'
import { type Found, found, type ShownBy } from './report.ts'
import { TreeVerifier } from './tree.ts'
import { type FrameReport, LogVerifier } from './verify.ts'

export type LogReport = FrameReport & {
  /** Name in the log's checkpoints; null where nothing was ever signed. */
  readonly origin: string | null
  /** Who vouches for how many records from the beginning. */
  readonly vouched: readonly Vouched[]
  /** Records that a trusted witness, a given key, or only a key beside the log vouches for. */
  readonly proved: { readonly witness: number; readonly key: number; readonly self: number }
}

export type VerifyOptions = {
  readonly only?: string | undefined
  readonly brought?: Brought
  /** Milliseconds since 1970, for the silence at the end. */
  readonly now: number
}

export const nothingBrought: Brought = { keys: [], witnessed: [], approvers: [] }

/** A report for each log in the folder. It may be being written: a batch that is not finished yet is a note. */
export async function verifyFolder(
  directory: string,
  { only, brought = nothingBrought, now }: VerifyOptions = { now: Date.now() },
): Promise<LogReport[]> {
  const logs = Map.groupBy(await filesOf(directory), file => file.log)
  const checks = new Map<string, OneLog>()
  // Logs that another one speaks of are read before it.
  const names = [...logs.keys()].sort((a, b) => Number(isSigned(directory, a)) - Number(isSigned(directory, b)))
  for (const log of names) {
    const one = new OneLog(directory, log, brought)
    await one.read(logs.get(log)!)
    checks.set(log, one)
  }
  const heads = new Map([...checks].map(([log, one]) => [log, one.seen]))
  // One log is read after the other: what another names of it may be newer than what was read.
  for (const log of new Set([...checks.values()].flatMap(one => one.outrun(heads)))) {
    const again = new OneLog(directory, log, brought)
    await again.read(await filesOf(directory, log))
    heads.set(log, again.seen)
  }
  const prunes = [...checks.values()].flatMap(one => one.pruneRecords)
  const missing = missingLogs(directory, names, brought)
  const all = [...names, ...missing.keys()].toSorted()
  const wanted = only === undefined ? all : all.filter(log => log === only)
  return wanted.map(log => checks.get(log)?.report(heads, prunes, now) ?? reportMissing(log, missing.get(log)!))
}

function reportMissing(log: string, shownBy: ShownBy): LogReport {
  const problems = [found('LOG_MISSING', { at: log, shownBy })]
  const proved = { witness: 0, key: 0, self: 0 }
  return { ...new LogVerifier(log).end(), problems, origin: null, vouched: [], proved }
}

function isSigned(directory: string, log: string): boolean {
  return new ProofFolder(directory, log).exists
}

class OneLog {
  readonly pruneRecords: Seen[] = []
  readonly #log: string
  readonly #evidence: Evidence
  readonly #tree: TreeVerifier
  readonly #life = new LifeVerifier()
  readonly #prune: PruneVerifier
  readonly #files = new Map<number, FileSeen>()
  readonly #heads = new Map<number, string>()
  readonly #problems: Found[] = []
  #frames: FrameReport | null = null

  constructor(directory: string, log: string, brought: Brought) {
    this.#log = log
    this.#evidence = evidenceOf(directory, log, brought)
    this.#tree = new TreeVerifier(log, this.#evidence.statements, this.#evidence.tiles)
    this.#prune = new PruneVerifier(log, new ProofFolder(directory, log), brought.approvers)
  }

  /** Another process's, whose checkpoints say more of it; a command's has none, and whoever adds some proves nothing by that. */
  get #saysMore(): boolean {
    return this.#evidence.origin !== null && ofGateway.test(this.#log)
  }

  get seen(): LogSeen {
    return { next: this.#frames!.next, heads: this.#saysMore ? null : this.#heads }
  }

  outrun(others: ReadonlyMap<string, LogSeen>): string[] {
    return this.#life.outrun(others)
  }

  async read(files: readonly FileOfLog[]): Promise<void> {
    const keep = await voidAfter(files)
    const start = this.#prune.start(files[0]?.number ?? 0)
    const heads = this.#saysMore ? null : this.#heads
    const verifier = new LogVerifier(this.#log, {
      pruned: start,
      onSeen: (entry, line) => this.#entry(entry, line),
      onBatch: (next, head) => heads?.set(next, head),
    })
    for (const file of files.filter(one => one.number > (start?.lastFile ?? 0))) {
      verifier.file(file.number)
      const limit = keep.get(file.number) ?? Number.POSITIVE_INFINITY
      if (limit === 0) continue
      await this.#readFile(file, limit, verifier)
    }
    this.#frames = verifier.end()
    this.#tree.end()
  }

  async #readFile(file: FileOfLog, limit: number, verifier: LogVerifier): Promise<void> {
    const plain = createHash('sha256')
    let bytes = 0
    try {
      for await (const chunk of bytesOf(file.path, limit)) {
        plain.update(chunk)
        bytes += chunk.length
        verifier.write(chunk)
      }
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#problems.push(found('FILE_DAMAGED', { file: file.number, offset: bytes }))
    }
    const stored = file.sealed ? await digestOf(file.path) : null
    this.#files.set(file.number, { bytes, sha256: hex(plain), stored })
  }

  #entry(entry: Seen, line: Buffer): void {
    this.#tree.leaf(entry.seq, line)
    this.#life.entry(entry)
    if (entry.kind === 'prune') this.pruneRecords.push(entry)
  }

  report(others: ReadonlyMap<string, LogSeen>, prunes: readonly Seen[], now: number): LogReport {
    const frames = this.#frames!
    for (const [number, file] of this.#files) this.#life.checkFile(number, file)
    this.#life.checkOthers(others)
    this.#life.end(now)
    this.#prune.check(prunes)
    const signed = Math.max(0, ...this.#evidence.statements.map(one => one.checkpoint.size))
    if (this.#life.signed > signed)
      this.#problems.push(found('CHECKPOINTS_MISSING', { records: [signed, this.#life.signed - 1] }))
    const problems = [
      ...frames.problems,
      ...this.#problems,
      ...this.#evidence.problems,
      ...this.#tree.problems,
      ...this.#life.problems,
      ...this.#prune.problems,
    ]
    const notes = [
      ...frames.notes,
      ...this.#evidence.notes,
      ...this.#tree.notes,
      ...this.#life.notes,
      ...this.#prune.notes,
    ]
    const { origin, vouched } = this.#evidence
    const most = (trust: Vouched['trust']) =>
      Math.max(0, ...vouched.filter(one => one.trust === trust).map(one => one.records))
    const proved = { witness: most('witness'), key: most('key'), self: most('self') }
    return { ...frames, problems, notes, origin, vouched, proved }
  }
}

async function digestOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    digest.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hex(digest) }
}

function hex(digest: Hash): string {
  return `sha256:${digest.digest('hex')}`
}
