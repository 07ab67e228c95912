import { uniformFrom } from '../chance.ts'

/** What is made up by chance, and is the same for the same seed. */
export type Chance = {
  /** 0 to one below the limit. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T
  digits(count: number): string
  letters(count: number): string
}

export function chanceFrom(seed: number): Chance {
  const uniform = uniformFrom(seed)
  const below = (limit: number) => Math.floor(uniform() * limit)
  const many = (count: number, of: string) => Array.from({ length: count }, () => of[below(of.length)]).join('')
  return {
    below,
    pick: list => list[below(list.length)]!,
    digits: count => many(count, '0123456789'),
    letters: count => many(count, 'ABCDEFGHJKLMNPRSTUVWXYZ'),
  }
}
