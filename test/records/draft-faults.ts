/**
 * Does what faults.ts does to a process that writes to the one that compresses full files for it: a system call fails, or is the
 * last, while the notary waits for a draft. Afterwards the log verifies, and the next start seals what was left and clears away
 * what was half done.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesNow } from '../../gateway/records/files/files.ts'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { startNotary } from '../../gateway/records/notary/notary.ts'
import type { AskDraft, DraftAnswer, DraftRequest } from '../../gateway/records/sealing/sealer.ts'
import { until } from '../support/until.ts'
import { accessDraft } from './drafts.ts'
import { assertWhole, faults, injecting, noFault, type Point } from './faults.ts'
import { signer } from './proofs.ts'

const drafter = fileURLToPath(new URL('./draft-process.ts', import.meta.url))
const calls = ['pread64', 'write', 'fsync'] as const
const log = 'gw1-0'
const undisturbed = (directory: string): AskDraft => {
  return async request => (await answerOf(directory, request, noFault)) ?? { id: request.id, failed: true }
}

/** Every point at which the drafting of one file can be disturbed. */
export async function pointsOfADraft(): Promise<Point[]> {
  const base = mkdtempSync(join(tmpdir(), 'veilgate-draft-'))
  const [directory, trace] = [join(base, 'records'), join(base, 'trace')]
  try {
    await write(directory)
    const request = { id: '0123456789ab', log, file: 1, end: null }
    assert.notEqual(await answerOf(directory, request, ['-o', trace, '-e', `trace=${calls.join(',')}`]), null)
    const lines = readFileSync(trace, 'utf8').split('\n')
    return calls.flatMap(call => {
      const times = lines.filter(line => line.includes(`${call}(`)).length
      return Array.from({ length: times }, (_, at) => faults.map(fault => ({ call, fault, nth: at + 1 }))).flat()
    })
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

/** One disturbed draft, and what must hold after it. */
export async function disturbDraft(point: Point): Promise<void> {
  const what = `a draft, ${point.call} ${point.fault} ${point.nth}`
  const base = mkdtempSync(join(tmpdir(), 'veilgate-draft-'))
  const directory = join(base, 'records')
  try {
    let acknowledged = await write(directory)
    let isOver = false
    const ask: AskDraft = async request => {
      const answer = isOver ? null : await answerOf(directory, request, injecting(point))
      isOver = true
      // who died is started again, and asked the same
      return answer ?? undisturbed(directory)(request)
    }
    acknowledged += await sealAll(directory, ask)
    await assertWhole(directory, acknowledged, what)
    acknowledged += await sealAll(directory, undisturbed(directory))
    await assertWhole(directory, acknowledged, `${what}, then on`)
    const left = readdirSync(directory).filter(name => name.endsWith('.new'))
    assert.deepEqual(left, [], `${what}: nothing half done is left`)
    assert.ok(filesNow(directory, log).filter(({ sealed }) => sealed).length >= 3, `${what}: all is sealed`)
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

/** A log of three full files and one that is not; returns the ids of its records, a line each. */
async function write(directory: string): Promise<string> {
  const opened = await openRecordLog({ directory, log, holds: 'folder', fileBytes: 6000 })
  let ids = ''
  while (opened.durable.file < 4) ids += idsOf(await opened.append([accessDraft(), accessDraft()]))
  await opened.close()
  return ids
}

/** Has all full files sealed, or one of them found not to be sealable now. Returns ids as `write` does. */
async function sealAll(directory: string, ask: AskDraft): Promise<string> {
  const asked: Promise<unknown>[] = []
  const askDraft: AskDraft = request => {
    const answer = ask(request)
    asked.push(answer)
    return answer
  }
  const opened = await openRecordLog({ directory, log, holds: 'folder', fileBytes: 1_000_000 })
  let isStuck = false
  const onSealer = ({ is }: { is: string }): void => {
    isStuck ||= is === 'failed'
  }
  const notary = await startNotary(opened, { directory, signer, askDraft, onSealer })
  const ids = idsOf(await opened.append([accessDraft()]))
  const full = () => filesNow(directory, log).filter(one => !one.sealed && one.number < opened.durable.file)
  await until('all to be sealed', async () => {
    await notary.settle()
    return isStuck || full().length === 0
  })
  await notary.close()
  await opened.close()
  // what is made after the next start has cleared away would stay: a gateway ends that process before itself
  await Promise.all(asked)
  return ids
}

const idsOf = (receipts: readonly { id: string }[]): string => receipts.map(({ id }) => `${id}\n`).join('')

/** null: the process ended before it had answered. */
function answerOf(directory: string, request: DraftRequest, strace: readonly string[]): Promise<DraftAnswer | null> {
  const args = ['-f', '-qq', ...strace, process.execPath, drafter, directory, JSON.stringify(request)]
  return new Promise(resolve => {
    execFile('strace', args, { timeout: 60_000 }, (_error, out) => {
      try {
        resolve(JSON.parse(out))
      } catch {
        resolve(null)
      }
    })
  })
}
