/**
 * A month of records of an office of fifty, with twelve kinds of abuse planted in its second half; the same for the same
 * seed. The records have the shape of those in a log.
 */
import type { Recorded } from '../../gateway/access/alerts/seen.ts'
import { uniformFrom } from './chance.ts'

export type Planted = {
  readonly kind: string
  /** Who; null: of the gateway itself. */
  readonly operator: string | null
  /** Milliseconds since 1970: from the first record of it to the last. */
  readonly from: number
  readonly until: number
}

export type Trace = {
  /** By time. */
  readonly records: readonly Recorded[]
  readonly planted: readonly Planted[]
  /** Blind indexes that stand for people whom nobody should look at. */
  readonly canaries: ReadonlySet<string>
  readonly days: number
}

const day = 86_400_000
const minute = 60_000
/** Midnight of a Sunday in China. */
const beginning = Date.parse('2026-09-05T16:00:00.000Z')
const days = 30
const canary = 'canary'.padEnd(8, '0')

type Staff = {
  readonly login: string
  readonly address: string
  readonly second: string
  readonly pace: number
  readonly clear: boolean
}

class Office {
  readonly records: { -readonly [Key in keyof Recorded]: Recorded[Key] }[] = []
  readonly random: () => number
  readonly staff: readonly Staff[]

  constructor(seed: number) {
    this.random = uniformFrom(seed)
    this.staff = Array.from({ length: 50 }, (_, nth) => ({
      login: `u${1000 + nth}`,
      address: `10.1.${nth >> 4}.${10 + nth}`,
      second: `10.2.0.${10 + nth}`,
      // some look up five people a day, some a hundred
      pace: 8 * Math.exp(1.6 * this.random()),
      clear: nth % 3 === 0,
    }))
  }

  whole(most: number): number {
    return Math.floor(this.random() * most)
  }

  person(): string {
    return `p${this.whole(5000)}`.padEnd(8, '.')
  }

  add(time: number, by: Staff, changed: Record<string, unknown> = {}): void {
    const people = (changed['people'] as string[] | undefined) ?? [this.person()]
    const { people: _, clear = by.clear ? 1 : 0, ...others } = changed
    this.records.push({
      ...{ v: 1, log: 'gw1-0', seq: 0, time: new Date(time).toISOString(), kind: 'access', consumer: 'oa' },
      ...{ operator: by.login, address: by.address, system: 's', route: '/api/students/{id}', method: 'GET' },
      ...{ purpose: 'counselling', basis: { kind: 'work_order', ref: this.reference(by, time), verified: false } },
      ...{ grant: null, status: 200, upstream_status: 200, format: 'json', bytes: [1, 1], rows: people.length },
      fields: { 'cn_mobile@A3': clear === 0 ? { partial: people.length } : { clear } },
      ...{ searched: [], subjects: { count: people.length, index: people.map(one => `${one}:partial`) } },
      ...{ policy: null, outcome: 'released' },
      ...others,
    } as Recorded)
  }

  /** One or two colleagues share a work order at times. */
  reference(by: Staff, time: number): string {
    const nth = Number(by.login.slice(1)) - 1000
    return `WO-${Math.floor(time / day)}-${this.random() < 0.1 ? nth - (nth % 3) : nth}`
  }

  refused(time: number, by: Staff, code: string, changed: Record<string, unknown> = {}): void {
    this.records.push({
      ...{ v: 1, log: 'gw1-0', seq: 0, time: new Date(time).toISOString(), kind: 'refused', consumer: 'oa' },
      ...{ operator: by.login, address: by.address, system: 's', route: '/api/students', method: 'GET', purpose: null },
      ...{ basis: null, grant: null, searched: [], status: 403, policy: null, code },
      ...changed,
    } as Recorded)
  }

  ordinaryDay(nth: number): void {
    const weekend = nth % 7 === 0 || nth % 7 === 6
    for (const one of this.staff) {
      if (this.random() < (weekend ? 0.92 : 0.08)) continue
      const exchanges = Math.max(1, Math.round(one.pace * (0.5 + this.random()) * (weekend ? 0.3 : 1)))
      for (let done = 0; done < exchanges; done++) this.#ordinary(one, beginning + nth * day)
    }
  }

  /** Between half past seven and nineteen, now and then until ten in the evening. */
  #ordinary(one: Staff, midnight: number): void {
    const late = this.random() < 0.01
    const time = midnight + (late ? 19 * 60 + this.whole(180) : 450 + this.whole(690)) * minute + this.whole(minute)
    const draw = this.random()
    const address = this.random() < 0.1 ? { address: one.second } : {}
    if (draw < 0.02) this.add(time, one, { ...address, status: 404, rows: 0, people: [], clear: 0 })
    else if (draw < 0.04) this.refused(time, one, 'PARAMETER_MASKED', address)
    else if (draw < 0.05) this.refused(time, one, 'PURPOSE_NOT_ALLOWED', address)
    else if (draw < 0.15) this.add(time, one, { ...address, searched: ['student_number@A3'] })
    else if (draw < 0.3)
      this.add(time, one, {
        ...address,
        people: Array.from({ length: 3 + this.whole(6) }, () => this.person()),
        clear: 0,
      })
    else this.add(time, one, address)
  }
}

/** What somebody does who should not, and how long it takes them. */
const abuses: readonly (readonly [kind: string, act: (office: Office, by: Staff, from: number) => number])[] = [
  [
    'copies the list page by page within an hour',
    (office, by, from) => {
      for (let page = 0; page < 40; page++)
        office.add(from + page * minute, by, { people: Array.from({ length: 20 }, () => office.person()), clear: 0 })
      return 40 * minute
    },
  ],
  [
    'copies it slowly, all day long',
    (office, by, from) => {
      for (let page = 0; page < 36; page++)
        office.add(from + page * 14 * minute, by, {
          people: Array.from({ length: 12 }, () => office.person()),
          clear: 0,
        })
      return 9 * 3_600_000
    },
  ],
  [
    'looks at many in clear',
    (office, by, from) => {
      for (let nth = 0; nth < 60; nth++) office.add(from + nth * 3 * minute, by, { clear: 2 })
      return 3 * 3_600_000
    },
  ],
  [
    'tries numbers one after the other',
    (office, by, from) => {
      for (let nth = 0; nth < 90; nth++)
        office.add(from + nth * 5000, by, nth % 3 === 0 ? {} : { status: 404, rows: 0, people: [], clear: 0 })
      return 90 * 5000
    },
  ],
  [
    'works in the night',
    (office, by, from) => {
      const midnight = from - ((from - beginning) % day) + 2 * 3_600_000
      for (let nth = 0; nth < 30; nth++) office.add(midnight + nth * 2 * minute, by)
      return 3_600_000
    },
  ],
  [
    'comes from where they never were',
    (office, by, from) => {
      for (let nth = 0; nth < 5; nth++) office.add(from + nth * minute, by, { address: '172.16.9.9' })
      return 5 * minute
    },
  ],
  [
    'is refused again and again',
    (office, by, from) => {
      for (let nth = 0; nth < 40; nth++) office.refused(from + nth * 5000, by, 'ROUTE_UNKNOWN')
      return 40 * 5000
    },
  ],
  [
    'asks by masked fields',
    (office, by, from) => {
      for (let nth = 0; nth < 60; nth++) office.refused(from + nth * 40_000, by, 'PARAMETER_MASKED')
      return 40 * minute
    },
  ],
  [
    'uses a grant for something else',
    (office, by, from) => {
      office.refused(from, by, 'GRANT_MISMATCH', { grant: 'A'.repeat(22) })
      return minute
    },
  ],
  [
    'hands one work order round',
    (office, by, from) => {
      const at = office.staff.indexOf(by)
      for (let nth = 0; nth < 6; nth++)
        office.add(from + nth * 10 * minute, office.staff[(at + nth) % 50]!, {
          basis: { kind: 'work_order', ref: 'WO-2026-0001', verified: false },
        })
      return 3_600_000
    },
  ],
  [
    'looks at somebody who does not exist',
    (office, by, from) => {
      office.add(from, by, { people: [canary] })
      return minute
    },
  ],
  [
    'takes the records away',
    (office, _, from) => {
      const time = new Date(from).toISOString()
      const nothing = { seconds: 60, dropped: 0, void: [], lost: null }
      office.records.push({ v: 1, log: 'gw1-0', seq: 0, time, kind: 'gap', cause: 'file_gone', ...nothing } as Recorded)
      return minute
    },
  ],
]

export const abuseKinds: readonly string[] = abuses.map(([kind]) => kind)

/** The trace of a seed. */
export function abuseTrace(seed: number): Trace {
  const office = new Office(seed)
  for (let nth = 0; nth < days; nth++) office.ordinaryDay(nth)
  const planted = abuses.map(([kind, act], nth): Planted => {
    const by = office.staff[(office.whole(4) + nth * 4) % 50]!
    const on = 16 + nth + (nth >= 8 ? 1 : 0)
    const from = beginning + on * day + 9 * 3_600_000
    const took = act(office, by, from)
    const [begins, ends] = kind.includes('night') ? [beginning + on * day, from] : [from, from + took]
    return { kind, operator: /records|hands/.test(kind) ? null : by.login, from: begins, until: ends }
  })
  const records = office.records.sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0))
  for (const [seq, record] of records.entries()) record.seq = seq
  return { records, planted, canaries: new Set([canary]), days }
}
