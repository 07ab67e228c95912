import { readFileSync } from 'node:fs'

/** Whether a process runs, by /proc. One that has ended is over, also where nobody has asked for its status yet. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return false
  }
}
