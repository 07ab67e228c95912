/** How much a record adds to what each kind of rule counts. Pure. */
import type { Hours } from '../../config/config.ts'
import { isWithin, type LocalTime } from '../clock.ts'
import type { Watch } from './rules.ts'
import type { Seen } from './seen.ts'

/** `ids`: what counts once within the time, however often it comes. */
export type Measured = { readonly amount: number; readonly ids?: readonly string[] }

export type Circumstances = {
  readonly hours: readonly Hours[]
  /** Day of the week and minute, in the configured timezone. */
  readonly clock: (time: number) => LocalTime
  /** Asked of blind indexes as records have them. */
  readonly isCanary: (index: string) => boolean
}

const none: Measured = { amount: 0 }
const answers: ReadonlySet<string> = new Set(['access', 'window'])

const measures: Readonly<Record<Watch, (seen: Seen, circumstances: Circumstances) => Measured>> = {
  people: seen => peopleIn(seen),
  clear: seen => ({ amount: seen.clear }),
  rows: seen => (answers.has(seen.kind) ? { amount: seen.rows } : none),
  lookups(seen) {
    if (seen.kind !== 'access') return none
    if (seen.status === 404) return { amount: 1 }
    return seen.people === 1 && seen.rows <= 1 ? peopleIn(seen) : none
  },
  off_hours: (seen, { hours, clock }) => (isWithin(hours, clock(seen.time)) ? none : peopleIn(seen)),
  // what is new is known by the watch alone, which remembers
  new_address: seen => (seen.network !== null && seen.kind === 'access' ? { amount: 0, ids: [seen.network] } : none),
  // what the gateway itself slows down is not the caller's doing
  refusals: seen => (seen.kind === 'refused' && seen.code !== 'SLOWED_DOWN' ? { amount: seen.times } : none),
  searches: seen =>
    seen.code === 'PARAMETER_MASKED' || (seen.kind === 'access' && seen.searchedHigh) ? { amount: 1 } : none,
  grant: seen =>
    seen.kind === 'refused' && seen.grant !== null && /^GRANT_/.test(seen.code ?? '') ? { amount: 1 } : none,
  reference: seen =>
    seen.reference !== null && seen.operator !== null && seen.kind !== 'refused'
      ? { amount: 0, ids: [seen.operator.toLowerCase()] }
      : none,
  canary: (seen, { isCanary }) => ({ amount: seen.known.filter(isCanary).length }),
  gap: seen => ({ amount: seen.kind === 'gap' ? 1 : 0 }),
}

export function measure(watch: Watch, seen: Seen, circumstances: Circumstances): Measured {
  return measures[watch](seen, circumstances)
}

/** Those with an index count once; of the others nobody knows. */
function peopleIn({ kind, subjects, people }: Seen): Measured {
  if (!answers.has(kind) || (people === 0 && subjects.length === 0)) return none
  return { amount: 0, ids: subjects }
}
