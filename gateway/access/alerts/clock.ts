/** Day of the week (0 is Sunday) and minute of the day in a timezone. Zones change on quarters of an hour. */
export function clockIn(timezone: string): (time: number) => { day: number; minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
  let quarter = Number.NaN
  let known = { day: 0, minute: 0 }
  return time => {
    const now = Math.floor(time / 900_000)
    if (now !== quarter) {
      const parts = new Map(format.formatToParts(now * 900_000).map(({ type, value }) => [type, value]))
      quarter = now
      known = {
        day: days.indexOf(parts.get('weekday')!),
        minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
      }
    }
    return known
  }
}
