/**
 * Lets a system call of a writing process fail, or kills the process at it, one call after the other, by strace; and
 * sees to it that afterwards every acknowledged record is there and the log verifies, before and after going on.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readRecords } from '../../gateway/records/files/read.ts'
import { verified } from './proofs.ts'

const writer = fileURLToPath(new URL('./signed-writer-process.ts', import.meta.url))
const calls = ['write', 'pwrite64', 'fdatasync', 'fsync', 'ftruncate', 'rename', 'unlink', 'chmod'] as const
export const faults = ['error=EIO', 'error=ENOSPC', 'signal=SIGKILL'] as const

export type Point = {
  readonly call: string
  readonly fault: (typeof faults)[number]
  readonly nth: number
}

/** What strace is told, so that a call fails. */
export const injecting = ({ call, fault, nth }: Point): string[] => [
  ...['-o', '/dev/null', '-e', `trace=${call}`],
  ...['-e', `inject=${call}:${fault}:when=${nth}`],
]
export const noFault: readonly string[] = ['-o', '/dev/null', '-e', 'trace=none']

/** The reason for which nothing can be injected here, or false. */
export const noStrace: string | false =
  spawnSync('strace', ['-qq', '-e', 'trace=none', 'true']).status === 0
    ? false
    : 'strace is missing, or may not be used here'

/** Every point at which a run of the writer can be disturbed: each call, each time, each fault. */
export function pointsOfARun(): Point[] {
  const directory = mkdtempSync(join(tmpdir(), 'veilgate-faults-'))
  const trace = join(directory, 'trace')
  run(join(directory, 'records'), ['-o', trace, '-e', `trace=${calls.join(',')}`])
  const lines = readFileSync(trace, 'utf8').split('\n')
  rmSync(directory, { recursive: true })
  return calls.flatMap(call => {
    const times = lines.filter(line => new RegExp(`\\b${call}\\(`).test(line)).length
    return Array.from({ length: times }, (_, at) => faults.map(fault => ({ call, fault, nth: at + 1 }))).flat()
  })
}

/** One disturbed run, and what must hold after it. */
export async function disturb(point: Point): Promise<void> {
  const what = `${point.call} ${point.fault} ${point.nth}`
  const base = mkdtempSync(join(tmpdir(), 'veilgate-faults-'))
  const directory = join(base, 'records')
  try {
    const out = run(directory, injecting(point))
    await assertWhole(directory, out, what)
    await assertWhole(directory, `${out}${run(directory, noFault)}`, `${what}, then on`)
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

function run(directory: string, strace: readonly string[]): string {
  const args = ['-f', '-qq', ...strace, process.execPath, writer, directory]
  // strace counts calls by thread: one thread makes them all.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' }
  return spawnSync('strace', args, { env, encoding: 'utf8', timeout: 60_000 }).stdout
}

/** `out`: the ids of what was acknowledged, a line each. */
export async function assertWhole(directory: string, out: string, what: string): Promise<void> {
  const acknowledged = [...out.matchAll(/^gw1-0:(\d+)$/gm)].map(([, seq]) => Number(seq))
  const present = new Set<number>()
  try {
    for await (const { seq } of readRecords(directory)) present.add(seq)
  } catch (error) {
    // Killed before there was a folder.
    assert.ok((error as NodeJS.ErrnoException).code === 'ENOENT' && acknowledged.length === 0, what)
    return
  }
  assert.deepEqual(
    acknowledged.filter(seq => !present.has(seq)),
    [],
    `${what}: every acknowledged record is there`,
  )
  assert.deepEqual((await verified(directory))?.problems ?? [], [], `${what}: the log is whole`)
}
