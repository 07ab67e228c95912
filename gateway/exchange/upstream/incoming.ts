/**
 * What connections to systems read into (`onread` of `net.connect`). Node itself makes a buffer of 64 KB for each read, and copies
 * what came into one of its size; V8 counts both until it collects garbage. Here all connections read into one buffer, and only
 * those on which much comes at once into buffers of their own, which leave with what is in them, and are lent anew once nobody
 * looks at that any more. In a long answer they are larger, as each read costs as much again on its way through Node, undici and
 * masking, and are left to the collector.
 */
import type { OnReadOpts, Socket } from 'node:net'
import { Lending } from '../lending.ts'
import { behindContinue } from './unasked-continue.ts'

/** Bytes of a buffer: what Node has the kernel fill at the most. */
const room = 64 * 1024
/** The same in a long answer: it is one after so many reads in a row of what would fill the usual buffer. */
const [largeRoom, fullReads] = [512 * 1024, 4]
const shared = Buffer.allocUnsafeSlow(room)
/** 64 answers of 100 KB at once take two each. */
const lending = new Lending(room, 128)
/** What the connection reads into next that has read just now. */
let next: Buffer = shared

/** How many such reads in a row a connection has had. */
const inARow = Symbol('full reads in a row')
type Connection = Socket & { [inARow]?: number }

/** Nothing else is read before this returns, so that what came into the shared buffer is copied in time. */
function take(this: Connection, length: number, buffer: Uint8Array): boolean {
  const from = behindContinue(buffer, length)
  if (from > 0) return takeRest(this, buffer, from, length)
  const full = length < room ? 0 : (this[inARow] ?? 0) + 1
  this[inARow] = full
  const isMuch = length >= room / 2
  if (isMuch) next = behind(buffer, length) ?? (full < fullReads ? lending.lend() : Buffer.allocUnsafeSlow(largeRoom))
  if (isMuch && buffer !== shared) return this.push(buffer.subarray(0, length))
  const own = isMuch ? lending.lend().subarray(0, length) : Buffer.allocUnsafe(length)
  own.set(length === room ? buffer : buffer.subarray(0, length))
  lending.giveBack(buffer)
  return this.push(own)
}

/** What stands behind "100 Continue", copied: it is rare. */
function takeRest(connection: Connection, buffer: Uint8Array, from: number, length: number): boolean {
  const rest = Buffer.from(buffer.subarray(from, length))
  lending.giveBack(buffer)
  return rest.length === 0 || connection.push(rest)
}

/** What is left of a connection's own buffer, where that is enough for a read. */
function behind(buffer: Uint8Array, length: number): Buffer | null {
  return buffer.length - length < room ? null : (buffer as Buffer).subarray(length)
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

/** Bytes from which on a part of an answer may be worth asking where it stands. */
const leastLent = 4096

/** Whether a part of an answer, as it came, stands in a buffer that can be given back. Of small parts it says no. */
export function isLent(chunk: Uint8Array): boolean {
  return chunk.length >= leastLent && lending.lent(chunk)
}

/** Nobody looks again at anything that was read together with this part. It may be said of several parts. */
export function giveBack(chunk: Uint8Array): void {
  lending.giveBack(chunk)
}
