/**
 * A process that holds the records against the alert rules while the gateway writes. It is told what to do by the process
 * that started it, tells it of alarms, and ends when that does. Nothing waits for it.
 */

import { statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { daysKept } from '../../access/alerts/counting.ts'
import type { Alarm, Rule } from '../../access/alerts/rules.ts'
import { seenOf } from '../../access/alerts/seen.ts'
import { AlertWatch } from '../../access/alerts/watch.ts'
import { clockIn } from '../../access/clock.ts'
import { openKeys } from '../../access/keys.ts'
import { codeIn } from '../../error-code.ts'
import { stepBack } from '../../priority.ts'
import { type BlindIndex, blindIndex } from '../../records/blind-index/blind-index.ts'
import { type FileOfLog, filesOf } from '../../records/files/files.ts'
import { type Entry, voidAfter } from '../../records/files/read.ts'
import { type Batch, batchesAfter, beginning, type Position } from '../../records/index/following.ts'
import { PeopleOfEntries } from '../../records/query/people.ts'
import { Contexts } from '../../records/query/query.ts'
import { runOf, shortIndex } from '../../subject.ts'

export type ToAlertFollower = {
  readonly directory: string
  readonly rules: readonly Rule[]
  /** Normalised by their types' detectors. */
  readonly canaries: readonly { readonly dataType: string; readonly value: string }[]
  readonly keys: string
  readonly timezone: string
  /** Of the last record, in milliseconds since 1970. */
  readonly lastTime: number
}
export type FromAlertFollower =
  | { readonly is: 'alarm'; readonly alarm: Alarm }
  | { readonly is: 'fault'; readonly code: string }

/** Milliseconds after which it looks again. */
const pace = 500
/** What is older at the start is learnt from, and raises nothing. */
const newsAge = 3_600_000
const learning = (daysKept + 1) * 86_400_000

/** What records of a log say of those after them. */
class Before {
  readonly contexts = new Contexts()
  readonly people = new PeopleOfEntries(text => runOf(text).people)
}

/** Follows all logs of a folder, oldest batch first. */
export class AlertFollower {
  readonly #directory: string
  readonly #watch: AlertWatch
  readonly #since: number
  readonly #positions = new Map<string, Position>()
  readonly #before = new Map<string, Before>()
  /** Alarms on record among what was read in this look. */
  readonly #said = new Set<string>()

  /** `now`: when it starts; `isCanary`: asked of blind indexes. */
  constructor(
    { directory, rules, timezone }: Pick<ToAlertFollower, 'directory' | 'rules' | 'timezone'>,
    now: number,
    isCanary: (subject: string) => boolean,
  ) {
    this.#directory = directory
    this.#since = now
    this.#watch = new AlertWatch(rules, { clock: clockIn(timezone), isCanary })
  }

  /** The alarms of what has come since the last look. */
  async look(): Promise<Alarm[]> {
    const alarms: Alarm[] = []
    this.#said.clear()
    for await (const { log, entries, end } of this.#news()) {
      for (const entry of entries) alarms.push(...this.#take(log, entry))
      this.#positions.set(log, end)
    }
    return alarms.filter(({ time, rule, of }) => time >= this.#since - newsAge && !this.#said.has(`${rule} ${of}`))
  }

  #take(log: string, entry: Entry): Alarm[] {
    const before = this.#before.get(log) ?? new Before()
    this.#before.set(log, before)
    if (entry.kind === 'alert') {
      const alarm = entry as unknown as Alarm
      // read again after a restart: what it was raised by comes before it
      this.#said.add(`${alarm.rule} ${alarm.of}`)
      this.#watch.remember({ ...alarm, time: Date.parse(entry.time) })
      return []
    }
    return this.#watch.take(seenOf(before.contexts.of(entry), before.people.of(entry)))
  }

  async *#news(): AsyncGenerator<Batch & { log: string }> {
    const byLog = Map.groupBy(await filesOf(this.#directory), file => file.log)
    const sources = [...byLog].map(([log, files]) => this.#after(log, files))
    const heads = (await Promise.all(sources.map(next))).map((batch, nth) => ({ batch, source: sources[nth]! }))
    for (;;) {
      const waiting = heads.filter(one => one.batch !== null)
      if (waiting.length === 0) return
      const first = waiting.reduce((least, one) => (timeOf(one.batch!) < timeOf(least.batch!) ? one : least))
      yield first.batch!
      first.batch = await next(first.source)
    }
  }

  async *#after(log: string, files: readonly FileOfLog[]): AsyncGenerator<Batch & { log: string }> {
    const position = this.#positions.get(log)
    const recent = position === undefined ? files.filter(file => changed(file) > this.#since - learning) : files
    const ends = await voidAfter(recent)
    for await (const batch of batchesAfter(recent, ends, position ?? beginning, () => {})) yield { ...batch, log }
  }
}

async function next<Value>(source: AsyncGenerator<Value>): Promise<Value | null> {
  const { value, done } = await source.next()
  return done === true ? null : value
}

function timeOf({ entries }: Batch): string {
  return entries[0]?.time ?? ''
}

function changed({ path }: FileOfLog): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

async function canariesOf(task: ToAlertFollower): Promise<(subject: string) => boolean> {
  const { canaries, keys, timezone, lastTime } = task
  if (canaries.length === 0) return () => false
  // as the times of records, which do not go back where the clock does
  let latest = lastTime
  const clock = () => (latest = Math.max(latest, Date.now()))
  return canariesUnder(blindIndex((await openKeys(keys)).ring, { clock, timezone }), canaries)
}

/**
 * Whether a blind index is one of a canary, of this month or the last: what was written before a month's end is read
 * after it. The indexes are made again when the month is another; of a month that ended before this began there are none.
 */
export function canariesUnder(index: BlindIndex, canaries: ToAlertFollower['canaries']): (subject: string) => boolean {
  let [month, known, before] = ['', new Set<string>(), new Set<string>()]
  const turn = (): void => {
    if (index.month === month) return
    before = known
    known = new Set(canaries.map(({ dataType, value }) => shortIndex(index.of(dataType, value))))
    month = index.month
  }
  turn()
  return subject => {
    turn()
    return known.has(subject) || before.has(subject)
  }
}

async function follow(task: ToAlertFollower): Promise<never> {
  const follower = new AlertFollower(task, Date.now(), await canariesOf(task))
  for (let said = ''; ; await setTimeout(pace)) {
    const found = await follower.look().catch(error => codeIn(error) ?? 'ALERTS')
    if (typeof found !== 'string') for (const alarm of found) tell({ is: 'alarm', alarm })
    const code = typeof found === 'string' ? found : ''
    if (code !== '' && code !== said) tell({ is: 'fault', code })
    said = code
  }
}

function tell(message: FromAlertFollower): void {
  process.send?.(message)
}

if (import.meta.main) {
  if (process.send === undefined) process.exit(2)
  process.on('disconnect', () => process.exit(0))
  stepBack()
  process.once('message', task => void follow(task as ToAlertFollower).catch(() => process.exit(1)))
}
