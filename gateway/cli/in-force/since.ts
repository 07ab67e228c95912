/** Since when what was kept as being in force is so: the time of its file. */
import { statSync, utimesSync } from 'node:fs'

/** To be called when the file is made: by the clock that signatures are held against, not that of a file server. */
export function beginNow(path: string): void {
  const now = Date.now() / 1000
  utimesSync(path, now, now)
}

/** Milliseconds since 1970. Where there is none: as if it were not yet. */
export function beganAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY
}
