/** How many records a second one log takes, how long one waits, and how large it is once sealed. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccessDraft } from '../../gateway/records/entry.ts'
import { type Disk, disk as realDisk } from '../../gateway/records/log/disk.ts'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { startNotary } from '../../gateway/records/notary/notary.ts'
import { logSigner } from '../../gateway/records/proof/log-key.ts'

/** `unsynced`: everything but the calls that write and sync. `durable`: as shipped, `signed`: with the notary beside. */
export type Way = 'unsynced' | 'durable' | 'signed'

export type Rate = {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Microseconds of CPU for each record, by all threads. */
  readonly cpu: number
}

const signer = logSigner('gw1-0', Buffer.alloc(32, 7))
let made = 0

/** As a gateway's are: names from a small world, counts, and people, known by three values, whose indexes never come twice. */
function draft(people: number): AccessDraft {
  const nth = made++
  const indexes = () => Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url')
  const index = [`partial=${Array.from({ length: people }, indexes)}`]
  return {
    kind: 'access',
    consumer: ['oa', 'portal', 'library'][nth % 3]!,
    operator: `u${1000 + ((nth * 7919) % 200)}`,
    address: `10.1.2.${nth % 250}`,
    system: 'student-affairs',
    route: ['/api/students/{id}', '/api/students', '/api/scores/{id}'][nth % 3]!,
    method: 'GET',
    purpose: 'enrolment',
    basis: { kind: 'work_order', ref: `WO-2026-${1000 + (nth % 400)}`, verified: false },
    grant: null,
    status: 200,
    upstreamStatus: 200,
    format: 'json',
    bytes: [1000 + ((nth * 31) % 9000), 900 + ((nth * 37) % 8000)],
    rows: people,
    fields: { 'cn_resident_id@A4': { partial: people }, 'cn_mobile@A3': { clear: people } },
    searched: [],
    subjects: { count: people, index },
    policy: `sha256:${'ab'.repeat(32)}`,
    outcome: 'released',
  }
}

/** A disk that takes what is written at once and keeps none of it. */
function unsynced(): Disk {
  let size = 0
  return {
    ...realDisk,
    open(path, flags, mode) {
      if (path.endsWith('.jsonl')) size = 0
      return realDisk.open(path, flags, mode)
    },
    async write(_fd, _bytes, _at, length) {
      size += length
      return length
    },
    async fdatasync() {},
    async lstat(path) {
      const found = await realDisk.lstat(path)
      return path.endsWith('.jsonl') ? Object.assign(found, { size }) : found
    },
  }
}

/** Appends of one record each, so many at a time, for so many seconds. */
export async function rateOf(way: Way, inFlight: number, seconds: number): Promise<Rate> {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-bench-'))
  const disk = way === 'unsynced' ? unsynced() : realDisk
  const log = await openRecordLog({ directory, log: 'gw1-0', holds: 'folder', disk })
  const notary = way === 'signed' ? await startNotary(log, { directory, signer }) : null
  const one = draft(1)
  const waits: number[] = []
  const used = process.cpuUsage()
  const start = performance.now()
  const end = start + seconds * 1000
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now < end; ) {
      await log.append([one])
      const then = now
      now = performance.now()
      waits.push(now - then)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, caller))
  const took = performance.now() - start
  const { user, system } = process.cpuUsage(used)
  await notary?.close()
  await log.close()
  await rm(directory, { recursive: true })
  waits.sort((a, b) => a - b)
  const at = (share: number) => waits[Math.floor(waits.length * share)]!
  return {
    perSecond: waits.length / (took / 1000),
    p50: at(0.5),
    p99: at(0.99),
    cpu: (user + system) / waits.length,
  }
}

/** Bytes on disk for each record, as written and after sealing, with so many people in each and so many in a batch. */
export async function bytesOf(people: number, perBatch: number): Promise<{ written: number; sealed: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'veilgate-bench-'))
  let now = Date.now()
  const options = { directory, log: 'gw1-0', holds: 'folder', fileBytes: 4_000_000, clock: () => (now += 7) } as const
  const log = await openRecordLog(options)
  const notary = await startNotary(log, { directory, signer })
  let many = 0
  let written = 0
  while (!(await readdir(directory)).some(name => name.endsWith('.zst'))) {
    for (let nth = 0; nth < 500; nth += perBatch) {
      await log.append(Array.from({ length: perBatch }, () => draft(people)))
      if (log.durable.file === 1) [many, written] = [log.durable.seq, log.durable.size]
    }
    await notary.settle()
  }
  const { size } = await stat(join(directory, 'gw1-0.000001.jsonl.zst'))
  await notary.close()
  await log.close()
  await rm(directory, { recursive: true })
  return { written: written / many, sealed: size / many }
}
