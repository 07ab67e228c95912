/** What time it is where the gateway stands, and whether that is within somebody's hours. */
import type { Hours } from '../config/config.ts'

/** `day`: of the week, 0 is Sunday. `minute`: of the day. */
export type LocalTime = { readonly day: number; readonly minute: number }

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const quarterHour = 900_000

/** Day and minute of a time (milliseconds since 1970) in a timezone. Zones change on quarters of an hour: it is asked once for each. */
export function clockIn(timezone: string): (time: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  let quarter = Number.NaN
  let begin: LocalTime = { day: 0, minute: 0 }
  return time => {
    const now = Math.floor(time / quarterHour)
    if (now !== quarter) {
      const parts = new Map(format.formatToParts(now * quarterHour).map(({ type, value }) => [type, value]))
      quarter = now
      begin = {
        day: days.indexOf(parts.get('weekday')!),
        minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
      }
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
