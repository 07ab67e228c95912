/** The other gateways that decide in the same order: which of them have taken in what was decided. */
import type { ControlSettings } from '../../config/config.ts'
import { DatabaseFault } from '../../records/postgres/connect.ts'
import type { Peer, SharedOrder } from '../../records/postgres/order.ts'
import type { Position } from '../../records/postgres/order-chain.ts'

/** Milliseconds within which every gateway has taken up what was decided; and between looks whether they have. */
const [spreadTime, spreadLook] = [1000, 20]
/** Positions that are remembered. */
const mostPassed = 1000

export class SharingPeers {
  readonly #order: SharedOrder
  readonly #settings: ControlSettings
  readonly #within: number
  /** Where this gateway has come by, lately: by number. */
  readonly #passed = new Map<number, Position>()

  constructor(order: SharedOrder, settings: ControlSettings, within = spreadTime) {
    this.#order = order
    this.#settings = settings
    this.#within = within
  }

  /** This gateway has taken in the order as far as that. */
  passed(position: Position): void {
    this.#passed.set(position.nth, position)
    this.#passed.delete(position.nth - mostPassed)
  }

  /** Milliseconds until each of them has the item of this number; null: it has not said so within a second. */
  async elsewhere(nth: number): Promise<(number | null)[]> {
    const began = performance.now()
    const took = new Map<string, number | null>()
    try {
      for (;;) {
        const passed = performance.now() - began
        for (const peer of await this.#order.peers())
          if ((took.get(peer.self.run) ?? null) === null)
            took.set(peer.self.run, this.#isPast(peer, nth) ? Math.round(passed) : null)
        if (passed > this.#within || [...took.values()].every(one => one !== null)) return [...took.values()]
        await new Promise(resolve => setTimeout(resolve, spreadLook))
      }
    } catch {
      return [null]
    }
  }

  /**
   * Of any two majorities one gateway is in both, and what it has once taken in it does not go back on: whoever takes a use
   * out of the database again finds no majority for another. Throws DatabaseFault where there is none within a second.
   */
  async confirmed(nth: number): Promise<void> {
    const { name, gateways } = this.#settings
    const others = new Set(gateways?.filter(one => one !== name))
    const needed = Math.floor((others.size + 1) / 2)
    const began = performance.now()
    while (needed > 0) {
      const peers = await this.#order.peers()
      const reached = new Set(
        peers.filter(one => this.#isPast(one, nth) && others.has(one.self.name)).map(one => one.self.name),
      )
      if (reached.size >= needed) return
      if (performance.now() - began > this.#within) throw new DatabaseFault('UNCONFIRMED')
      await new Promise(resolve => setTimeout(resolve, spreadLook))
    }
  }

  /** Whether a gateway has taken in the item of this number, by the same order as this one: not by another that was put in its place. */
  #isPast({ at }: Peer, nth: number): boolean {
    const same = at === null ? undefined : this.#passed.get(at.nth)
    return at !== null && at.nth >= nth && same?.mac === at.mac && same.epoch === at.epoch
  }
}
