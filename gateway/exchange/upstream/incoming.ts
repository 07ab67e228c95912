/**
 * What connections to systems read into (`onread` of `net.connect`). Node itself makes a buffer of 64 KB for each read, and copies
 * what came into one of its size; V8 counts both until it collects garbage. Here all connections read into one buffer, and only
 * those on which much comes at once into buffers of their own, which leave with what is in them.
 */
import type { OnReadOpts, Socket } from 'node:net'

/** Bytes of a buffer: what Node has the kernel fill at the most. */
const room = 64 * 1024
const shared = Buffer.allocUnsafeSlow(room)
/** What the connection reads into next that has read just now. */
let next = shared

/** Nothing else is read before this returns, so that what came into the shared buffer is copied in time. */
function take(this: Socket, length: number, buffer: Uint8Array): boolean {
  const isMuch = length >= room / 2
  if (isMuch) next = Buffer.allocUnsafeSlow(room)
  if (isMuch && buffer !== shared) return this.push(buffer.subarray(0, length))
  const own = Buffer.allocUnsafe(length)
  own.set(length === room ? buffer : buffer.subarray(0, length))
  return this.push(own)
}

export const incoming: OnReadOpts = {
  /** Asked as a connection begins, and behind each call of `callback`, whose `this` is the connection. */
  buffer() {
    const buffer = next
    next = shared
    return buffer
  },
  callback: take as OnReadOpts['callback'],
}
