import type { IncomingMessage } from 'node:http'
import type { Identified } from '../access/identify.ts'
import { Refusal } from '../errors.ts'
import { withoutToken } from './handed-out.ts'
import type { Shared } from './parts.ts'
import { ConnectionPeer } from './peer.ts'
import type { ReadHead } from './request/framing.ts'
import { type SignInToSystem, signInTo } from './request/sign-in-to-system.ts'

/** Step 2 of an exchange: who asks, on which connection. Each throws, or rejects with, the Refusal that ends the exchange. */
export class Entrance {
  caller: Identified | null = null
  peer: ConnectionPeer | null = null
  /** null: nobody learns anything from the answers of the system. */
  signIn: SignInToSystem | null = null

  readonly #raw: IncomingMessage
  readonly #head: ReadHead
  readonly #shared: Shared

  constructor(raw: IncomingMessage, head: ReadHead, shared: Shared) {
    this.#raw = raw
    this.#head = head
    this.#shared = shared
  }

  /** Whether anybody can be served now. */
  open(): undefined {
    const { access, records, config, stopping, inFlight, secure, revocations } = this.#shared
    const address = access.addressOf(this.#raw.socket.remoteAddress ?? '', this.#head)
    this.peer = new ConnectionPeer(this.#raw.socket, address, secure, revocations)
    if (stopping) throw new Refusal('STOPPING', { retryAfter: 5 })
    if (!records.usable) throw new Refusal('RECORDS_UNUSABLE', { retryAfter: 5 })
    if (inFlight > config.limits.inFlight) throw new Refusal('OVERLOADED', { retryAfter: 1 })
    // without a list that counts, nobody can tell whose certificate opened this connection
    if (revocations !== null && config.tls?.clientCertificates === 'required') this.peer.certificate()
  }

  /** `handsOut`: whether the system hands out tokens that come back by Authorization. */
  identify(handsOut: boolean): Promise<void> | undefined {
    const head = handsOut ? withoutToken(this.#head) : this.#head
    const identified = this.#shared.access.identify(head, this.peer!)
    if (identified instanceof Promise) return identified.then(caller => void (this.caller = caller))
    this.caller = identified
    return undefined
  }

  limit(): Promise<void> | undefined {
    return this.#shared.access.limit(this.caller!.consumer, this.peer!.address)
  }

  /** Adds the operator that was learnt where they signed in to this system. `path`: under it. */
  learn(system: string, path: string): undefined {
    this.signIn = signInTo({ consumer: this.caller!.consumer, system, head: this.#head, path }, this.#shared)
    if (this.signIn !== null) this.caller = this.signIn.known(this.caller!)
  }
}
