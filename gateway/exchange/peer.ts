import type { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { normalizeAddress } from '../address.ts'
import type { Peer } from '../contracts.ts'
import { Refusal } from '../errors.ts'
import type { Revocations } from './revocations.ts'

/** Connections carry what was found of their certificate: to parse it for each request would cost more than the exchange. */
const found = Symbol('certificate')
type Certified = TLSSocket & { [found]?: X509Certificate | null }

/** The other end of a connection, as identities ask about it: nothing is looked up before it is asked for. */
export class ConnectionPeer implements Peer {
  readonly address: string
  readonly secure: boolean
  readonly #socket: Socket
  readonly #revocations: Pick<Revocations, 'holds'> | null

  constructor(socket: Socket, address: string, secure: boolean, revocations: Pick<Revocations, 'holds'> | null = null) {
    this.#socket = socket
    this.#revocations = revocations
    this.address = address
    this.secure = secure
  }

  get socket(): string {
    return normalizeAddress(this.#socket.remoteAddress ?? '') ?? ''
  }

  get port(): number | null {
    return this.socket === this.address ? (this.#socket.remotePort ?? null) : null
  }

  /**
   * Throws Refusal CREDENTIALS_WRONG where there is a certificate that nobody vouches for, and IDENTITY_UNAVAILABLE where
   * nobody can tell now whether it was revoked.
   */
  certificate(): X509Certificate | null {
    const socket = this.#socket as Certified
    if (socket.encrypted !== true) return null
    if (socket[found] === undefined) socket[found] = socket.getPeerX509Certificate() ?? null
    const certificate = socket[found]
    if (certificate !== null && !socket.authorized) throw new Refusal('CREDENTIALS_WRONG')
    if (certificate !== null && this.#revocations?.holds(socket) === false)
      throw new Refusal('IDENTITY_UNAVAILABLE', { retryAfter: 1 })
    return certificate
  }
}
