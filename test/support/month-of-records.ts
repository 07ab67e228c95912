/**
 * Records of two months at an invented university, as a gateway would have written them: a few systems and consumers,
 * staff with their habits, office hours and weekends, semesters' first weeks, refusals, exports, a file that could not be
 * read, somebody who looks at more than before. The same seed makes the same records.
 */
import { hash } from 'node:crypto'
import type { AccessDraft, Draft } from '../../gateway/records/entry.ts'
import { openRecordLog } from '../../gateway/records/log/open.ts'
import { personText, shortIndex } from '../../gateway/subject.ts'
import { uniformFrom } from './chance.ts'

export type Months = {
  /** Days from `first`, `2026-09-01`. */
  readonly first: string
  readonly days: number
  /** Answers on an ordinary working day. */
  readonly perDay: number
}

type Fields = AccessDraft['fields']
type Habit = {
  readonly consumer: string
  readonly system: string
  readonly route: string
  readonly operators: readonly string[]
  readonly purpose: string | null
  readonly basis: NonNullable<AccessDraft['basis']>['kind'] | null
  readonly format: string
  readonly rows: readonly [least: number, most: number]
  /** By row: what is shown, as `type@cell` and form. */
  readonly shows: readonly (readonly [string, 'clear' | 'partial' | 'redact' | 'remove' | 'token' | 'generalize'])[]
  readonly weight: number
}

const staff = ['chen.jing', 'li.wei', 'liu.yang', 'wang.fang', 'zhao.min', 'sun.lei', 'zhou.ting', 'wu.qiang']
const counsellors = ['u1203', 'u1207', 'u1211', 'u1219', 'u1222', 'u1230']
const masked: Habit['shows'] = [
  ['person_name@A2', 'partial'],
  ['cn_resident_id@A4', 'remove'],
  ['cn_mobile@A3', 'redact'],
  ['student_number@A2', 'partial'],
  ['email@A3', 'redact'],
]
const forStaff: Habit['shows'] = [
  ['person_name@A2', 'clear'],
  ['cn_resident_id@A4', 'partial'],
  ['cn_mobile@A3', 'partial'],
  ['student_number@A2', 'clear'],
  ['address@A3', 'generalize'],
]
const inClear: Habit['shows'] = [
  ['person_name@A2', 'clear'],
  ['cn_mobile@A3', 'clear'],
  ['student_number@A2', 'clear'],
  ['cn_resident_id@A4', 'partial'],
]
const nobody: readonly string[] = []
const plain = { purpose: null, basis: null, format: 'json' } as const

const habits: readonly Habit[] = [
  {
    consumer: 'portal',
    system: 'student-affairs',
    route: '/api/students',
    operators: nobody,
    ...plain,
    rows: [5, 20],
    shows: masked,
    weight: 34,
  },
  {
    consumer: 'portal',
    system: 'library',
    route: '/api/loans/{id}',
    operators: nobody,
    ...plain,
    rows: [1, 6],
    shows: masked.slice(0, 3),
    weight: 18,
  },
  {
    consumer: 'oa',
    system: 'student-affairs',
    route: '/api/students/{id}',
    operators: staff,
    ...plain,
    rows: [1, 1],
    shows: forStaff,
    weight: 22,
  },
  {
    consumer: 'oa',
    system: 'academic',
    route: '/api/grades',
    operators: staff,
    ...plain,
    rows: [20, 60],
    shows: [
      ['person_name@A2', 'clear'],
      ['score@B2', 'clear'],
      ['student_number@A2', 'clear'],
    ],
    weight: 14,
  },
  {
    consumer: 'counselling',
    system: 'student-affairs',
    route: '/api/students/{id}/guardians',
    operators: counsellors,
    purpose: 'family_contact',
    basis: 'work_order',
    format: 'json',
    rows: [1, 3],
    shows: inClear,
    weight: 7,
  },
  {
    consumer: 'counselling',
    system: 'health',
    route: '/api/visits/{id}',
    operators: counsellors,
    purpose: 'crisis',
    basis: 'emergency',
    format: 'json',
    rows: [1, 2],
    shows: [...inClear, ['medical_record@B4', 'remove']],
    weight: 0.15,
  },
  {
    consumer: 'oa',
    system: 'student-affairs',
    route: '/export/students.xlsx',
    operators: staff.slice(0, 3),
    purpose: 'enrolment',
    basis: 'official_doc',
    format: 'xlsx',
    rows: [120, 1400],
    shows: forStaff,
    weight: 0.5,
  },
  {
    consumer: 'statistics',
    system: 'academic',
    route: '/api/statistics',
    operators: nobody,
    ...plain,
    format: 'csv',
    rows: [200, 480],
    shows: [
      ['student_number@A2', 'token'],
      ['score@B2', 'clear'],
      ['cn_resident_id@A4', 'remove'],
    ],
    weight: 1.2,
  },
  {
    consumer: 'finance',
    system: 'finance',
    route: '/api/payments',
    operators: ['xu.na', 'he.jun'],
    purpose: 'refund',
    basis: null,
    format: 'json',
    rows: [1, 12],
    shows: [
      ['person_name@A2', 'clear'],
      ['bank_card@A4', 'partial'],
      ['cn_mobile@A3', 'clear'],
    ],
    weight: 2,
  },
]

const policy = (month: number) => `sha256:${String(month % 10).repeat(64)}`

/** Writes them to a new folder, by the writer itself. Returns how many answers there are. */
export async function writeMonths(directory: string, { first, days, perDay }: Months): Promise<number> {
  const random = uniformFrom(20261121)
  let now = Date.parse(`${first}T00:00:00+08:00`)
  const log = await openRecordLog({ directory, log: 'gw1-0', holds: 'folder', clock: () => now })
  let answers = 0
  try {
    await log.append([
      { kind: 'config', digest: policy(7), previous: null, outcome: 'loaded', faults: 0 },
      { kind: 'policy', digest: policy(8), previous: null, outcome: 'loaded', faults: 0 },
    ])
    for (let day = 0; day < days; day++) {
      const start = Date.parse(`${first}T00:00:00+08:00`) + day * 86_400_000
      const drafts = dayOf(random, new Date(start + 43_200_000), day, perDay, day > days / 2)
      answers += drafts.filter(({ draft }) => draft.kind === 'access').length
      for (const { at, draft } of drafts) {
        now = Math.max(now, start + at)
        await log.append([draft])
      }
    }
  } finally {
    await log.close()
  }
  return answers
}

type Timed = { readonly at: number; readonly draft: Draft }

function dayOf(random: () => number, noon: Date, day: number, perDay: number, isLater: boolean): Timed[] {
  const isWeekend = noon.getUTCDay() % 6 === 0
  const wave = 1 + 0.25 * Math.sin(day / 4) + (isLater ? 0.12 : 0)
  const many = Math.round(perDay * (isWeekend ? 0.18 : 1) * wave * (0.9 + 0.2 * random()))
  const drafts = Array.from({ length: many }, (): Timed => ({ at: timeOf(random, isWeekend), draft: answerOf(random) }))
  drafts.push(...upkeepOf(random, day, isLater, perDay))
  if (isLater && !isWeekend)
    for (let n = 0; n < Math.round(perDay / 60); n++)
      drafts.push({ at: (21.5 + 2 * random()) * 3_600_000, draft: answerOf(random, habits[4]!, 'u1219') })
  return drafts.sort((one, other) => one.at - other.at)
}

/** Milliseconds into the day: mostly mornings and afternoons. */
function timeOf(random: () => number, isWeekend: boolean): number {
  const bell = (middle: number, wide: number): number => middle + wide * (random() + random() + random() - 1.5)
  const pick = random()
  const hour = isWeekend || pick > 0.93 ? 8 + 15 * random() : pick < 0.52 ? bell(9.8, 1.6) : bell(15.2, 1.9)
  return Math.min(23.99, Math.max(0, hour)) * 3_600_000
}

function answerOf(random: () => number, chosen?: Habit, who?: string): AccessDraft {
  const habit = chosen ?? choose(random)
  const rows = Math.round(habit.rows[0] + (habit.rows[1] - habit.rows[0]) * random() ** 3)
  const fields: Record<string, Record<string, number>> = {}
  for (const [type, form] of habit.shows) fields[type] = { [form]: rows }
  const isClear = habit.shows.some(([, form]) => form === 'clear')
  const index = Array.from({ length: rows }, () => {
    const person = Math.floor(9000 * random() ** 1.4)
    const blind = hash('sha256', `person ${person}`, 'base64url')
    return personText(shortIndex(blind), { mostVisible: isClear ? 'clear' : 'partial', strictest: 'remove' })
  })
  const isWithheld = random() < 0.004
  return {
    kind: 'access',
    consumer: habit.consumer,
    operator: who ?? habit.operators[Math.floor(habit.operators.length * random() ** 1.5)] ?? null,
    address: '10.1.2.3',
    system: habit.system,
    route: habit.route,
    method: 'GET',
    purpose: habit.purpose,
    basis:
      habit.basis === null
        ? null
        : {
            kind: habit.basis,
            ref: `WO-2026-${String(Math.floor(9000 * random())).padStart(4, '0')}`,
            verified: false,
          },
    grant: null,
    status: isWithheld ? 502 : 200,
    upstreamStatus: 200,
    format: habit.format,
    bytes: [rows * 260, rows * 231],
    rows: isWithheld ? 0 : rows,
    fields: (isWithheld ? {} : fields) as Fields,
    searched: [],
    subjects: isWithheld ? { count: 0, index: [] } : { count: rows, index },
    policy: policy(8),
    outcome: isWithheld ? 'withheld' : 'released',
    code: isWithheld ? (random() < 0.7 ? 'FORMAT_UNKNOWN' : 'CHARSET_MALFORMED') : null,
  }
}

function choose(random: () => number): Habit {
  let left = random() * habits.reduce((sum, { weight }) => sum + weight, 0)
  return habits.find(({ weight }) => (left -= weight) <= 0) ?? habits[0]!
}

function upkeepOf(random: () => number, day: number, isLater: boolean, perDay: number): Timed[] {
  const hour = 3_600_000
  const all: Timed[] = [6, 12, 18].map(at => ({
    at: at * hour,
    draft: { kind: 'heartbeat', every: 60, signed: null, witnessed: null },
  }))
  for (let n = 0; n < Math.round((perDay / 40) * random()); n++) {
    const codes = [
      'CREDENTIALS_WRONG',
      'ROUTE_UNKNOWN',
      'PARAMETER_MASKED',
      'ROWS_NEED_GRANT',
      'PURPOSE_NOT_ALLOWED',
    ] as const
    const code = codes[Math.floor(codes.length * random() ** 2)]!
    const status = code === 'CREDENTIALS_WRONG' ? 401 : code === 'ROUTE_UNKNOWN' ? 404 : 403
    const count = code === 'CREDENTIALS_WRONG' ? 1 + Math.floor(6 * random()) : 1
    const known = code === 'CREDENTIALS_WRONG' ? {} : { consumer: 'oa', system: 'student-affairs' }
    all.push({
      at: 24 * hour * random(),
      draft: { kind: 'refused', address: '10.9.9.9', status, code, count, ...known },
    })
  }
  const reading = { kind: 'query', operator: 'security', command: 'query', filters: ['from'], shown: 40 } as const
  if (day % 7 === 2) all.push({ at: 10 * hour, draft: reading })
  const loading = { digest: policy(8), previous: policy(7), faults: 0 } as const
  if (day % 17 === 5) all.push({ at: 16 * hour, draft: { kind: 'policy', outcome: 'loaded', ...loading } })
  if (isLater && day % 23 === 1)
    all.push({ at: 15 * hour, draft: { kind: 'policy', ...loading, digest: null, outcome: 'refused', faults: 2 } })
  if (day % 30 === 0)
    all.push({
      at: 1,
      draft: {
        kind: 'key',
        action: 'made',
        purpose: 'blind_index',
        name: `2026-${String(9 + day / 30).padStart(2, '0')}`,
        operator: null,
      },
    })
  return all
}
