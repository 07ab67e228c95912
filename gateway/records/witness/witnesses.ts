/** All witnesses of a log: each gets the newest checkpoint, at its own pace, and none holds up another. */
import type { ProofFolder } from '../notary/proof-folder.ts'
import {
  type Offer,
  type WitnessClient,
  type WitnessFault,
  WitnessRefusal,
  type WitnessSettings,
  witnessClient,
} from './client.ts'

export type WitnessState = {
  readonly name: string
  readonly seen: number
  readonly fault: WitnessFault | null
}

/** Milliseconds between two checkpoints for one witness, and at most between two tries. */
export type Pace = { readonly every: number; readonly most: number }

type Served = {
  readonly client: WitnessClient
  busy: Promise<void> | null
  next: number
  failures: number
  fault: WitnessFault | null
}

export class Witnesses {
  readonly #all: Served[]
  readonly #pace: Pace
  readonly #tell: (states: WitnessState[]) => void

  constructor(
    settings: readonly WitnessSettings[],
    folder: ProofFolder,
    pace: Pace,
    tell: (states: WitnessState[]) => void,
  ) {
    this.#pace = pace
    this.#tell = tell
    this.#all = settings.map(one => ({ client: witnessClient(one), busy: null, next: 0, failures: 0, fault: null }))
    const keys = settings.flatMap(one => ('key' in one ? [`${one.key}\n`] : [])).join('')
    const before = folder.read('witness-keys')?.toString('utf8') ?? ''
    // Keys of former witnesses stay: what they signed is still to be read.
    const kept = before.split('\n').filter(key => key !== '' && !keys.includes(`${key}\n`))
    const text = [...kept.map(key => `${key}\n`), keys].join('')
    if (text !== before) folder.replace('witness-keys', text)
  }

  /** Hands it to each whose time has come. */
  offer(offer: Offer, now: number): void {
    for (const one of this.#all)
      if (one.busy === null && now >= one.next && one.client.seen < offer.signed.size)
        one.busy = this.#serve(one, offer)
  }

  /** Hands it to all of them at once, as the last thing that is done, and waits at most so many milliseconds. */
  async finish(offer: Offer, most: number): Promise<void> {
    for (const one of this.#all) one.next = 0
    const all = this.#all.map(async one => {
      await one.busy
      if (one.client.seen < offer.signed.size) await this.#serve(one, offer)
    })
    await Promise.race([Promise.all(all), new Promise(resolve => setTimeout(resolve, most).unref())])
  }

  states(): WitnessState[] {
    return this.#all.map(({ client, fault }) => ({ name: client.name, seen: client.seen, fault }))
  }

  async #serve(one: Served, offer: Offer): Promise<void> {
    try {
      await one.client.offer(offer)
      one.failures = 0
      one.fault = null
      one.next = performance.now() + this.#pace.every
    } catch (error) {
      one.fault = error instanceof WitnessRefusal ? error.fault : 'ANSWER_WRONG'
      one.next = performance.now() + Math.min(this.#pace.every * 2 ** one.failures++, this.#pace.most)
    }
    one.busy = null
    this.#tell(this.states())
  }
}
