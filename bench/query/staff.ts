/**
 * A university at work, made up from a seed: departments with students and staff who look them up, mostly their own, in
 * office hours, one by one and in lists.
 */
import { uniformFrom } from '../../test/support/chance.ts'

export type Access = {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly staff: number
  /** Who was in the answer. */
  readonly people: readonly number[]
  readonly clear: boolean
}

export type University = {
  readonly people: number
  readonly staff: number
  readonly departments: number
  readonly days: number
  readonly records: number
}

/** The issue's: 5,000 people, 200 staff, 90 days, two million records. */
export const issued: University = { people: 5000, staff: 200, departments: 25, days: 90, records: 2_000_000 }

const [daySeconds, officeBegins, officeHours] = [86_400, 8, 10]
/** Of ten accesses, these many are to people of one's own department. */
const ownShare = 0.9
/** Of people elsewhere, each of the staff has to do with so many. */
const othersKnown = 400
/** Lists are one access in so many, and so long. */
const [listOneIn, listLength] = [50, 20]

/** All accesses, by time. */
export function* accesses(university: University, seed: number, begins: number): Generator<Access> {
  const { people, staff, departments, days, records } = university
  const chance = uniformFrom(seed)
  const below = (n: number) => Math.floor(chance() * n)
  const perDepartment = Math.floor(people / departments)
  const others = Array.from({ length: staff }, () => Array.from({ length: othersKnown }, () => below(people)))
  // Some look up far more than others.
  const busy = Array.from({ length: staff }, () => 0.2 + chance() ** 3 * 5)
  const drawn = busy.flatMap((weight, who) => Array<number>(Math.round(weight * 20)).fill(who))
  const someone = (who: number): number =>
    chance() < ownShare ? (who % departments) * perDepartment + below(perDepartment) : others[who]![below(othersKnown)]!
  const each = Math.ceil(records / days)
  for (let nth = 0; nth < records; nth++) {
    const day = Math.floor(nth / each)
    const second = officeBegins * 3600 + ((nth % each) / each) * officeHours * 3600
    const who = drawn[below(drawn.length)]!
    const length = below(listOneIn) === 0 ? listLength : 1
    const shown = length === 1 ? [someone(who)] : [...new Set(Array.from({ length }, () => someone(who)))]
    yield {
      time: begins + Math.floor((day * daySeconds + second) * 1000),
      staff: who,
      people: shown,
      clear: chance() < 0.3,
    }
  }
}
