/** Who works beside a gateway and may wait gives way to it. */
import { execFile } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** Of util-linux, which most systems have. */
const chrt = '/usr/bin/chrt'

/**
 * This process, at the lowest priority. On Linux a priority is a thread's: those that V8 has begun already, and collects
 * garbage with, get it as well. Where the system does not let it, the process is as any other.
 */
export function stepBack(): void {
  for (const thread of process.platform === 'linux' ? threads() : [0]) lower(thread, constants.priority.PRIORITY_LOW)
}

/**
 * The same, and only while nobody else would run (Linux: `SCHED_IDLE`; elsewhere, and without `chrt`, no more than the
 * lowest priority). Whoever wakes waits until what runs has had its milliseconds, however low its priority; but not for
 * this: with answers of 10 KB the index took a sixth of a gateway's requests a second on the same core, and takes a third of that so.
 */
export function stepAside(): void {
  stepBack()
  if (process.platform !== 'linux') return
  // called back with a fault where there is no such command
  execFile(chrt, ['--idle', '--all-tasks', '--pid', '0', String(process.pid)], () => {})
}

/** This thread of a process alone, below the others, but far from last. On Linux only; elsewhere it is as any other. */
export function stepBackThread(): void {
  if (process.platform !== 'linux') return
  const id = /\/task\/(\d+)$/.exec(linkOf('/proc/thread-self'))?.[1]
  if (id !== undefined) lower(Number(id), constants.priority.PRIORITY_BELOW_NORMAL)
}

function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return [0]
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function lower(thread: number, priority: number): void {
  try {
    setPriority(thread, priority)
  } catch {
    // it has ended, or the system does not let it
  }
}
