/** What signing costs: records a second with and without a notary beside the writer, and bytes a record once sealed: `node bench/records/signed.ts [DIR]`. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccessDraft } from '../../gateway/records/entry.ts'
import { openRecordLog } from '../../gateway/records/log.ts'
import { startNotary } from '../../gateway/records/notary.ts'
import { logSigner } from '../../gateway/records/proof/log-key.ts'

const signer = logSigner('gw1-0', Buffer.alloc(32, 7))
const seconds = 3
let made = 0

/** As a gateway's are: names from a small world, counts, and people whose indexes never come twice. */
function draft(people: number): AccessDraft {
  const nth = made++
  const index = Array.from(
    { length: people },
    () => `${Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')}:partial`,
  )
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

async function rate(inFlight: number, signed: boolean): Promise<{ rate: number; p50: number }> {
  const directory = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'veilgate-bench-'))
  const log = await openRecordLog({ directory, log: 'gw1-0', holds: 'folder' })
  const notary = signed ? await startNotary(log, { directory, signer }) : null
  const one = draft(1)
  const waits: number[] = []
  const end = performance.now() + seconds * 1000
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now < end; ) {
      await log.append([one])
      const then = now
      now = performance.now()
      waits.push(now - then)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: inFlight }, caller))
  const took = performance.now() - start
  await notary?.close()
  await log.close()
  await rm(directory, { recursive: true })
  waits.sort((a, b) => a - b)
  return { rate: Math.round(waits.length / (took / 1000)), p50: waits[Math.floor(waits.length / 2)]! }
}

/** Bytes on disk for each record after sealing, with so many people in each and so many records in a batch. */
async function sealedBytes(people: number, perBatch: number): Promise<number> {
  const directory = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'veilgate-bench-'))
  let now = Date.now()
  const options = { directory, log: 'gw1-0', holds: 'folder', fileBytes: 8_000_000, clock: () => (now += 7) } as const
  const log = await openRecordLog(options)
  const notary = await startNotary(log, { directory, signer })
  let many = 0
  while (!(await readdir(directory)).some(name => name.endsWith('.zst'))) {
    for (let nth = 0; nth < 500; nth += perBatch) {
      await log.append(Array.from({ length: perBatch }, () => draft(people)))
      if (log.durable.file === 1) many = log.durable.seq
    }
    await notary.settle()
  }
  const { size } = await stat(join(directory, 'gw1-0.000001.jsonl.zst'))
  await notary.close()
  await log.close()
  await rm(directory, { recursive: true })
  return size / many
}

for (const inFlight of [1, 16, 256]) {
  const [plain, signed] = [await rate(inFlight, false), await rate(inFlight, true)]
  const share = (signed.rate / plain.rate).toFixed(2)
  const p50 = `p50 ${plain.p50.toFixed(2)} and ${signed.p50.toFixed(2)} ms`
  console.log(`${inFlight} in flight: ${plain.rate} records/s alone, ${signed.rate} signed (${share}), ${p50}`)
}
for (const perBatch of [1, 20]) {
  const [none, ten] = [await sealedBytes(0, perBatch), await sealedBytes(10, perBatch)]
  const person = ((ten - none) / 10).toFixed(1)
  console.log(`${perBatch} in a batch, sealed: ${none.toFixed(1)} bytes a record, ${person} more for each person`)
}
