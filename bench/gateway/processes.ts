/** Processes of a measurement: each on a core of its own, ended when it is over; what they used, from /proc. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Clock ticks in a second: what Linux counts CPU time by, on every machine it runs on today. */
const ticks = 100

export type Started = {
  readonly pid: number
  /** Seconds of CPU used so far, by all its threads, and by its children that are alive. */
  cpu(): Promise<number>
  /** Bytes of memory at the highest, since `forgetPeak`. */
  peak(): Promise<number>
  /** The same of its children that are alive. */
  peakBeside(): Promise<number>
  forgetPeak(): Promise<void>
  stop(): Promise<void>
}

/** Starts a command on one core (or several: `0,1`) and waits until its port is open. */
export async function startProcess(core: string, command: readonly string[], port: number): Promise<Started> {
  const child = spawn('taskset', ['-c', core, ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const pid = child.pid!
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  try {
    await open(child, port)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    pid,
    async cpu() {
      const all = await Promise.all([pid, ...(await childrenOf(pid))].map(cpuOf))
      return all.reduce((sum, one) => sum + one, 0)
    },
    peak: () => peakOf(pid),
    async peakBeside() {
      const all = await Promise.all((await childrenOf(pid)).map(peakOf))
      return all.reduce((sum, one) => sum + one, 0)
    },
    async forgetPeak() {
      for (const one of [pid, ...(await childrenOf(pid))])
        await writeFile(`/proc/${one}/clear_refs`, '5').catch(() => {})
    },
    async stop() {
      child.kill('SIGTERM')
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(killer)
    },
  }
}

async function open(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await sleep(50)
  }
  throw new Error(`${child.spawnargs.join(' ')} does not listen`)
}

async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
  const [, user, system] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(stat)!
  return (Number(user) + Number(system)) / ticks
}

async function peakOf(pid: number): Promise<number> {
  // a peer may have ended of what it was asked for: then there is nothing to read
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => '')
  return text.split(' ').filter(Boolean).map(Number)
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
