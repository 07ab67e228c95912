/**
 * Whether a trace finds who leaked: 5,000 people, 200 staff, 90 days, two million records, 300 people leaked by one of the
 * staff, in 100 trials. `npm run campaign:leak [-- --seed N --trials N]`. Ends with 1 where the source ranks first in fewer
 * than 95 of 100 plain trials.
 */
import { parseArgs } from 'node:util'
import { accesses, issued } from '../../bench/query/staff.ts'
import type { Entry } from '../../gateway/records/files/read.ts'
import { ReachCounter } from '../../gateway/records/query/people.ts'
import type { MonthReach, Sighting } from '../../gateway/records/query/source.ts'
import { Tracing } from '../../gateway/records/tracing.ts'
import { uniformFrom } from '../support/chance.ts'

const { values } = parseArgs({ options: { seed: { type: 'string' }, trials: { type: 'string' } } })
const seed = Number(values.seed ?? 1)
const trials = Number(values.trials ?? 100)
const leaked = 300
const worlds = 5
const begins = Date.parse('2026-08-01T00:00:00Z')

/** What the records of one university say: who was shown whom, in which order. */
type World = {
  /** By staff: people, the last seen last, and in each month they were shown in whether ever in clear. */
  readonly shown: readonly ReadonlyMap<number, ReadonlyMap<string, boolean>>[]
  readonly reach: readonly MonthReach[]
}

function worldOf(seed: number): World {
  const chance = uniformFrom(seed)
  const shown = Array.from({ length: issued.staff }, () => new Map<number, Map<string, boolean>>())
  const months = new Map<string, { counter: ReachCounter; marks: number[] }>()
  for (const { time, staff, people, clear } of accesses(issued, seed, begins)) {
    const name = new Date(time).toISOString().slice(0, 7)
    let month = months.get(name)
    if (month === undefined) {
      // As blind indexes are: another one each month, as good as random.
      month = {
        counter: new ReachCounter(),
        marks: Array.from({ length: issued.people }, () => Math.floor(chance() * 2 ** 48)),
      }
      months.set(name, month)
    }
    for (const person of people) {
      const before = shown[staff]!.get(person) ?? new Map<string, boolean>()
      shown[staff]!.delete(person)
      shown[staff]!.set(person, before.set(name, clear || before.get(name) === true))
      month.counter.add(month.marks[person]!, keyOf(staff))
    }
  }
  return { shown, reach: [...months].map(([name, { counter }]) => counter.result(name)) }
}

const keyOf = (staff: number) => `oa\0u${staff}`

/** Draws the people of a list. */
type Draw = (world: World, chance: () => number) => { list: number[]; sources: number[] }

function someStaff({ shown }: World, chance: () => number): number {
  for (;;) {
    const staff = Math.floor(chance() * shown.length)
    if (shown[staff]!.size >= leaked) return staff
  }
}

function drawn(people: readonly number[], count: number, chance: () => number): number[] {
  const left = [...people]
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(Math.floor(chance() * left.length), 1)[0]!,
  )
}

const seenBy = ({ shown }: World, staff: number) => [...shown[staff]!.keys()]

const draws: readonly (readonly [what: string, Draw])[] = [
  [
    'any 300 of those the source saw',
    (world, chance) => {
      const source = someStaff(world, chance)
      return { list: drawn(seenBy(world, source), leaked, chance), sources: [source] }
    },
  ],
  [
    'the 300 that the source saw last',
    (world, chance) => {
      const source = someStaff(world, chance)
      return { list: seenBy(world, source).slice(-leaked), sources: [source] }
    },
  ],
  [
    '210 of the source, 90 from elsewhere',
    (world, chance) => {
      const source = someStaff(world, chance)
      const own = drawn(seenBy(world, source), 210, chance)
      const others = Array.from({ length: issued.people }, (_, person) => person).filter(one => !own.includes(one))
      return { list: [...own, ...drawn(others, 90, chance)], sources: [source] }
    },
  ],
  [
    '150 each of two sources',
    (world, chance) => {
      const sources = [someStaff(world, chance), someStaff(world, chance)]
      return { list: [...new Set(sources.flatMap(one => drawn(seenBy(world, one), 150, chance)))], sources }
    },
  ],
]

/** Places of the sources among all accessors, from 1. */
function placesOf(world: World, list: readonly number[], sources: readonly number[]): number[] {
  const wanted = new Map(list.map(person => [`p${person}`, person]))
  const tracing = new Tracing(wanted)
  for (const [staff, all] of world.shown.entries()) {
    const context = { v: 1, log: 'gw1-0', time: '', kind: 'access', consumer: 'oa', operator: `u${staff}` }
    for (const [person, months] of all) {
      const index = `p${person}`
      if (!wanted.has(index)) continue
      for (const [month, clear] of months) {
        const form = clear ? 'clear' : 'partial'
        const entry: Entry = { ...context, time: `${month}-01`, seq: staff * issued.people + person }
        tracing.add({ entry, context: entry, index, mostVisible: form, strictest: form } satisfies Sighting)
      }
    }
  }
  const ranked = tracing.result(world.reach).accessors.map(one => one.operator)
  return sources.map(staff => ranked.indexOf(`u${staff}`) + 1)
}

const began = performance.now()
const world = Array.from({ length: worlds }, (_, nth) => worldOf(seed + nth))
console.log(
  `${worlds} universities of ${issued.people} people and ${issued.staff} staff, ${issued.days} days, ${issued.records} records each; seed ${seed}`,
)
let isWell = true
for (const [nth, [what, draw]] of draws.entries()) {
  const chance = uniformFrom(seed * 1000 + nth)
  const places: number[][] = []
  for (let trial = 0; trial < trials; trial++) {
    const here = world[trial % worlds]!
    const { list, sources } = draw(here, chance)
    places.push(placesOf(here, list, sources))
  }
  const within = (most: number) => places.filter(all => all.every(place => place <= most)).length
  const first = nth === 3 ? '' : `first in ${within(1)} of ${trials}, `
  console.log(`${what}: ${first}among the first two in ${within(2)}, the first five in ${within(5)}`)
  if (nth === 0) isWell = within(1) >= trials * 0.95
}
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`)
process.exitCode = isWell ? 0 : 1
