/** How gateway.yaml writes sizes, durations, moments and addresses to listen on. Each function is total: null is "no". */
import type { Bilingual } from '../contracts.ts'
import { aheadIn, momentOf, wallOf } from '../timezone.ts'
import type { Hours, ListenAddress, PortRange } from './config.ts'

const sizeUnits: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
])
const timeUnits: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
])

export const sizePattern = '^(?:0|[1-9][0-9]{0,9})(?:B|KiB|MiB|GiB)$'
export const timePattern = '^(?:0|[1-9][0-9]{0,9})(?:ms|s|m|h)$'
export const listenPattern = '^(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]):(?:0|[1-9][0-9]{0,4})$'
export const momentPattern =
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?$'

const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
export const hoursPattern = `^${day}(?:-${day})? [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$`
export const portsPattern = '^[1-9][0-9]{0,4}(?:-[1-9][0-9]{0,4})?$'
export const macPattern = '^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$'

/** Bytes of `4MiB`; units are B, KiB, MiB and GiB. */
export function parseSize(text: string): number | null {
  return quantity(text, sizePattern, sizeUnits)
}

/** Milliseconds of `30s`; units are ms, s, m and h. */
export function parseTime(text: string): number | null {
  return quantity(text, timePattern, timeUnits)
}

/**
 * `0.0.0.0:8080`, `[::]:8080`, `localhost:8080`; port 0 takes any that is free. `localhost` is 127.0.0.1 and nothing else: for a
 * name Fastify makes one server for each of its addresses, and hands out, for us to guard, only the first.
 */
export function parseListen(text: string): ListenAddress | null {
  if (!new RegExp(listenPattern).test(text)) return null
  const colon = text.lastIndexOf(':')
  const port = Number(text.slice(colon + 1))
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '')
  return port > 65535 ? null : { host: /^localhost$/i.test(host) ? '127.0.0.1' : host, port }
}

/** Whether nobody but programs of this machine can connect. */
export function isOfThisMachine({ host }: ListenAddress): boolean {
  return /^(?:127\.|::1$)/.test(host)
}

/**
 * A day (`2027-01-31`, in the time zone given) or a moment (`2027-01-31T08:00:00+08:00`), in milliseconds since 1970.
 * Of a day, the first moment; with `end`, the first moment after it. null where there is no such day or time.
 */
export function parseMoment(text: string, timezone: string, end: boolean): number | null {
  if (!new RegExp(momentPattern).test(text)) return null
  const [year, month, day] = text.slice(0, 10).split('-').map(Number) as [number, number, number]
  const noon = new Date(Date.UTC(year, month - 1, day, 12))
  if (noon.getUTCMonth() !== month - 1 || noon.getUTCDate() !== day) return null
  if (text.length > 10) {
    const moment = Date.parse(text)
    return Number.isNaN(moment) ? null : moment
  }
  return momentOf(Date.UTC(year, month - 1, day + (end ? 1 : 0)), aheadIn(timezone))
}

/** The first moment after the month that a moment is in, in milliseconds since 1970. */
export function nextMonth(now: number, timezone: string): number {
  const ahead = aheadIn(timezone)
  const wall = wallOf(now, ahead)
  return momentOf(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 1), ahead)
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `Mon-Fri 08:00-18:00`: days may go round the week, hours past midnight; 24:00 is the end of a day. */
export function parseHours(text: string): Hours | null {
  if (!new RegExp(hoursPattern).test(text)) return null
  const [names, times] = text.split(' ') as [string, string]
  const [first, last = first] = names.split('-').map(name => days.indexOf(name)) as [number, number?]
  const [from, to] = times.split('-').map(time => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) as [
    number,
    number,
  ]
  if (from >= 1440 || to > 1440 || to === from) return null
  const length = ((last - first + 7) % 7) + 1
  return { days: Array.from({ length }, (_, at) => (first + at) % 7), from, to }
}

/** `40000` or `40000-40100`. */
export function parsePorts(text: string): PortRange | null {
  if (!new RegExp(portsPattern).test(text)) return null
  const [first, last = first] = text.split('-').map(Number) as [number, number?]
  return last > 65535 || last < first ? null : { first, last }
}

function quantity(text: string, pattern: string, units: ReadonlyMap<string, number>): number | null {
  if (!new RegExp(pattern).test(text)) return null
  const digits = /^\d+/.exec(text)![0]
  const amount = Number(digits) * units.get(text.slice(digits.length))!
  return Number.isSafeInteger(amount) ? amount : null
}

/** What a pattern asks for, in words: for faults and for editors. */
export const words = {
  size: { zh: '写作数字加单位 B、KiB、MiB 或 GiB，如 4MiB', en: 'write a number and B, KiB, MiB or GiB, as in 4MiB' },
  time: { zh: '写作数字加单位 ms、s、m 或 h，如 30s', en: 'write a number and ms, s, m or h, as in 30s' },
  listen: {
    zh: '写作 主机:端口，如 127.0.0.1:8080 或 [::]:8080',
    en: 'write host:port, as in 127.0.0.1:8080 or [::]:8080',
  },
  hours: {
    zh: '写作 Mon-Fri 08:00-18:00，星期用英文缩写，24 小时制',
    en: 'write days and hours, as in Mon-Fri 08:00-18:00',
  },
  ports: { zh: '写作端口或范围，如 40000-40100', en: 'write a port or a range, as in 40000-40100' },
  mac: { zh: '写作 MAC 地址，如 02:00:5e:10:00:01', en: 'write a MAC address, as in 02:00:5e:10:00:01' },
  moment: {
    zh: '写作日期 2027-01-31，或带时区的时间 2027-01-31T08:00:00+08:00',
    en: 'write a day, 2027-01-31, or a time with its zone, 2027-01-31T08:00:00+08:00',
  },
} satisfies Record<string, Bilingual>
