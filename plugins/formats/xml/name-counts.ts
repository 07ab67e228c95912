/** How often each name has stood in the elements that are open. */
import { fault } from '../faults.ts'

/** Names counted at one time over all open elements: a body of ever new names must not stay in memory. */
const mostCounted = 65_536
/** So many names of one depth, and so many depths, are counted over all elements of that depth; others in each element. */
const mostOfLevel = 1024
const deepestLevel = 64

/** In which element a name stood last, and how often. */
type Count = { within: number; times: number }

/** Of one element. */
export class NamesInside {
  /** Tells it from all others. */
  serial = 0
  counted = 0
  others: Map<string, number> | null = null
}

export class NameCounts {
  /** By depth: a row has the names of the one before it, and needs no map of its own. */
  readonly #levels: Map<string, Count>[] = []
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
  next(name: string, names: NamesInside, depth: number): number {
    const { serial } = names
    const level = depth < deepestLevel ? (this.#levels[depth] ??= new Map()) : null
    const count = level?.get(name)
    if (count === undefined) {
      if (level === null || level.size === mostOfLevel) return this.#nextOther(name, names)
      this.#count(names)
      level.set(name, { within: serial, times: 1 })
      return 0
    }
    if (count.within === serial) return count.times++
    this.#count(names)
    count.within = serial
    count.times = 1
    return 0
  }

  #nextOther(name: string, names: NamesInside): number {
    names.others ??= new Map()
    const before = names.others.get(name)
    if (before === undefined) this.#count(names)
    names.others.set(name, (before ?? 0) + 1)
    return before ?? 0
  }

  #count(names: NamesInside): void {
    if (++this.#counted > mostCounted) throw fault('too_large')
    names.counted++
  }
}
