/** Which days a report is about, and which it is compared with. Pure. */
import { localTime, parseTime } from '../query/when.ts'

export const periods = ['day', 'week', 'month', 'quarter'] as const
export type PeriodName = (typeof periods)[number]

/** UTC as in records; `until` is excluded. `first` and `last`: its days, `2026-11-01`, in the timezone. */
export type Stretch = {
  readonly from: string
  readonly until: string
  readonly first: string
  readonly last: string
}

export type Period = Stretch & {
  readonly name: PeriodName
  readonly timezone: string
  /** The same before it. */
  readonly before: Stretch
  /** What charts have a column for: its days, or the hours of a day. */
  readonly columns: readonly string[]
}

/** The period that has this day (`2026-11-21`) in it. Weeks begin on Monday (ISO 8601). */
export function periodOf(name: PeriodName, day: string, timezone: string): Period {
  const first = startOf(name, day)
  const next = startOf(name, addDays(first, { day: 1, week: 7, month: 31, quarter: 92 }[name]))
  const stretch = stretchOf(first, next, timezone)
  const before = stretchOf(startOf(name, addDays(first, -1)), first, timezone)
  const columns = name === 'day' ? hours : daysFrom(first, next)
  return { ...stretch, name, timezone, before, columns }
}

/** The last one that is over by now. */
export function lastPeriod(name: PeriodName, now: Date, timezone: string): Period {
  const today = localTime(now.toISOString(), timezone).slice(0, 10)
  return periodOf(name, addDays(startOf(name, today), -1), timezone)
}

/** Whether it is not over yet. */
export function isRunning(period: Period, now: Date): boolean {
  return period.until > now.toISOString()
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

function startOf(name: PeriodName, day: string): string {
  if (name === 'day') return day
  if (name === 'week') return addDays(day, -((weekdayOf(day) + 6) % 7))
  const [year, month] = day.split('-') as [string, string]
  const first = name === 'month' ? Number(month) : Math.floor((Number(month) - 1) / 3) * 3 + 1
  return `${year}-${String(first).padStart(2, '0')}-01`
}

function stretchOf(first: string, next: string, timezone: string): Stretch {
  const at = (day: string): string => parseTime(day, timezone, 'start')!
  return { from: at(first), until: at(next), first, last: addDays(next, -1) }
}

function daysFrom(first: string, next: string): string[] {
  const days: string[] = []
  for (let day = first; day < next; day = addDays(day, 1)) days.push(day)
  return days
}

/** Days of the calendar, whatever clocks do. */
function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)
}

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

/** Where clocks in the timezone stand: day, and hour. Remembered by ten minutes, in which no clock changes. */
export class Clock {
  readonly #timezone: string
  readonly #known = new Map<string, { readonly day: string; readonly hour: number }>()

  constructor(timezone: string) {
    this.#timezone = timezone
  }

  at(time: string): { readonly day: string; readonly hour: number } {
    const key = time.slice(0, 15)
    let known = this.#known.get(key)
    if (known === undefined) {
      const local = localTime(time, this.#timezone)
      known = { day: local.slice(0, 10), hour: Number(local.slice(11, 13)) }
      this.#known.set(key, known)
    }
    return known
  }
}
