/** Points in time as people write and read them, in a timezone. Records themselves are in UTC. */

const parts = new Map<string, Intl.DateTimeFormat>()

function formatIn(timezone: string): Intl.DateTimeFormat {
  let format = parts.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    parts.set(timezone, format)
  }
  return format
}

/** `2026-11-21 17:30:00`; a time that is none comes back as it is. */
export function localTime(time: string, timezone: string): string {
  const at = Date.parse(time)
  return Number.isNaN(at) ? time : formatIn(timezone).format(at)
}

const written = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/
const day = 86_400_000

/**
 * ISO 8601: a date, or a date and time; without a zone it is local. Returns UTC as records write it, or null where it is
 * no such text. `edge`: the start of what was named, or, for a bare date, the start of the day after.
 */
export function parseTime(text: string, timezone: string, edge: 'start' | 'end'): string | null {
  const match = written.exec(text)
  if (match === null) return null
  const [, date, time, zone] = match
  const named = Date.parse(`${date}T${time ?? '00:00'}${zone ?? 'Z'}`)
  if (Number.isNaN(named) || new Date(`${date}T00:00Z`).toISOString().slice(0, 10) !== date) return null
  const wall = time === undefined && edge === 'end' ? named + day : named
  return new Date(zone === undefined ? toUtc(wall, timezone) : wall).toISOString()
}

/** The moment at which clocks in the timezone show `wall` (given as if it were UTC). */
function toUtc(wall: number, timezone: string): number {
  const offsetAt = (at: number): number =>
    Date.parse(`${formatIn(timezone).format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000
  const first = wall - offsetAt(wall)
  return wall - offsetAt(first)
}

export function isTimezone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return true
  } catch {
    return false
  }
}
