/** The load: wrk where it is installed, autocannon else; both closed loops over connections that are kept. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

export type Load = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly seconds: number
  readonly connections: number
  readonly core: string
}

export type Outcome = {
  readonly requests: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers that were no 2xx, and connections that broke. */
  readonly errors: number
}

const hasWrk = (): boolean => existsSync('/usr/bin/wrk')
export const generator = (): string => (hasWrk() ? 'wrk' : 'autocannon')

export const applyLoad = (load: Load): Promise<Outcome> => (hasWrk() ? byWrk(load) : byAutocannon(load))

async function byWrk({ url, headers, seconds, connections, core }: Load): Promise<Outcome> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const options = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '20s', '--latency']
  const { stdout } = await run('taskset', ['-c', core, 'wrk', ...options, ...named, url])
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1] ?? 0)
  const socket = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)
  const broken = (socket ?? []).slice(1).reduce((sum, one) => sum + Number(one), 0)
  return {
    requests: number(/(\d+) requests in/),
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50: milliseconds(/50%\s+([\d.]+)(us|ms|s|m)\b/.exec(stdout)),
    p99: milliseconds(/99%\s+([\d.]+)(us|ms|s|m)\b/.exec(stdout)),
    errors: number(/Non-2xx or 3xx responses: (\d+)/) + broken,
  }
}

function milliseconds(match: RegExpExecArray | null): number {
  const unit = { us: 0.001, ms: 1, s: 1000, m: 60_000 }[match?.[2] ?? ''] ?? Number.NaN
  return Number(match?.[1] ?? Number.NaN) * unit
}

async function byAutocannon({ url, headers, seconds, connections, core }: Load): Promise<Outcome> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`])
  const options = ['-c', String(connections), '-d', String(seconds), '--json', '--no-progress']
  const command = [process.execPath, join(root, 'node_modules/autocannon/autocannon.js'), ...options, ...named, url]
  const { stdout } = await run('taskset', ['-c', core, ...command])
  const { requests, latency, errors, timeouts, non2xx } = JSON.parse(stdout)
  const failed = errors + timeouts + non2xx
  return { requests: requests.total, perSecond: requests.average, p50: latency.p50, p99: latency.p99, errors: failed }
}
