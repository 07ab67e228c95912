/** One long answer to one client: how fast, how soon, and with how much memory. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Running } from './peers.ts'

const run = promisify(execFile)

export type StreamOutcome = {
  readonly megabytesPerSecond: number
  /** Milliseconds. */
  readonly firstByte: number
  /** Bytes of memory at the highest. */
  readonly peak: number
  /** The same, of processes that it has started. */
  readonly beside: number
  readonly whole: boolean
}

/** `bytes`: of the answer before it is masked. curl takes it, as it costs the load's core next to nothing. */
export async function takeStream(peer: Running, path: string, bytes: number, core: string): Promise<StreamOutcome> {
  await peer.forgetPeak()
  const headers = Object.entries(peer.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const format = '%{time_starttransfer} %{time_total} %{size_download} %{http_code}'
  const options = ['-s', '-o', '/dev/null', '-w', format, '--max-time', '60']
  const { stdout } = await run('taskset', ['-c', core, 'curl', ...options, ...headers, peer.url + path]).catch(
    (error: { stdout: string }) => error,
  )
  const [first = 0, total = 0, taken = 0, status = 0] = stdout.split(' ').map(Number)
  const whole = status === 200 && taken > bytes / 2
  return {
    megabytesPerSecond: whole ? bytes / 1e6 / total : 0,
    firstByte: first * 1000,
    peak: await peer.peak(),
    beside: await peer.peakBeside(),
    whole,
  }
}
