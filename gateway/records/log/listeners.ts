/** Who is told of a log while it is written: of its health, and of what is durable. */
import type { Durable } from '../notary/stored-records.ts'
import type { DurableListener, Health } from './log.ts'

type Left = readonly (readonly [file: number, size: number])[]

export class Listeners {
  readonly #health = new Set<(health: Health) => void>()
  readonly #durable = new Set<DurableListener>()
  /** Files left behind, and how many bytes of each count, until that is told. */
  #left: (readonly [number, number])[] = []

  onChange(listener: (health: Health) => void): () => void {
    this.#health.add(listener)
    return () => void this.#health.delete(listener)
  }

  onDurable(listener: DurableListener): () => void {
    this.#durable.add(listener)
    return () => void this.#durable.delete(listener)
  }

  tellHealth(health: Health): void {
    for (const listener of this.#health) listener(health)
  }

  /** These files are left behind, which is told with what is durable next. */
  leave(files: Left): void {
    this.#left.push(...files)
  }

  tellDurable(durable: Durable): void {
    const left = this.#left.splice(0)
    for (const listener of this.#durable) listener(durable, left)
  }
}
