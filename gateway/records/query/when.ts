/** Points in time as people write and read them, in a timezone. Records themselves are in UTC. */
import { type Ahead, aheadIn, momentOf, wallOf } from '../../timezone.ts'

const known = new Map<string, Ahead>()

function aheadOf(timezone: string): Ahead {
  let ahead = known.get(timezone)
  if (ahead === undefined) known.set(timezone, (ahead = aheadIn(timezone)))
  return ahead
}

/** `2026-11-21 17:30:00`; a time that is none comes back as it is. */
export function localTime(time: string, timezone: string): string {
  const at = Date.parse(time)
  return Number.isNaN(at) ? time : wallOf(at, aheadOf(timezone)).toISOString().slice(0, 19).replace('T', ' ')
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
  return new Date(zone === undefined ? momentOf(wall, aheadOf(timezone)) : wall).toISOString()
}
