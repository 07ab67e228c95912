/** Chance that is the same for the same seed, so that a figure can be made again. */
export type Chance = {
  /** 0 to one below the limit. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T
  digits(count: number): string
  letters(count: number): string
}

/** mulberry32. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  const many = (count: number, of: string) => Array.from({ length: count }, () => of[below(of.length)]).join('')
  return {
    below,
    pick: list => list[below(list.length)]!,
    digits: count => many(count, '0123456789'),
    letters: count => many(count, 'ABCDEFGHJKLMNPRSTUVWXYZ'),
  }
}
