/** How well rules notice what is planted in a trace. */

import type { Alarm, Rule } from '../../gateway/access/alerts/rules.ts'
import { seenOf } from '../../gateway/access/alerts/seen.ts'
import { AlertWatch } from '../../gateway/access/alerts/watch.ts'
import { clockIn } from '../../gateway/access/clock.ts'
import type { Entry } from '../../gateway/records/files/read.ts'
import { PeopleOfEntries } from '../../gateway/records/query/people.ts'
import { runOf } from '../../gateway/subject.ts'
import { abuseTrace, type Planted } from './abuse-trace.ts'

export type Noticed = {
  readonly seed: number
  readonly missed: readonly string[]
  /** Alarms of what nobody planted. */
  readonly wrong: readonly Alarm[]
  readonly falsePerDay: number
  readonly records: number
}

export function noticeAbuse(seed: number, rules: readonly Rule[]): Noticed {
  const { records, planted, canaries, days } = abuseTrace(seed)
  const watch = new AlertWatch(rules, { clock: clockIn('Asia/Shanghai'), isCanary: subject => canaries.has(subject) })
  const people = new PeopleOfEntries(text => runOf(text).people)
  const alarms = records.flatMap(record => watch.take(seenOf(record, people.of(record as Entry))))
  const missed = planted.filter(one => !alarms.some(alarm => explains(one, alarm))).map(({ kind }) => kind)
  const wrong = alarms.filter(alarm => !planted.some(one => explains(one, alarm)))
  return { seed, missed, wrong, falsePerDay: wrong.length / days, records: records.length }
}

/** While it happens, and of whom it is. */
function explains({ operator, from, until }: Planted, alarm: Alarm): boolean {
  const during = alarm.time >= from && alarm.time <= until
  return (
    during && (operator === null ? alarm.watch === 'gap' || alarm.watch === 'reference' : alarm.operator === operator)
  )
}
