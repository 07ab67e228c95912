/** What time it is where the gateway stands, and whether that is within somebody's hours. */
import type { Hours } from '../config/config.ts'
import { aheadIn, wallOf } from '../timezone.ts'

/** `day`: of the week, 0 is Sunday. `minute`: of the day. */
export type LocalTime = { readonly day: number; readonly minute: number }

const quarterHour = 900_000

/** Day and minute of a time (milliseconds since 1970) in a timezone. Zones change on quarters of an hour: it is asked once for each. */
export function clockIn(timezone: string): (time: number) => LocalTime {
  const ahead = aheadIn(timezone)
  let quarter = Number.NaN
  let begin: LocalTime = { day: 0, minute: 0 }
  return time => {
    const now = Math.floor(time / quarterHour)
    if (now !== quarter) {
      const wall = wallOf(now * quarterHour, ahead)
      quarter = now
      begin = { day: wall.getUTCDay(), minute: wall.getUTCHours() * 60 + wall.getUTCMinutes() }
    }
    return { day: begin.day, minute: begin.minute + Math.floor((time - now * quarterHour) / 60_000) }
  }
}

/** Hours that go past midnight are of the day they begin on. */
export function isWithin(hours: readonly Hours[], { day, minute }: LocalTime): boolean {
  return hours.some(({ days, from, to }) =>
    from < to
      ? days.includes(day) && minute >= from && minute < to
      : (days.includes(day) && minute >= from) || (days.includes((day + 6) % 7) && minute < to),
  )
}
