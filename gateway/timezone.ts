/**
 * Clocks in a timezone (IANA name), by how far they are ahead of UTC. `Temporal` tells it where Node has it: the first
 * `Intl.DateTimeFormat` of a process reads something of each of ICU's 800 locales, which takes 10 ms and 8 MB for good.
 */

type Zoned = new (nanoseconds: bigint, timezone: string) => { readonly offsetNanoseconds: number }

const { Temporal } = globalThis as { readonly Temporal?: { readonly ZonedDateTime: Zoned } }

/** Of a moment in milliseconds since 1970: by how many milliseconds clocks are ahead of UTC then. */
export type Ahead = (moment: number) => number

/** Throws RangeError where there is no such timezone. */
export function aheadIn(timezone: string): Ahead {
  return Temporal === undefined ? aheadByIntl(timezone) : aheadByTemporal(Temporal.ZonedDateTime, timezone)
}

export function isTimezone(name: string): boolean {
  try {
    aheadIn(name)
    return true
  } catch {
    return false
  }
}

/** The moment at which clocks in a timezone show `wall`, which is given as if it were UTC. */
export function momentOf(wall: number, ahead: Ahead): number {
  // Twice, as the offset at the first guess may be that of the other side of a change of clocks.
  return wall - ahead(wall - ahead(wall))
}

/** What clocks show at a moment, as if it were UTC: `2026-11-21T17:30:00.000Z`. */
export function wallOf(moment: number, ahead: Ahead): Date {
  return new Date(moment + ahead(moment))
}

function aheadByTemporal(ZonedDateTime: Zoned, timezone: string): Ahead {
  const ahead: Ahead = moment =>
    new ZonedDateTime(BigInt(Math.floor(moment)) * 1_000_000n, timezone).offsetNanoseconds / 1e6
  ahead(0)
  return ahead
}

/** The same by `Intl`: for Node before 26, and for tests to compare with. */
export function aheadByIntl(timezone: string): Ahead {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  return moment => {
    const text = format.formatToParts(moment).find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
    const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text)
    const [hours, minutes, seconds] = [match?.[2], match?.[3], match?.[4]].map(part => Number(part ?? 0))
    return (match?.[1] === '-' ? -1 : 1) * ((hours! * 60 + minutes!) * 60 + seconds!) * 1000
  }
}
