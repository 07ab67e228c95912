/** Legal holds: records that must be kept however old they are, by time, route and person. */
import { indexesOf, runOf, shortIndex } from '../subject.ts'
import { type Entry, readRecords } from './files/read.ts'
import { textsIn } from './query/people.ts'

export type Hold = {
  readonly name: string
  readonly from: string | null
  readonly until: string | null
  readonly route: string | null
  /** Blind indexes, shortened; empty: anybody. */
  readonly people: ReadonlySet<string>
}

/** The holds in force by all records of a folder: the last word on each name counts. */
export async function holdsIn(directory: string): Promise<Hold[]> {
  const holds = new Map<string, Hold>()
  for await (const entry of readRecords(directory)) {
    if (entry.kind !== 'hold') continue
    const name = String(entry['name'])
    const text = (key: string) => (typeof entry[key] === 'string' ? entry[key] : null)
    const people = Array.isArray(entry['people']) ? entry['people'].map(one => shortIndex(String(one))) : []
    if (entry['action'] === 'lifted') holds.delete(name)
    else
      holds.set(name, { name, from: text('from'), until: text('until'), route: text('route'), people: new Set(people) })
  }
  return [...holds.values()]
}

/** The name of a hold that one of these records is under, or null. */
export function heldBy(holds: readonly Hold[], entries: readonly Entry[]): string | null {
  for (const hold of holds) if (entries.some(entry => isHeld(entry, hold))) return hold.name
  return null
}

/** Windows of a long answer say neither route nor, always, people: within the time of a hold they are kept. */
function isHeld(entry: Entry, { from, until, route, people }: Hold): boolean {
  if ((from !== null && entry.time < from) || (until !== null && entry.time >= until)) return false
  if (route !== null && entry['route'] !== route && entry['route'] !== undefined) return false
  if (route !== null && entry['route'] === undefined && !isPart(entry.kind)) return false
  return people.size === 0 || indexesIn(entry).some(index => people.has(index))
}

function isPart(kind: string): boolean {
  return kind === 'window' || kind === 'close' || kind === 'aborted' || kind === 'subjects'
}

function indexesIn(entry: Entry): string[] {
  const searched = Array.isArray(entry['searched'])
    ? entry['searched'].map(one => shortIndex(String(one).split(':')[1] ?? ''))
    : []
  return [...textsIn(entry).flatMap(text => runOf(text).people.flatMap(indexesOf)), ...searched]
}
