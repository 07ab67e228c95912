import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { Identified } from '../../access/identify.ts'
import { addressGroup } from '../../address.ts'
import type { Shared } from '../parts.ts'
import { whole } from './body.ts'
import { checkedBody } from './checked-body.ts'
import { type HeldBody, heldAlready } from './held-bodies.ts'

/**
 * The body of one request, of a caller that is known: as its caller signed it, in room that is held until the exchange ends,
 * and read ahead of everything else where what is decided depends on it.
 */
export class OwnBody {
  readonly #raw: IncomingMessage
  readonly #caller: Identified
  readonly #address: string
  readonly #shared: Pick<Shared, 'config' | 'held'>
  #ahead: Buffer | null = null
  #held: HeldBody | null = null

  constructor(raw: IncomingMessage, caller: Identified, address: string, shared: Pick<Shared, 'config' | 'held'>) {
    this.#raw = raw
    this.#caller = caller
    this.#address = address
    this.#shared = shared
  }

  /** What was read of it ahead; null: it was not. */
  get ahead(): Buffer | null {
    return this.#ahead
  }

  /** Reads it, once. */
  async readAhead(): Promise<Buffer> {
    return (this.#ahead ??= await whole(this.#checked(this.#raw), this.#shared.config.limits.requestBody, this.#hold()))
  }

  /** What was read is sent on without some of it. */
  become(rest: Buffer): void {
    this.#ahead = rest
  }

  /** The stream it is now, where it came as this one; and the room for what is read of that. */
  stream(body: Readable): { readonly stream: Readable; readonly room: HeldBody } {
    if (this.#ahead !== null) return { stream: Readable.from([this.#ahead]), room: heldAlready }
    return { stream: this.#checked(body), room: this.#hold() }
  }

  /** The exchange is over. */
  release(): void {
    this.#held?.release()
  }

  #checked(body: Readable): Readable {
    const digest = this.#caller.bodyDigest
    return digest === null ? body : checkedBody(body, digest)
  }

  #hold(): HeldBody {
    const { config, held } = this.#shared
    const { name } = this.#caller.consumer
    // of callers that are anonymous, those at one address are one
    return (this.#held ??= held.hold(name === config.anonymous?.name ? `@${addressGroup(this.#address)}` : name))
  }
}
