/** What the records of a period come to. Pure: records go in one by one, in their context, and figures come out. */
import type { Form } from '../../contracts.ts'
import { parsePeople } from '../../subject.ts'
import type { Entry } from '../files/read.ts'
import { type Outcome, outcomes } from '../kinds/exchange.ts'
import { markOf, PeopleOfEntries, wasShown } from '../query/people.ts'
import { fieldsOf, outcomeOf, subjectCount, textOf, timesOf } from '../query/query.ts'
import type { Found } from '../query/source.ts'
import { Clock, type Period, weekdayOf } from './period.ts'
import { Upkeep } from './upkeep.ts'

export type Outcomes = Record<Outcome, number>

/** What is counted of a system, a consumer, a person. */
export type Sum = Outcomes & {
  /** Answers in which something of level 3 or 4 was clear; and how many values that was. */
  reveals: number
  clear: number
  /** Files and large answers: see `isExport`. */
  exports: number
  /** Times that a person was in an answer. */
  people: number
}

/** An answer worth a line of its own. */
export type Export = {
  readonly entry: Entry
  readonly rows: number
  readonly format: string
}

/** An answer of so many rows is an export, as are CSV and Excel files. */
const manyRows = 500
const fileFormats: ReadonlySet<string> = new Set(['csv', 'xlsx', 'xls'])
/** Exports that are listed. */
const mostListed = 10

export class Totals {
  readonly all: Sum = noSum()
  readonly bySystem = new Map<string, Sum>()
  readonly byConsumer = new Map<string, Sum>()
  /** Operators with their consumer, `name\0consumer`. */
  readonly byOperator = new Map<string, Sum>()
  /** By column of the period's charts. */
  readonly columns: readonly Outcomes[]
  readonly revealColumns: number[]
  /** Values by level (4 to 1, at 0 to 3), by form. */
  readonly levels: readonly Map<Form, number>[] = [4, 3, 2, 1].map(() => new Map())
  /** Values by `type@cell`, all and clear. */
  readonly types = new Map<string, { values: number; clear: number }>()
  /** Refused and withheld, by code. */
  readonly codes = new Map<string, number>()
  /** Reveals by `purpose\0basis`. */
  readonly reasons = new Map<string, number>()
  /** Exchanges and reveals by weekday (0 is Monday) and hour. */
  readonly week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => ({ exchanges: 0, reveals: 0 })))
  readonly exports: Export[] = []
  readonly upkeep: Upkeep
  /** First 48 bits of blind indexes. */
  readonly #people = new Set<number>()
  readonly #shown = new PeopleOfEntries(parsePeople)
  readonly #clock: Clock
  readonly #columnOf: ReadonlyMap<string, number>
  /** Long answers that were counted as reveals. */
  readonly #revealed = new Set<string>()

  constructor(period: Period) {
    this.#clock = new Clock(period.timezone)
    this.#columnOf = new Map(period.columns.map((column, at) => [column, at]))
    this.columns = period.columns.map(() => ({ released: 0, withheld: 0, refused: 0, aborted: 0, held: 0 }))
    this.revealColumns = period.columns.map(() => 0)
    this.upkeep = new Upkeep()
  }

  get exchanges(): number {
    return exchangesOf(this.all)
  }

  /** Whether there is nothing on record at all. */
  get isEmpty(): boolean {
    return this.exchanges === 0 && this.upkeep.isEmpty
  }

  /** Different people, those of each month counted anew: blind indexes of two months cannot be joined. */
  get people(): number {
    return this.#people.size
  }

  /** Answers whose values of level 3 and 4 were clear, outside Monday to Friday, 7 to 21 o'clock. */
  get oddHours(): number {
    let sum = 0
    for (const [day, hours] of this.week.entries())
      for (const [hour, { reveals }] of hours.entries()) if (day > 4 || hour < 7 || hour >= 21) sum += reveals
    return sum
  }

  /** Records of a log come in their order. */
  add({ entry, context }: Found): void {
    const people = this.#shown.of(entry)
    this.upkeep.add(entry)
    if (entry.kind === 'window' || entry.kind === 'access')
      this.#addContent(
        entry,
        context,
        people.map(({ index }) => index),
      )
    const outcome = outcomeOf(context)
    if (isExchange(entry.kind) && isOutcome(outcome)) this.#addExchange(entry, context, outcome)
  }

  #addExchange(entry: Entry, context: Entry, outcome: Outcome): void {
    const times = timesOf(entry)
    for (const sum of this.#sumsOf(context)) sum[outcome] += times
    const { day, hour } = this.#clock.at(entry.time)
    const column = this.columns[this.#columnAt(day, hour)]
    if (column !== undefined) column[outcome] += times
    this.week[(weekdayOf(day) + 6) % 7]![hour]!.exchanges += times
    const code = textOf(entry, 'code')
    if (code !== null && outcome !== 'released') this.codes.set(code, (this.codes.get(code) ?? 0) + times)
    if (outcome === 'released' || outcome === 'aborted') this.#addExport(context)
  }

  #addContent(entry: Entry, context: Entry, people: readonly string[]): void {
    if (!wasShown(entry)) return
    let clear = 0
    for (const { type, cell, forms } of fieldsOf(entry)) {
      const level = Number(cell[1])
      const key = `${type}@${cell}`
      const known = this.types.get(key) ?? { values: 0, clear: 0 }
      this.types.set(key, known)
      for (const [form, count] of forms) {
        add(this.levels[4 - level] ?? new Map(), form as Form, count)
        known.values += count
        if (form === 'clear') known.clear += count
        if (form === 'clear' && level >= 3) clear += count
      }
    }
    for (const index of people) this.#people.add(markOf(index))
    for (const sum of this.#sumsOf(context)) {
      sum.people += subjectCount(entry)
      sum.clear += clear
    }
    if (clear > 0) this.#addReveal(entry, context)
  }

  #addReveal(entry: Entry, context: Entry): void {
    const answer = `${entry.log}:${entry.kind === 'window' ? entry['of'] : entry.seq}`
    if (entry.kind === 'window' && this.#revealed.has(answer)) return
    if (entry.kind === 'window') this.#revealed.add(answer)
    for (const sum of this.#sumsOf(context)) sum.reveals++
    const basis = (context['basis'] ?? null) as { kind?: unknown } | null
    add(this.reasons, `${textOf(context, 'purpose') ?? ''}\0${typeof basis?.kind === 'string' ? basis.kind : ''}`, 1)
    const { day, hour } = this.#clock.at(entry.time)
    const column = this.#columnAt(day, hour)
    if (this.revealColumns[column] !== undefined) this.revealColumns[column]++
    this.week[(weekdayOf(day) + 6) % 7]![hour]!.reveals++
  }

  #addExport(context: Entry): void {
    const format = textOf(context, 'format') ?? ''
    const rows = Number(textOf(context, 'rows') ?? 0)
    if (!fileFormats.has(format) && rows < manyRows) return
    for (const sum of this.#sumsOf(context)) sum.exports++
    this.exports.push({ entry: context, rows, format })
    this.exports.sort((one, other) => other.rows - one.rows)
    this.exports.splice(mostListed)
  }

  #columnAt(day: string, hour: number): number {
    return this.#columnOf.get(day) ?? this.#columnOf.get(String(hour).padStart(2, '0')) ?? -1
  }

  #sumsOf(context: Entry): Sum[] {
    const consumer = textOf(context, 'consumer') ?? ''
    const operator = textOf(context, 'operator')
    return [
      this.all,
      sumAt(this.bySystem, textOf(context, 'system') ?? ''),
      sumAt(this.byConsumer, consumer),
      ...(operator === null ? [] : [sumAt(this.byOperator, `${operator}\0${consumer}`)]),
    ]
  }
}

export function exchangesOf({ released, withheld, refused, aborted, held }: Outcomes): number {
  return released + withheld + refused + aborted + held
}

function noSum(): Sum {
  return { released: 0, withheld: 0, refused: 0, aborted: 0, held: 0, reveals: 0, clear: 0, exports: 0, people: 0 }
}

/** A long answer is counted once, by its end. */
function isExchange(kind: string): boolean {
  return kind === 'access' || kind === 'refused' || kind === 'close' || kind === 'aborted'
}

function isOutcome(text: string | null): text is Outcome {
  return (outcomes as readonly (string | null)[]).includes(text)
}

function sumAt(sums: Map<string, Sum>, key: string): Sum {
  let sum = sums.get(key)
  if (sum === undefined) {
    sum = noSum()
    sums.set(key, sum)
  }
  return sum
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}
