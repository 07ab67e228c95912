/**
 * The timezone of a gateway, kept beside its records, so that commands that have nothing but the folder show the times
 * people there know. It proves nothing: records themselves are in UTC.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTimezone } from '../timezone.ts'

const fileName = 'timezone'

/** Keeps it, if it is another. Where that cannot be written, commands show the machine's. */
export function keepZone(directory: string, timezone: string): void {
  if (zoneIn(directory) === timezone) return
  try {
    writeFileSync(join(directory, fileName), `${timezone}\n`, { mode: 0o600 })
  } catch {
    // A convenience, and never a reason not to serve.
  }
}

export function zoneIn(directory: string): string | null {
  try {
    const zone = readFileSync(join(directory, fileName), 'latin1').trim()
    return zone.length <= 64 && isTimezone(zone) ? zone : null
  } catch {
    return null
  }
}
