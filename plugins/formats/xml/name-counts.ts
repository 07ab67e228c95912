/** How often each name has stood in the elements that are open. */
import { fault } from '../faults.ts'
import type { ElementName } from './element-names.ts'

/** Names counted at one time over all open elements: a body of ever new names must not stay in memory. */
const mostCounted = 65_536
/** Elements deeper than this count names as those that have no number: so many lists of a thousand are enough. */
const deepestLevel = 64

/** Of one depth: by the number of a name, in which element it stood last, and how often. */
type Level = { readonly within: number[]; readonly times: number[] }

/** Of one element. */
export class NamesInside {
  /** Tells it from all others. */
  serial = 0
  counted = 0
  /** Of names that have no number, or stand too deep. */
  others: Map<string, number> | null = null
}

export class NameCounts {
  readonly #levels: Level[] = []
  #counted = 0
  #serial = 0

  /** Another element is open. */
  open(names: NamesInside): void {
    names.serial = ++this.#serial
    names.counted = 0
    names.others = null
  }

  close(names: NamesInside): void {
    this.#counted -= names.counted
  }

  /** How often a name has stood in an element so far, which has so many around it; it does once more. Throws where there are too many names. */
  next({ number, local }: ElementName, names: NamesInside, depth: number): number {
    if (number < 0 || depth >= deepestLevel) return this.#nextOther(local, names)
    const { within, times } = (this.#levels[depth] ??= { within: [], times: [] })
    if (within[number] === names.serial) return times[number]!++
    this.#count(names)
    within[number] = names.serial
    times[number] = 1
    return 0
  }

  #nextOther(local: string, names: NamesInside): number {
    names.others ??= new Map()
    const before = names.others.get(local)
    if (before === undefined) this.#count(names)
    names.others.set(local, (before ?? 0) + 1)
    return before ?? 0
  }

  #count(names: NamesInside): void {
    if (++this.#counted > mostCounted) throw fault('too_large')
    names.counted++
  }
}
