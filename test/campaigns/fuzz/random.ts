import { uniformFrom } from '../../support/chance.ts'

/** Chance that can be had again: the same seed gives the same cases. */
export class Random {
  readonly #uniform: () => number

  constructor(seed: number) {
    this.#uniform = uniformFrom(seed)
  }

  /** 0 up to, but without, `below`. */
  below(below: number): number {
    return Math.floor(this.#uniform() * below)
  }

  of<Kind>(list: readonly Kind[]): Kind {
    return list[this.below(list.length)]!
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0
  }
}
